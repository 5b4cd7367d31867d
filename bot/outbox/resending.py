"""A text that did not arrive is tried again as a delivery of its own: later by itself, or when somebody asks."""

from __future__ import annotations

from datetime import datetime

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

    It passes every check before it leaves: a STOP, the hours of rest, its own end. NotFound, or BadInput when
    it did not end so, was tried again already, is worth nothing any more, or may have arrived after all
    (`unresolved`) and nobody took that upon himself.
    """
    delivery = lock_delivery(session, delivery_id)
    if delivery is None:
        raise NotFound(f"There is no delivery {delivery_id}.")
    if delivery.state not in LOST:
        raise BadInput(f"Delivery {delivery_id} is {delivery.state}: nothing is to be sent again.")
    if delivery.expires_at is not None and delivery.expires_at <= now:
        raise BadInput(
            f"Delivery {delivery_id} is worth nothing any more since {delivery.expires_at:%Y-%m-%d %H:%M} UTC."
        )
    if delivery.state == DeliveryState.UNRESOLVED and not although_unclear:
        raise BadInput(
            f"Delivery {delivery_id} may have arrived: ask the family, or say that it may come twice."
        )
    latest = last_try(session, delivery.resend_of or delivery.id)
    if latest is not None and latest != delivery_id:
        raise BadInput(f"Delivery {delivery_id} was tried again as {latest}.")
    return _add_try(session, delivery, DeliveryState.QUEUED, now, now)


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
