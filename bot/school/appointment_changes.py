"""A family changes a conference that it has: what is done, and what is truthfully said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.conferences import appointment_of
from bot.school.plans import appointment_values
from bot.storage.conferences import Appointment


@dataclass(frozen=True, slots=True)
class Change:
    """What to do to a conference (False: it was not live any more), and the phrase that tells it was done."""

    deed: Callable[[Session, Appointment, datetime], bool]
    said: str


def change_appointment(
    session: Session, guardian_ids: Sequence[int], key: object, change: Change, now: datetime
) -> Receipt:
    """Sets `change_made` and says so; where the conference is not live any more, says that."""
    appointment = appointment_of(session, guardian_ids, key, now)
    if appointment is None:
        return gone()
    values = appointment_values(appointment)
    if not change.deed(session, appointment, now):
        return gone()
    return Receipt({"change_made": "yes"}, (Say((Phrase(change.said, values),)),))


def gone() -> Receipt:
    """There is no such conference (any more), and nothing was changed."""
    return Receipt({"change_made": "no"}, (Say((Phrase("utter_appointment_gone"),)),))
