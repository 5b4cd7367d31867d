"""Writing a broadcast: what it says, for whom, and when it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from bot.console.forms.base import choices
from bot.console.forms.broadcast_parts import RULES, RepeatForm, TranslatedForm
from bot.console.forms.case import trimmed
from bot.console.keys import read_key
from bot.console.moments import read_moment
from bot.console.texts import N_, translate
from bot.school.broadcasts.choices import CLASSES, DISTRICT, Choices
from bot.school.broadcasts.drafts import CATEGORIES, LONGEST_TEXT, ONE_PER
from bot.school.broadcasts.merging import FIELDS
from bot.school.groups import LONGEST_NAME

_BRACES = re.compile(r"\{([^{}]*)\}")
_PARTS = ("schools", "grades", "classes", "groups", "languages")


class BroadcastForm(RepeatForm, TranslatedForm):
    """A broadcast as it is written. After `validate`, `leaves_at`, `ends_at` and `about_day` hold its times."""

    text = TextAreaField(
        N_("Your text"),
        filters=[trimmed],
        validators=[
            DataRequired(N_("Write the text first.")),
            Length(max=LONGEST_TEXT, message=N_("This is longer than 1000 characters. Please shorten it.")),
        ],
    )
    written_in = SelectField(N_("Written in"), validate_choice=False)
    about_on = StringField(N_("The day that {date} stands for"))
    who = RadioField(N_("Who gets it"), validate_choice=False)
    schools = SelectMultipleField(N_("Schools"), coerce=read_key, validate_choice=False)
    grades = SelectMultipleField(N_("Grades"), validate_choice=False)
    classes = SelectMultipleField(N_("Classes"), coerce=read_key, validate_choice=False)
    groups = SelectMultipleField(N_("Groups"), coerce=read_key, validate_choice=False)
    languages = SelectMultipleField(N_("Languages families read"), validate_choice=False)
    saved = SelectField(N_("A saved audience"), validate_choice=False)
    save_as = StringField(N_("Save this choice under a name (you may leave this empty)"), filters=[trimmed])
    one_per = RadioField(N_("Families with several children"), validate_choice=False, default="household")
    category = RadioField(N_("Kind"), validate_choice=False)
    when = RadioField(N_("When it leaves"), validate_choice=False)
    send_at = StringField(N_("Day and time"))
    expires_at = StringField(N_("Worth nothing after (you may leave this empty)"))
    replaces = HiddenField()

    leaves_at: datetime | None = None
    ends_at: datetime | None = None
    about_day: date | None = None

    def offer(
        self, offered: Choices, classes: Iterable[tuple[int, str]], languages: list[tuple[str, str]]
    ) -> None:
        """Set what can be chosen. `classes` and `languages` (to write in) are values and labels."""
        self.reach = offered.reach
        self.offer_repeats()
        for field, pairs in (
            (self.written_in, languages), (self.schools, offered.schools.items()), (self.classes, classes),
            (self.grades, ((grade, grade) for grade in offered.grades)),
            (self.languages, ((tag, tag) for tag in offered.languages)),
            (self.groups, offered.groups.items()), (self.one_per, ((name, name) for name in ONE_PER)),
            (self.saved, (("", ""), *((str(key), row.name) for key, row in offered.saved.items()))),
            (self.who, (("all", ""), ("chosen", ""))), (self.when, (("now", ""), ("later", ""))),
            (self.category, ((name, name) for name in CATEGORIES)),
        ):  # fmt: skip
            field.choices = choices(pairs)

    def settle(self, zone: ZoneInfo, now: datetime) -> None:
        """Say in which zone times are meant, and what the time is."""
        self.zone, self.now = zone, now

    @property
    def narrowed(self) -> bool:
        """Whether anything narrows the audience."""
        return any(getattr(self, name).data for name in _PARTS)

    def validate_text(self, field: Any) -> None:
        """Only known fields in braces, and no brace alone."""
        unknown = sorted(set(_BRACES.findall(field.data or "")) - set(FIELDS))
        if unknown:
            told = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValidationError(translate(
                "%(fields)s is no field. Use one of those listed below the text.", fields=told))  # fmt: skip
        if set("{}") & set(_BRACES.sub("", field.data or "")):
            raise ValidationError(N_("There is a brace that belongs to no field. Write fields as {child}."))

    def validate_about_on(self, field: Any) -> None:
        """A day where the text needs one."""
        try:
            self.about_day = date.fromisoformat(field.data) if field.data else None
        except ValueError:
            raise ValidationError(N_("This is no day. Write it as 2026-11-30.")) from None
        if self.about_day is None and "{date}" in (self.text.data or ""):
            raise ValidationError(N_("Your text has {date}: choose the day it stands for."))

    def validate_who(self, field: Any) -> None:
        """Everybody, or some: never by leaving everything empty."""
        if self.saved.data and (self.narrowed or field.data == "all"):
            raise ValidationError(N_("Choose a saved audience or its parts, not both."))
        if self.reach == CLASSES or self.saved.data:
            return
        if field.data not in ("all", "chosen") or (field.data == "chosen" and not self.narrowed):
            raise ValidationError(N_("Choose who gets it, or say that it is for everybody."))
        if field.data == "all" and self.narrowed:
            raise ValidationError(N_("You said everybody and chose some as well. Keep one of the two."))

    def validate_classes(self, field: Any) -> None:
        """A teacher names classes."""
        self.validate_schools(field)
        if self.reach == CLASSES and not (field.data or self.groups.data or self.saved.data):
            raise ValidationError(N_("Choose at least one of your classes."))

    def validate_schools(self, field: Any) -> None:
        """Only what was offered."""
        offered = {choice.value for choice in field.choices}
        given = field.data if isinstance(field.data, list) else [field.data]
        if not set(given) <= offered:
            raise ValidationError(N_("Please choose from the list."))

    validate_grades = validate_languages = validate_written_in = validate_category = validate_schools
    validate_groups = validate_one_per = validate_schools

    def validate_saved(self, field: Any) -> None:
        """One that was offered, or none."""
        if field.data:
            self.validate_schools(field)

    def validate_save_as(self, field: Any) -> None:
        """A name for a choice that has parts."""
        if not field.data:
            return
        if len(field.data) > LONGEST_NAME:
            raise ValidationError(N_("A name has 1 to 60 characters."))
        if self.saved.data or not self.narrowed:
            raise ValidationError(N_("Choose some parts to save; a saved audience has its name already."))

    def validate_when(self, field: Any) -> None:
        """Now or later, not both."""
        self.validate_schools(field)
        if field.data == "now" and self.repeat.data in RULES:
            raise ValidationError(N_("To repeat it, choose the day and the time of the first one."))
        if field.data == "now" and self.send_at.data:
            raise ValidationError(N_("You said now and chose a time as well. Keep one of the two."))

    def validate_send_at(self, field: Any) -> None:
        """A time to come, where it is to leave later."""
        if self.when.data != "later":
            return
        if not field.data:
            raise ValidationError(N_("Choose the day and the time it is to leave."))
        self.leaves_at = self._moment(field)
        if self.leaves_at < self.now:
            raise ValidationError(N_("This time has passed. Choose a later one, or send it now."))

    def validate_expires_at(self, field: Any) -> None:
        """After it leaves."""
        if not field.data:
            return
        self.ends_at = self._moment(field)
        if self.ends_at <= (self.leaves_at or self.now):
            raise ValidationError(N_("This is before the text leaves. Choose a later time."))

    def _moment(self, field: Any) -> datetime:
        try:
            return read_moment(field.data, self.zone)
        except ValueError:
            raise ValidationError(N_("There is no such time. Write it as 2026-11-30T14:00.")) from None

    @property
    def asks_for_schools(self) -> bool:
        """Whether schools can be chosen at all."""
        return self.reach == DISTRICT
