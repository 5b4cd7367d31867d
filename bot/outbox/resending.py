"""A text that reached the carrier but not the phone is tried again later, as a delivery of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.outbox.retrying import LATER
from bot.school.consent import ALWAYS
from bot.storage.deliveries import Delivery, add_once, list_open_resends

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


def resend_later(session: Session, delivery: Delivery, worth: int, now: datetime) -> Delivery | None:
    """Plan one more try if that many (`worth`) make sense and fewer were made. The new row, if there is one."""
    if delivery.resends >= min(worth, len(LATER)) or delivery.kind in ALWAYS:
        return None
    root = delivery.resend_of or delivery.id
    tries = delivery.resends + 1
    again = {name: getattr(delivery, name) for name in _KEPT} | {
        "dedupe_key": f"resend:{root}:{tries}",
        "state": DeliveryState.HELD.value,
        "due_at": now + LATER[delivery.resends],
        "created_at": now,
        "resend_of": root,
        "resends": tries,
    }
    return add_once(session, again)[0]


def withdraw_resends(session: Session, delivery: Delivery, now: datetime) -> None:
    """The text arrived: no further try of it leaves."""
    for waiting in list_open_resends(session, delivery.resend_of or delivery.id):
        waiting.state = DeliveryState.CANCELLED.value
        waiting.reason = ARRIVED
        waiting.finished_at = now
