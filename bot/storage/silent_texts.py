"""Texts that the carrier took and of which no report came, for those who ask it what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.orm import Session

from bot.storage.base import UtcDateTime
from bot.storage.deliveries import Delivery
from bot.storage.delivery_rows import DELIVERIES

MOST_LOOKS = 4
"""How often a text is asked about; the index of silent texts leaves out those that had as many."""


@dataclass(frozen=True, slots=True)
class Silent:
    """One such text: the carrier's id, and how often it was asked about before."""

    id: int
    channel: str
    provider_id: str
    looks: int


def list_silent(
    session: Session, looks: int, between: tuple[datetime, datetime], limit: int
) -> Sequence[Silent]:
    """Those asked about so often and sent between these moments, the oldest first."""
    given = {"so_often": looks, "earliest": between[0], "latest": between[1], "most": limit}
    rows = session.connection().execute(_LIST, given)
    return [Silent(row[0], row[1], str(row[2]), row[3]) for row in rows]


def count_look(session: Session, text: Silent) -> bool:
    """Count a look before it is taken. False when the text moved, or somebody else takes this look."""
    counted = session.connection().execute(_COUNT, {"row": text.id, "so_often": text.looks, "step": 1})
    return counted.rowcount == 1


def take_back_look(session: Session, text: Silent) -> None:
    """The look was counted, but the carrier could not be asked."""
    given = {"row": text.id, "so_often": text.looks + 1, "step": -1}
    session.connection().execute(_COUNT, given)


# The state and the most looks stand in the statements themselves: partial indexes are used only then.
_IS_SENT = Delivery.state == literal_column("'sent'")
_LIST = (
    select(Delivery.id, Delivery.channel, Delivery.provider_id, Delivery.looks)
    .where(
        _IS_SENT,
        Delivery.looks < literal_column(str(MOST_LOOKS)),
        Delivery.looks == bindparam("so_often"),
        Delivery.sent_at >= bindparam("earliest", type_=UtcDateTime()),
        Delivery.sent_at <= bindparam("latest", type_=UtcDateTime()),
        Delivery.provider_id.is_not(None),
    )
    .order_by(Delivery.sent_at)
    .limit(bindparam("most"))
)
_COUNT = (
    update(DELIVERIES)
    .where(Delivery.id == bindparam("row"), _IS_SENT, Delivery.looks == bindparam("so_often"))
    .values(looks=Delivery.looks + bindparam("step"))
)
