"""When a guardian wants to be texted, and where he or she is."""

from __future__ import annotations

from datetime import time
from typing import Any

from wtforms import StringField
from wtforms.validators import Length, ValidationError

from bot.console.forms.base import Form
from bot.console.texts import N_
from bot.school.resting import OwnHours


class HoursForm(Form):
    """A guardian's own hours. Empty fields are no limit, and the school's zone."""

    not_before = StringField(N_("Not before"))
    not_after = StringField(N_("Not after"))
    zone = StringField(
        N_("Time zone, such as America/Chicago"),
        validators=[Length(max=60, message=N_("A name has 1 to 60 characters."))],
    )

    def validate_not_before(self, field: Any) -> None:
        """A time of day, or nothing."""
        try:
            _clock(field.data)
        except ValueError:
            raise ValidationError(N_("This is no time of day. Write it as 09:30.")) from None

    validate_not_after = validate_not_before

    @property
    def hours(self) -> OwnHours:
        """What was filled in, once it is valid."""
        zone = (self.zone.data or "").strip()
        return OwnHours(_clock(self.not_before.data), _clock(self.not_after.data), zone or None)


def _clock(text: str | None) -> time | None:
    return (
        time.fromisoformat(text.strip()).replace(tzinfo=None, microsecond=0)
        if text and text.strip()
        else None
    )
