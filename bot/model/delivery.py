"""The states of a delivery, and the one rule by which they change: never backwards."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """Where one send to one contact stands."""

    HELD = "held"  # waits for quiet hours to end
    QUEUED = "queued"  # may be sent once it is due
    SENDING = "sending"  # a sender holds the lease
    SENT = "sent"  # the carrier took it
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"  # worthless by now, never sent
    CANCELLED = "cancelled"  # withdrawn before it was sent
    SUPPRESSED = "suppressed"  # the family said STOP, or must not be contacted
    UNRESOLVED = "unresolved"  # nobody can tell whether it was sent: shown to people, never guessed


OPEN_STATES = frozenset({DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.SENDING})
FINAL_STATES = frozenset(DeliveryState) - OPEN_STATES - {DeliveryState.SENT}

RANK = {
    DeliveryState.HELD: 0,
    DeliveryState.QUEUED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.UNRESOLVED: 2,
    DeliveryState.SENT: 3,
    DeliveryState.FAILED: 4,
    DeliveryState.UNDELIVERED: 4,
    DeliveryState.EXPIRED: 4,
    DeliveryState.CANCELLED: 4,
    DeliveryState.SUPPRESSED: 4,
    DeliveryState.DELIVERED: 5,
}


def advance(current: DeliveryState, reported: DeliveryState) -> DeliveryState:
    """The state after a carrier's report: the higher rank wins, so order and repeats do not matter.

    `delivered` outranks `undelivered` because carriers do report a late delivery after a failure.
    """
    return reported if RANK[reported] > RANK[current] else current
