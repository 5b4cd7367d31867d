"""Parts of the form of a broadcast: how it is repeated, and what a person wrote in other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from bot.console.forms.base import Form, choices
from bot.console.texts import N_, translate
from bot.model.errors import BadInput
from bot.school.broadcasts.drafts import LONGEST_TEXT
from bot.school.broadcasts.merging import fields_of

RULES = {
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
"""What can be chosen, as iCalendar rules. An operator may give any other rule by command."""


class RepeatForm(Form):
    """How a broadcast is repeated. After `validate`, `rule` holds it, empty for once."""

    repeat = SelectField(N_("Repeat it"), validate_choice=False, default="once")
    until = StringField(N_("Last day (you may leave this empty)"))
    on_closed = BooleanField(N_("Also on days on which the schools are closed"))
    fallback = BooleanField(
        N_("If a text cannot arrive, text another number of the family, or tell the office"), default=True
    )
    series = HiddenField()

    def offer_repeats(self) -> None:
        """Set what can be chosen."""
        self.repeat.choices = choices((name, name) for name in ("once", *RULES))

    @property
    def rule(self) -> str:
        """The chosen rule."""
        rule = RULES.get(self.repeat.data or "", "")
        return f"{rule};UNTIL={self.until.data.replace('-', '')}" if rule and self.until.data else rule

    def validate_repeat(self, field: Any) -> None:
        """Only what was offered."""
        if field.data not in ("once", *RULES):
            raise ValidationError(N_("Please choose from the list."))

    def validate_until(self, field: Any) -> None:
        """A day."""
        try:
            date.fromisoformat(field.data or "2026-11-30")
        except ValueError:
            raise ValidationError(N_("This is no day. Write it as 2026-11-30.")) from None


class TranslatedForm(Form):
    """Texts that people wrote in other languages, one a language; checked as the text itself."""

    translations: Mapping[str, str] = {}
    untranslated: Mapping[str, str] = {}
    """What is wrong with the text of a language, in words for the catalogue."""

    def offer_translations(self, tags: Iterable[str], given: Mapping[str, str]) -> None:
        """The languages there is a box for, and what stands in each."""
        self.translations = {tag: (given.get(tag) or "").strip() for tag in tags}

    def written_translations(self, language: str) -> dict[str, str]:
        """Those that were written, but for the language of the text itself."""
        return {tag: text for tag, text in self.translations.items() if text and tag != language}

    def check_translations(self, text: str, language: str) -> bool:
        """Whether each has the fields of the text and is not too long."""
        written = self.written_translations(language)
        self.untranslated = {tag: told for tag, said in written.items() if (told := _mistake(said, text))}
        return not self.untranslated


def _mistake(said: str, text: str) -> str:
    if len(said) > LONGEST_TEXT:
        return translate("This is longer than 1000 characters. Please shorten it.")
    try:
        fields, wanted = fields_of(said), fields_of(text)
    except BadInput:
        return translate("It must have the same fields in braces as your text.")
    return "" if fields == wanted else translate("It must have the same fields in braces as your text.")
