"""The course of a broadcast: scheduled, approved, paused, resumed, cancelled, each audited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.counts import Counts, count
from bot.school.broadcasts.drafts import record_deed
from bot.school.broadcasts.preview import Desk, Preview
from bot.school.broadcasts.reasons import CANCELLED
from bot.school.broadcasts.series import carry_approval, content_mark, remember_approval, take_place
from bot.storage.broadcasts import Broadcast, lock_broadcast, skip_pending
from bot.storage.deliveries import Withdrawal, park_broadcast, unpark_broadcast, withdraw_broadcast
from bot.storage.people import StaffMember

BEGUN = ("scheduled", "expanding", "sending")
PAUSED = "The broadcast is paused."
WITHDRAWN = "The broadcast was cancelled."
SHORTEST_REASON, LONGEST_REASON = 5, 500
SHOWN = 20
"""Problems named in an error; the preview has them all."""


def schedule(session: Session, broadcast_id: int, seen: Preview, desk: Desk, actor: str) -> None:
    """Send a draft as it was `seen`: it leaves at its time, not before the time to undo is over, nor without approval.

    BadInput names recipients who lack a value, and nothing changes then. Taken when it is no draft any more, or
    says something else than what was seen.
    """
    broadcast = _locked(session, broadcast_id)
    _expect(broadcast, ("draft",), "sent")
    if seen.mark != content_mark(broadcast):
        raise Taken(f"Broadcast {broadcast.id} was changed meanwhile. Look at it again before it is sent.")
    series = None
    if broadcast.series_id is not None:
        series = take_place(session, broadcast, desk.calendar, desk.now + desk.policy.undo)
    if seen.problems:
        raise BadInput(_told(seen))
    if not seen.recipients:
        raise BadInput("Nobody would get this text.")
    if broadcast.expires_at is not None and broadcast.expires_at <= desk.now + desk.policy.undo:
        raise BadInput("The text would be worth nothing any more when it is to leave.")
    broadcast.state = "scheduled"
    broadcast.send_at = broadcast.send_at or desk.now
    broadcast.needs_approval = seen.needs_approval
    broadcast.undo_until = desk.now + desk.policy.undo
    if series is not None:
        carry_approval(series, broadcast)
    record_deed(session, broadcast, "schedule", actor, desk.now)


def approve(
    session: Session, broadcast_id: int, approver: StaffMember, desk: Desk, actor: str, *, why: str = ""
) -> Broadcast:
    """Let a broadcast leave that needs a second person; from now on it can be undone for a moment.

    An urgent one passes the hours of rest: `why` that has to be is kept with the approver's name. BadInput when
    it is missing, when the approver wrote it, or no longer works here; Taken when there is nothing to approve.
    """
    broadcast = _locked(session, broadcast_id)
    waits = broadcast.state == "scheduled" or broadcast.paused_from == "scheduled"
    if not waits or not broadcast.needs_approval or broadcast.approved_at is not None:
        raise Taken(f"Broadcast {broadcast.id} does not wait for an approval.")
    if approver.id == broadcast.author_id:
        raise BadInput("A second person has to approve it, not the one who wrote it.")
    if not approver.active:
        raise BadInput(f"{approver.given_name} {approver.family_name} is no active member of staff.")
    broadcast.override_reason = _reason(broadcast, why)
    broadcast.approved_by = approver.id
    broadcast.approved_at = desk.now
    broadcast.undo_until = desk.now + desk.policy.undo
    override = {"why": broadcast.override_reason, "approver": approver.source_id}
    urgent = broadcast.override_reason is not None
    remember_approval(session, broadcast)
    record_deed(session, broadcast, "approve", actor, desk.now, **(override if urgent else {}))
    return broadcast


def pause(session: Session, broadcast_id: int, actor: str, now: datetime) -> Counts:
    """Hold it: what has not begun to leave waits until it is resumed. The counts as they stand then."""
    broadcast = _locked(session, broadcast_id)
    _expect(broadcast, BEGUN, "paused")
    broadcast.paused_from = broadcast.state
    broadcast.state = "paused"
    park_broadcast(session, broadcast.id, PAUSED)
    record_deed(session, broadcast, "pause", actor, now)
    return count(session, broadcast)


def resume(session: Session, broadcast_id: int, actor: str, now: datetime) -> Counts:
    """Go on where it was paused; hours of rest and expiry are looked at anew."""
    broadcast = _locked(session, broadcast_id)
    _expect(broadcast, ("paused",), "resumed")
    broadcast.state = broadcast.paused_from or "scheduled"
    broadcast.paused_from = None
    unpark_broadcast(session, broadcast.id)
    record_deed(session, broadcast, "resume", actor, now)
    return count(session, broadcast)


def cancel(session: Session, broadcast_id: int, actor: str, now: datetime) -> Counts:
    """End it: what has not begun to leave never leaves. The counts say how many had left by then."""
    broadcast = _locked(session, broadcast_id)
    _expect(broadcast, ("draft", *BEGUN, "paused"), "cancelled")
    broadcast.paused_from = "expanding" if broadcast.being_listed else None
    broadcast.state = "cancelled"
    broadcast.finished_at = now
    skip_pending(session, broadcast.id, CANCELLED)
    withdraw_broadcast(session, broadcast.id, Withdrawal(DeliveryState.CANCELLED, WITHDRAWN, now))
    record_deed(session, broadcast, "cancel", actor, now)
    return count(session, broadcast)


def _locked(session: Session, broadcast_id: int) -> Broadcast:
    broadcast = lock_broadcast(session, broadcast_id)
    if broadcast is None:
        raise NotFound(f"There is no broadcast {broadcast_id}.")
    return broadcast


def _expect(broadcast: Broadcast, states: tuple[str, ...], deed: str) -> None:
    if broadcast.state not in states:
        raise Taken(f"Broadcast {broadcast.id} is {broadcast.state}: it cannot be {deed}.")


def _reason(broadcast: Broadcast, why: str) -> str | None:
    """Why an urgent text may wake people; None for a routine one."""
    if broadcast.category != "urgent":
        return None
    if len(why.strip()) < SHORTEST_REASON:
        raise BadInput("An urgent text leaves in the hours of rest too. Say why it cannot wait.")
    return why.strip()[:LONGEST_REASON]


def _told(seen: Preview) -> str:
    lines = [str(problem) for problem in seen.problems[:SHOWN]]
    more = len(seen.problems) - SHOWN
    if more > 0:
        lines.append(f"and {more} more")
    return "Nothing was sent, because values are missing:\n" + "\n".join(lines)
