"""How a delivery stands, for developers: the mark, the words, and its tone on the page."""

from __future__ import annotations

from bot.model.delivery import DeliveryState

STANDING = {
    DeliveryState.HELD: ("◷", "held until morning", "wait"),
    DeliveryState.QUEUED: ("◷", "queued", "wait"),
    DeliveryState.SENDING: ("◷", "sending", "wait"),
    DeliveryState.SENT: ("✓", "sent", "calm"),
    DeliveryState.DELIVERED: ("✓✓", "delivered", "good"),
    DeliveryState.UNDELIVERED: ("✕", "not delivered", "bad"),
    DeliveryState.FAILED: ("✕", "failed", "bad"),
    DeliveryState.EXPIRED: ("✕", "expired, never sent", "bad"),
    DeliveryState.CANCELLED: ("✕", "cancelled, never sent", "bad"),
    DeliveryState.SUPPRESSED: ("✕", "suppressed, never sent", "bad"),
    DeliveryState.UNRESOLVED: ("?", "unresolved: nobody can tell", "bad"),
}
