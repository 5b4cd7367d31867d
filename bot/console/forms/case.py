"""What can be done with a case: reply, note, assign, close."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from bot.console.forms.base import Form, choices
from bot.console.texts import N_

LONGEST_REPLY = 1200  # characters: about eight plain SMS segments, or eighteen in another alphabet

LONGEST_NOTE = 4000


def trimmed(text: str | None) -> str:
    """Without blanks around it, and with one kind of line end."""
    return (text or "").replace("\r\n", "\n").strip()


class _OnceForm(Form):
    """A form that may be pressed twice and still acts once: `once` travels with it."""

    once = HiddenField(
        default=lambda: token_urlsafe(12), validators=[DataRequired(), Regexp(r"^[\w-]{8,40}$")]
    )


class _FamilyTextForm(_OnceForm):
    """A form with a text to the family, and the language it is written in."""

    written_in = SelectField(N_("Written in"), validators=[DataRequired()])

    def offer_languages(self, languages: list[tuple[str, str]]) -> None:
        """Set the languages it may be written in: tags and how the reader calls them."""
        field: Any = self.written_in
        field.choices = choices(languages)


class ReplyForm(_FamilyTextForm):
    """A text to the family."""

    text = TextAreaField(
        N_("Your reply to the family"),
        filters=[trimmed],
        validators=[
            DataRequired(N_("Write something to the family first.")),
            Length(max=LONGEST_REPLY, message=N_("This is too long for text messages. Please shorten it.")),
        ],
    )


class NoteForm(Form):
    """A note that only staff see."""

    text = TextAreaField(
        N_("Note for colleagues"),
        filters=[trimmed],
        validators=[
            DataRequired(N_("Write the note first.")),
            Length(max=LONGEST_NOTE, message=N_("This is longer than 4000 characters. Please shorten it.")),
        ],
    )


class AssignForm(Form):
    """Who looks after the case. `seen` is who did when the page was made; empty for nobody."""

    seen = IntegerField(validators=[Optional()], widget=HiddenInput())
    owner = SelectField(N_("Who looks after this case"), coerce=int, validators=[DataRequired()])

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Set whom it can be given to."""
        owner: Any = self.owner
        owner.choices = choices(people)


class CloseForm(_FamilyTextForm):
    """Close the case, with or without a last word to the family."""

    text = TextAreaField(
        N_("A last text to the family (you may leave this empty)"),
        filters=[trimmed],
        validators=[
            Length(max=LONGEST_REPLY, message=N_("This is too long for text messages. Please shorten it."))
        ],
    )


class PlainForm(Form):
    """A button: nothing but the token that shows where it was pressed."""
