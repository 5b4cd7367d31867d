"""A broadcast's recipients as rows: made once, in chunks, and taken up again where a crash stopped it.

Each function works in the caller's transaction, on a broadcast it has locked; repeated, it does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.school.broadcasts.households import Household, find_households
from bot.school.broadcasts.merging import missing
from bot.school.broadcasts.reasons import CHANGED, EXPIRED, MISSING
from bot.school.broadcasts.wording import Content
from bot.storage.broadcasts import (
    Broadcast,
    BroadcastRecipient,
    lines_taken,
    list_pending,
    lock_broadcast,
    skip_pending,
)
from bot.storage.deliveries import has_open_broadcast

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Addressed:
    """A recipient who is to be queued in this transaction, and the household as the roster has it now."""

    recipient: BroadcastRecipient
    household: Household


def begin(session: Session, broadcast_id: int, now: datetime) -> str | None:
    """Take up a broadcast whose time has come: the state it is in now, None when there is none.

    One that is worth nothing any more expires, and those who were still to be queued are skipped.
    """
    broadcast = lock_broadcast(session, broadcast_id)
    if broadcast is None:
        return None
    stale = broadcast.expires_at is not None and broadcast.expires_at <= now
    if broadcast.state == "scheduled" and stale:
        broadcast.state, broadcast.finished_at = "expired", now
    elif broadcast.state == "scheduled" and _may_begin(broadcast, now):
        broadcast.state = "expanding"
    elif broadcast.state == "expanding" and stale and broadcast.resolved:
        skip_pending(session, broadcast.id, EXPIRED)
    return broadcast.state


def chunks(households: Sequence[Household], size: int = CHUNK) -> Iterator[Sequence[Household]]:
    """The households in pieces of about `size`; those of one line stay together."""
    piece: list[Household] = []
    for _, group in groupby(households, key=lambda household: household.line):
        piece.extend(group)
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece


def add_recipients(session: Session, broadcast_id: int, households: Sequence[Household]) -> bool:
    """Make rows of those whose line has none yet. False when the broadcast is no longer being expanded."""
    if _expanding(session, broadcast_id) is None:
        return False
    taken = lines_taken(session, broadcast_id, {household.line for household in households})
    rows = [
        {
            "broadcast_id": broadcast_id,
            "contact_id": household.contact_id,
            "guardian_id": household.guardian_id,
            "line": household.line,
            "language": household.language,
            "about_child": household.about_child,
            "children": [child.name for child in household.children],
            "state": "skipped" if household.reason else "pending",
            "reason": household.reason,
        }
        for household in households
        if household.line not in taken
    ]
    if rows:
        session.execute(insert(BroadcastRecipient), rows)
    return True


def close_list(session: Session, broadcast_id: int) -> bool:
    """Everybody is a row now. False when the broadcast is no longer being expanded."""
    broadcast = _expanding(session, broadcast_id)
    if broadcast is None:
        return False
    broadcast.resolved = True
    return True


def next_recipients(
    session: Session, broadcast_id: int, now: datetime, zone: ZoneInfo, *, limit: int = CHUNK
) -> tuple[Content, Sequence[Addressed]] | None:
    """The next ones to be queued in this transaction. None when nobody is left, or it was stopped.

    The roster is read again: who must not be told any more, or lacks a value now, is skipped.
    """
    broadcast = _expanding(session, broadcast_id)
    pending = list_pending(session, broadcast_id, limit) if broadcast is not None else ()
    if broadcast is None or not pending:
        return None
    content = Content.of(broadcast)
    lines = {_address(row) for row in pending}
    found = {
        household.key: household
        for household in find_households(session, content.scope(now.astimezone(zone).date()), lines)
    }
    addressed = []
    for row in pending:
        household = found.get((row.contact_id, row.about_child))
        reason = _skipped(household, content)
        if household is None or reason is not None:
            row.state, row.reason = "skipped", reason
            continue
        row.children = [child.name for child in household.children]
        addressed.append(Addressed(row, household))
    session.flush()
    return content, addressed


def record_queued(recipient: BroadcastRecipient, delivery_id: int) -> None:
    """The recipient's text is a delivery now."""
    recipient.state, recipient.delivery_id = "queued", delivery_id


def skip_next(session: Session, broadcast_id: int, reason: str) -> int | None:
    """Skip the next recipient alone, whose text cannot be made; its key, None when there is none."""
    if _expanding(session, broadcast_id) is None:
        return None
    for row in list_pending(session, broadcast_id, 1):
        row.state, row.reason = "skipped", reason
        return row.id
    return None


def end_expansion(session: Session, broadcast_id: int) -> bool:
    """Everybody is queued or skipped: only sending is left. False while somebody waits, or when it was stopped."""
    broadcast = _expanding(session, broadcast_id)
    if broadcast is None or not broadcast.resolved or list_pending(session, broadcast_id, 1):
        return False
    broadcast.state = "sending"
    return True


def finish(session: Session, broadcast_id: int, now: datetime) -> bool:
    """The broadcast is done when nothing of it is under way any more."""
    broadcast = lock_broadcast(session, broadcast_id)
    if broadcast is None or broadcast.state != "sending" or has_open_broadcast(session, broadcast_id):
        return False
    broadcast.state, broadcast.finished_at = "done", now
    return True


def _may_begin(broadcast: Broadcast, now: datetime) -> bool:
    if broadcast.needs_approval and broadcast.approved_at is None:
        return False
    return all(moment is not None and moment <= now for moment in (broadcast.send_at, broadcast.undo_until))


def _expanding(session: Session, broadcast_id: int) -> Broadcast | None:
    broadcast = lock_broadcast(session, broadcast_id)
    return broadcast if broadcast is not None and broadcast.state == "expanding" else None


def _address(row: BroadcastRecipient) -> tuple[str, str]:
    channel, _, address = row.line.partition(":")
    return channel, address


def _skipped(household: Household | None, content: Content) -> str | None:
    if household is None:
        return CHANGED
    if household.reason is not None:
        return household.reason
    return MISSING if missing(household, content.fields, content.broadcast.about_on) else None
