"""Recipients whom a broadcast did not reach for good, and the other addresses of their families."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from bot.storage.broadcasts import Broadcast, BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact, Guardian, Guardianship

LOST = ("failed", "undelivered")


@dataclass(frozen=True, slots=True)
class Loss:
    """How the last try for a recipient ended. `code` is the carrier's error number, if it gave one."""

    recipient_id: int
    broadcast_id: int
    state: str
    code: int | None
    reason: str


def list_losses(session: Session, now: datetime, since: datetime, limit: int) -> Sequence[Loss]:
    """Recipients for whom every try failed and nothing was done yet, of broadcasts that want it done.

    Not of those that are stopped, worth nothing any more, or ended before `since`.
    """
    wanted = select(Broadcast.id).where(
        Broadcast.state.in_(("sending", "done")),
        Broadcast.fallback,
        or_(Broadcast.expires_at.is_(None), Broadcast.expires_at > now),
        or_(Broadcast.finished_at.is_(None), Broadcast.finished_at > since),
    )
    ids = session.scalars(wanted).all()
    mine = BroadcastRecipient
    rows = session.execute(
        select(mine.id, Delivery.id)
        .join(Delivery, Delivery.id == mine.delivery_id)
        .where(Delivery.broadcast_id.in_(ids), Delivery.state.in_(LOST))
        .where(mine.broadcast_id.in_(ids), mine.rescue.is_(None))
        .order_by(mine.id)
    ).all()
    found: list[Loss] = []
    for start in range(0, len(rows), limit):
        found += _given_up(session, {row[1]: row[0] for row in rows[start : start + limit]})
        if len(found) >= limit:
            break
    return found[:limit]


def _given_up(session: Session, recipients: dict[int, int]) -> Sequence[Loss]:
    """Those of the first tries whose later tries failed as well."""
    either = Delivery.id.in_(recipients) | Delivery.resend_of.in_(recipients)
    last: dict[int, Delivery] = {}
    alive: set[int] = set()
    for row in session.scalars(select(Delivery).where(either).order_by(Delivery.id)):
        first = row.resend_of or row.id
        last[first] = row
        if row.state not in LOST:
            alive.add(first)
    return [
        Loss(recipients[first], row.broadcast_id or 0, row.state, row.error_code, row.reason or "")
        for first, row in last.items()
        if first not in alive
    ]


def others_of(
    session: Session, students: Collection[int], not_texted: Sequence[str]
) -> Sequence[tuple[Contact, int]]:
    """The addresses of all who care for one of these students, each with the student; first contacts first."""
    query = (
        select(Contact, Guardianship.student_id)
        .join(Guardian, Guardian.id == Contact.guardian_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(Guardianship.student_id.in_(students), Guardianship.active, Guardian.active, Contact.active)
        .where(Contact.channel.not_in(not_texted))
        .options(joinedload(Contact.guardian))
        .order_by(Guardianship.contact_order, Contact.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def lines_of_broadcast(
    session: Session, broadcast_id: int, lines: Collection[str]
) -> Sequence[tuple[BroadcastRecipient, str]]:
    """The recipients of a broadcast on these lines, each with its latest state."""
    mine = BroadcastRecipient
    rows = session.execute(
        select(mine, Delivery.state)
        .outerjoin(Delivery, (Delivery.id == mine.delivery_id) | (Delivery.resend_of == mine.delivery_id))
        .where(mine.broadcast_id == broadcast_id, mine.line.in_(lines))
        .order_by(mine.id, Delivery.id)
    )
    states: dict[int, tuple[BroadcastRecipient, str]] = {}
    for row, state in rows:
        before = states.get(row.id, (row, ""))[1]
        states[row.id] = (row, before if before == "delivered" else state or row.state)
    return list(states.values())
