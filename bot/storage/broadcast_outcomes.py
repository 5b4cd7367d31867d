"""What became of broadcasts, for each recipient and counted. One rule for all: a later try of a text counts in
place of the first, unless the first arrived after all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, null, or_, select
from sqlalchemy.orm import Session, aliased

from bot.storage.broadcasts import BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.people import Guardian


@dataclass(frozen=True, slots=True)
class Tally:
    """Recipients of a broadcast: still pending, skipped by reason, and the deliveries of the others by state."""

    pending: int
    skipped: Mapping[str, int]
    deliveries: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Instead:
    """Who is texted in the place of a recipient, and how that stands."""

    guardian: str
    line: str
    state: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a broadcast for one recipient: the delivery's state, or pending, or skipped, and why.

    `again_at` is when a further try is due, where one is what counts.
    """

    recipient: BroadcastRecipient
    guardian: str
    state: str
    reason: str | None
    instead: Instead | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Which recipients: those after a key, in a state ("" for all), so many, so many passed over."""

    after: int = 0
    state: str = ""
    limit: int = 100
    offset: int = 0


def tallies(session: Session, ids: Collection[int]) -> Mapping[int, Tally]:
    """How broadcasts stand, counted from the rows in one query."""
    mine, (query, state, *_) = BroadcastRecipient, _outcomes(ids)
    kind = case((mine.delivery_id.is_(None), mine.state), else_="queued").label("kind")
    why = case((mine.delivery_id.is_(None), mine.reason), else_=null()).label("why")
    counted = query.with_only_columns(mine.broadcast_id, kind, why, state, func.count().label("many"))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(counted.group_by(mine.broadcast_id, kind, why, state)):
        found[row.broadcast_id].append(row)
    return {key: _tally(found[key]) for key in ids}


def list_outcomes(session: Session, broadcast_id: int, piece: Piece | None = None) -> Sequence[Outcome]:
    """Recipients in the order of their keys."""
    piece, mine = piece or Piece(), BroadcastRecipient
    query, state, reason, again_at = _outcomes([broadcast_id])
    query = query.join(Guardian, Guardian.id == mine.guardian_id).where(mine.id > piece.after)
    if piece.state:
        query = query.where(state == piece.state)
    found = session.execute(
        query.with_only_columns(mine, Guardian.given_name, Guardian.family_name, state, reason, again_at)
        .order_by(mine.id)
        .limit(piece.limit)
        .offset(piece.offset)
    ).all()
    instead = _instead(session, broadcast_id, [row[0].id for row in found if row[0].rescue])
    return [
        Outcome(row[0], f"{row[1]} {row[2]}", row.outcome, row.why, instead.get(row[0].id), row.again_at)
        for row in found
    ]


def _instead(session: Session, broadcast_id: int, failed: Collection[int]) -> Mapping[int, Instead]:
    if not failed:
        return {}
    mine, (query, state, *_) = BroadcastRecipient, _outcomes([broadcast_id])
    rows = session.execute(
        query.join(Guardian, Guardian.id == mine.guardian_id)
        .where(mine.rescue_of.in_(failed))
        .with_only_columns(mine.rescue_of, Guardian.given_name, Guardian.family_name, mine.line, state)
    )
    return {row[0] or 0: Instead(f"{row[1]} {row[2]}", row[3], row.outcome) for row in rows}


def _tally(rows: Sequence[Any]) -> Tally:
    deliveries: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for row in rows:
        if row.kind == "skipped":
            skipped[str(row.why)] = skipped.get(str(row.why), 0) + row.many
        elif row.kind != "pending":
            deliveries[row.outcome] = deliveries.get(row.outcome, 0) + row.many
    return Tally(sum(row.many for row in rows if row.kind == "pending"), skipped, deliveries)


def _outcomes(
    ids: Collection[int],
) -> tuple[Select[Any], ColumnElement[str], ColumnElement[str | None], ColumnElement[datetime | None]]:
    """All recipients of the broadcasts, with the state, the reason and the time of a further try that count."""
    mine, first, again = BroadcastRecipient, aliased(Delivery), aliased(Delivery)
    last = (
        select(func.max(again.id))
        .where(again.broadcast_id.in_(ids), again.resend_of.is_not(None))
        .group_by(again.resend_of)
    )
    later = aliased(Delivery, select(Delivery).where(Delivery.id.in_(last)).subquery())
    stays = or_(first.state == "delivered", later.id.is_(None))
    state = case((first.id.is_(None), mine.state), (stays, first.state), else_=later.state)
    reason = case((first.id.is_(None), mine.reason), (stays, first.reason), else_=later.reason)
    again_at = case((or_(first.id.is_(None), stays), null()), else_=later.due_at)
    query = (
        select(mine.id)
        .select_from(mine)
        .outerjoin(first, first.id == mine.delivery_id)
        .outerjoin(later, later.resend_of == first.id)
        .where(mine.broadcast_id.in_(ids))
    )
    return query, state.label("outcome"), reason.label("why"), again_at.label("again_at")
