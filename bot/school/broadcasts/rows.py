"""A broadcast's recipients who wait for their texts, and its course from its time to its end.

Each function works in the caller's transaction, on a broadcast it has locked; repeated, it does nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.school.broadcasts.households import Household, find_households
from bot.school.broadcasts.merging import values_for
from bot.school.broadcasts.reasons import CHANGED, EXPIRED, MISSING
from bot.school.broadcasts.wording import Content
from bot.storage.broadcast_expansion import Settled, list_waiting, settle_recipients
from bot.storage.broadcasts import Broadcast, lock_broadcast, skip_pending
from bot.storage.deliveries import has_open_broadcast
from bot.storage.given import plan_anew

CHUNK = 500
"""Recipients a transaction. On SQLite it keeps other writers waiting for some 30 ms. Four times as many saved
a tenth of the CPU time at most, and nothing on PostgreSQL."""


class Addressed(NamedTuple):
    """A recipient (by key) who is to be queued in this transaction, and the household as the roster has it now.

    `values` are what decides the household's text; `dedupe_key` is the cause of its delivery. The key is 0 before
    there is a row.
    """

    recipient_id: int
    household: Household
    values: Mapping[str, str | date]
    dedupe_key: str


@dataclass(frozen=True, slots=True)
class Helping:
    """The next recipients: those to be queued, and those who are skipped, with their reasons."""

    content: Content
    addressed: Sequence[Addressed]
    skipped: Sequence[Settled]


def begin(session: Session, broadcast_id: int, now: datetime) -> str | None:
    """Take up a broadcast whose time has come: the state it is in now, None when there is none.

    One that is worth nothing any more expires, and those who were still to be queued are skipped.
    """
    broadcast = lock_broadcast(session, broadcast_id)
    if broadcast is None:
        return None
    stale = is_stale(broadcast, now)
    if broadcast.state == "scheduled" and stale:
        broadcast.state, broadcast.finished_at = "expired", now
    elif broadcast.state == "scheduled" and _may_begin(broadcast, now):
        broadcast.state = "expanding"
    elif broadcast.state == "expanding" and stale and broadcast.resolved:
        skip_pending(session, broadcast.id, EXPIRED)
    return broadcast.state


def is_stale(broadcast: Broadcast, now: datetime) -> bool:
    """Whether it is worth nothing any more."""
    return broadcast.expires_at is not None and broadcast.expires_at <= now


def next_recipients(
    session: Session, broadcast_id: int, now: datetime, zone: ZoneInfo, *, limit: int = CHUNK
) -> Helping | None:
    """The next ones to be queued in this transaction. None when nobody is left, or it was stopped.

    The roster is read again: who must not be told any more, or lacks a value now, is skipped.
    """
    broadcast = _expanding(session, broadcast_id)
    waiting = list_waiting(session, broadcast_id, limit) if broadcast is not None else ()
    if broadcast is None or not waiting:
        return None
    plan_anew(session)
    content = Content.of(broadcast)
    scope = content.scope(now.astimezone(zone).date())
    found = {
        household.key: household
        for household in find_households(session, scope, {_address(line) for *_, line in waiting})
    }
    addressed, skipped = [], []
    for key, contact_id, about_child, _ in waiting:
        household = found.get((contact_id, about_child))
        if household is None or household.reason is not None:
            skipped.append(Settled(key, "skipped", CHANGED if household is None else household.reason))
            continue
        to = address(key, household, content)
        if content.fields <= to.values.keys():
            addressed.append(to)
        else:
            skipped.append(Settled(key, "skipped", MISSING))
    return Helping(content, addressed, skipped)


def address(recipient_id: int, household: Household, content: Content) -> Addressed:
    """The recipient with all that decides its text."""
    values = values_for(household, content.broadcast.about_on, content.needed)
    return Addressed(recipient_id, household, values, dedupe_key(content.broadcast.id, household))


def dedupe_key(broadcast_id: int, household: Household) -> str:
    """What a text of a broadcast is known by: its contact, and the child where each has one of its own."""
    child = f":{household.about_child}" if household.about_child else ""
    return f"broadcast:{broadcast_id}:{household.contact_id}{child}"


def settle(session: Session, helping: Helping) -> None:
    """Those addressed are deliveries now, the others are skipped."""
    queued = [
        Settled(
            to.recipient_id, "queued", None, [child.name for child in to.household.children], to.dedupe_key
        )
        for to in helping.addressed
    ]
    settle_recipients(session, [*helping.skipped, *queued])


def skip_next(session: Session, broadcast_id: int, reason: str) -> int | None:
    """Skip the next recipient alone, whose text cannot be made; its key, None when there is none."""
    if _expanding(session, broadcast_id) is None:
        return None
    for key, *_ in list_waiting(session, broadcast_id, 1):
        settle_recipients(session, [Settled(key, "skipped", reason)])
        return key
    return None


def end_expansion(session: Session, broadcast_id: int) -> bool:
    """Everybody is queued or skipped: only sending is left. False while somebody waits, or when it was stopped."""
    broadcast = _expanding(session, broadcast_id)
    if broadcast is None or not broadcast.resolved or list_waiting(session, broadcast_id, 1):
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


def _address(line: str) -> tuple[str, str]:
    channel, _, address = line.partition(":")
    return channel, address
