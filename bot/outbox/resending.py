"""A text that did not arrive is tried again as a delivery of its own: later by itself, or when somebody asks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.errors import BadInput, NotFound
from bot.outbox.retrying import LATER
from bot.school.consent import ALWAYS
from bot.storage.deliveries import Delivery, list_open_resends
from bot.storage.delivery_rows import DeliveryRow, add_once, lock_delivery
from bot.storage.lost_deliveries import LOST, last_try

_KEPT = (
    "kind",
    "channel",
    "recipient",
    "conversation_id",
    "contact_id",
    "turn_id",
    "case_id",
    "broadcast_id",
    "language",
    "body",
    "original",
    "original_language",
    "segments",
    "priority",
    "expires_at",
)
"""What a further try has in common with the first."""

ARRIVED = "An earlier try of this text reached the phone after all."


class Bar(StrEnum):
    """Why a text is not sent again."""

    NOT_LOST = "not lost"
    TRIED = "tried"
    STALE = "stale"
    UNCLEAR = "unclear"


class Barred(BadInput):
    """A text that is not sent again; `bar` says why."""

    def __init__(self, bar: Bar, message: str) -> None:
        super().__init__(message)
        self.bar = bar


def resend_later(
    session: Session, delivery: DeliveryRow, worth: int, now: datetime, not_before: datetime | None = None
) -> DeliveryRow | None:
    """Plan one more try if that many (`worth`) make sense and fewer were made. The new row, if there is one.

    It leaves after the usual pause, or at `not_before`; in either case not in the hours of rest.
    """
    if delivery.resends >= min(worth, len(LATER)) or delivery.kind in ALWAYS:
        return None
    due_at = not_before or now + LATER[delivery.resends]
    return _add_try(session, delivery, DeliveryState.HELD, due_at, now)


def send_again(
    session: Session, delivery_id: int, now: datetime, *, although_unclear: bool = False
) -> DeliveryRow:
    """Try a text once more that ended without arriving, because somebody wants it. The new row.

    It passes every check before it leaves: a STOP, the hours of rest, its own end. NotFound, or Barred when
    it did not end so, was tried again already, is worth nothing any more, or may have arrived after all
    (`unresolved`) and nobody took that upon himself.
    """
    delivery = lock_delivery(session, delivery_id)
    if delivery is None:
        raise NotFound(f"There is no delivery {delivery_id}.")
    barred = _barred(session, delivery, now)
    if barred is None and delivery.state == DeliveryState.UNRESOLVED and not although_unclear:
        barred = Barred(
            Bar.UNCLEAR,
            f"Delivery {delivery_id} may have arrived: ask the family, or say that it may come twice.",
        )
    if barred is not None:
        raise barred
    return _add_try(session, delivery, DeliveryState.QUEUED, now, now)


def _barred(session: Session, delivery: DeliveryRow, now: datetime) -> Barred | None:
    about, expires_at = f"Delivery {delivery.id}", delivery.expires_at
    if delivery.state not in LOST:
        return Barred(Bar.NOT_LOST, f"{about} is {delivery.state}: nothing is to be sent again.")
    latest = last_try(session, delivery.resend_of or delivery.id)
    if latest is not None and latest != delivery.id:
        return Barred(Bar.TRIED, f"{about} was tried again as {latest}.")
    if expires_at is not None and expires_at <= now:
        return Barred(Bar.STALE, f"{about} is worth nothing any more since {expires_at:%Y-%m-%d %H:%M} UTC.")
    return None


def _add_try(
    session: Session, delivery: DeliveryRow, state: DeliveryState, due_at: datetime, now: datetime
) -> DeliveryRow:
    root = delivery.resend_of or delivery.id
    tries = delivery.resends + 1
    first = session.get_one(Delivery, delivery.id)
    again = {name: getattr(first, name) for name in _KEPT} | {
        "dedupe_key": f"resend:{root}:{tries}",
        "state": state.value,
        "due_at": due_at,
        "created_at": now,
        "resend_of": root,
        "resends": tries,
    }
    return add_once(session, again)[0]


def withdraw_resends(session: Session, delivery: DeliveryRow, now: datetime) -> None:
    """The text arrived: no further try of it leaves."""
    for waiting in list_open_resends(session, delivery.resend_of or delivery.id):
        waiting.state = DeliveryState.CANCELLED.value
        waiting.reason = ARRIVED
        waiting.finished_at = now
