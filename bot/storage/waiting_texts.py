"""What the roster says now of those a waiting text is for, and of the children it is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, literal_column, select
from sqlalchemy.orm import Session, aliased

from bot.storage.base import BigKey
from bot.storage.broadcasts import BroadcastRecipient
from bot.storage.conferences import Appointment
from bot.storage.given import given, pack
from bot.storage.people import Contact, Guardian, Guardianship, Student
from bot.storage.reminders import Reminder


class Addressed(NamedTuple):
    """A text and whom it is for. `first` is its first try, or itself; without a broadcast that is None."""

    delivery_id: int
    first: int
    contact_id: int
    broadcast_id: int | None


def still_there(session: Session, texts: Collection[Addressed]) -> frozenset[int]:
    """The keys of those texts whose contact, and its guardian, are still active."""
    return frozenset(session.connection().execute(_STILL_THERE, {"texts": pack(texts)}).scalars())


def list_children(session: Session, texts: Collection[Addressed]) -> Sequence[Row[Any]]:
    """The recipients of these texts of broadcasts, each with every active link of everybody on its line.

    (id of the text, delivery of the recipient, about_child, children, student_id, given_name, no_contact): of
    a line without any link to an active student one row, without a student.
    """
    return session.connection().execute(_CHILDREN, {"texts": pack(texts)}).all()


def reminders_off(session: Session, texts: Collection[Addressed]) -> frozenset[int]:
    """The keys of those reminders of conferences whose guardian may no longer be told of the child."""
    return frozenset(session.connection().execute(_REMINDERS_OFF, {"texts": pack(texts)}).scalars())


_TEXTS = given("texts", id=BigKey, first=BigKey, contact_id=BigKey, broadcast_id=BigKey)
_STILL_THERE = (
    select(_TEXTS.c.id)
    .select_from(_TEXTS)
    .join(Contact, Contact.id == _TEXTS.c.contact_id)
    .join(Guardian, Guardian.id == Contact.guardian_id)
    .where(Contact.active, Guardian.active)
)
_OWN, _THEIRS = aliased(Contact), aliased(Contact)
_CHILDREN = (
    select(
        _TEXTS.c.id,
        BroadcastRecipient.delivery_id,
        BroadcastRecipient.about_child,
        BroadcastRecipient.children,
        Student.id.label("student_id"),
        Student.given_name,
        Guardianship.no_contact,
    )
    .select_from(_TEXTS)
    .join(
        BroadcastRecipient,
        and_(
            BroadcastRecipient.contact_id == _TEXTS.c.contact_id,
            # The sum keeps PostgreSQL from indexes that begin with the broadcast: of one it has no statistics of
            # it read all recipients for each text.
            BroadcastRecipient.broadcast_id + literal_column("0") == _TEXTS.c.broadcast_id,
        ),
    )
    .join(_OWN, _OWN.id == _TEXTS.c.contact_id)
    .join(_THEIRS, and_(_THEIRS.channel == _OWN.channel, _THEIRS.address == _OWN.address, _THEIRS.active))
    .join(Guardian, and_(Guardian.id == _THEIRS.guardian_id, Guardian.active))
    .outerjoin(Guardianship, and_(Guardianship.guardian_id == Guardian.id, Guardianship.active))
    .outerjoin(Student, and_(Student.id == Guardianship.student_id, Student.active))
)
_MAY_BE_TOLD = (
    select(Guardianship.id)
    .join(Student, Student.id == Guardianship.student_id)
    .where(
        Guardianship.guardian_id == Appointment.guardian_id,
        Guardianship.student_id == Appointment.student_id,
        Guardianship.active,
        Guardianship.no_contact.is_(False),
        Student.active,
    )
)
_REMINDERS_OFF = (
    select(_TEXTS.c.id)
    .select_from(_TEXTS)
    .join(Contact, Contact.id == _TEXTS.c.contact_id)
    .join(Appointment, Appointment.guardian_id == Contact.guardian_id)
    .join(Reminder, and_(Reminder.appointment_id == Appointment.id, Reminder.delivery_id == _TEXTS.c.first))
    .where(~_MAY_BE_TOLD.exists())
)
