"""What a try leads to: sent, tried again, looked into, or ended, with the reason on the row."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.errors import CarrierError, Scope
from bot.outbox.gate import UNASKED, Gate
from bot.outbox.limits import Wait
from bot.outbox.queueing import SLEPT, STALE
from bot.outbox.retrying import LONGEST_BETWEEN_LOOKS, REFUSED_FOR_NOW
from bot.outbox.statuses import mirror_stop
from bot.school.broadcasts.course import PAUSED, WITHDRAWN
from bot.school.resting import NEVER_AWAKE, next_common
from bot.storage.broadcasts import state_of
from bot.storage.deliveries import NEVER, Delivery


def may_leave(session: Session, delivery: Delivery, gate: Gate, now: datetime) -> bool:
    """The last look before a text leaves. False when it ended or has to wait; then the row says so.

    Between queueing and now the family may have said STOP, the text may have gone stale, or night fallen.
    """
    if delivery.expires_at is not None and delivery.expires_at <= now:
        end(delivery, DeliveryState.EXPIRED, STALE, now)
        return False
    bar = gate.bar(session, delivery.channel, delivery.recipient, delivery.kind)
    if bar is not None:
        end(delivery, DeliveryState.SUPPRESSED, bar, now)
        return False
    if delivery.broadcast_id is not None and not _broadcast_goes_on(session, delivery, now):
        return False
    unasked = delivery.kind in UNASKED or delivery.resends > 0
    return not unasked or _is_awake(session, delivery, gate, now)


def _is_awake(session: Session, delivery: Delivery, gate: Gate, now: datetime) -> bool:
    """False in the hours of rest: the text waits for their end, unless it is worth nothing by then."""
    allowed = next_common(gate.windows(session, delivery.channel, delivery.recipient), now)
    if allowed is None:
        end(delivery, DeliveryState.SUPPRESSED, NEVER_AWAKE, now)
    elif delivery.expires_at is not None and delivery.expires_at <= allowed:
        end(delivery, DeliveryState.EXPIRED, SLEPT, now)
    elif allowed > now:
        _wait(delivery, DeliveryState.HELD, allowed)
    else:
        return True
    return False


def _broadcast_goes_on(session: Session, delivery: Delivery, now: datetime) -> bool:
    """False for a text that came back from a refused try after its broadcast was cancelled or paused."""
    state = state_of(session, delivery.broadcast_id or 0)
    if state == "cancelled":
        end(delivery, DeliveryState.CANCELLED, WITHDRAWN, now)
    elif state == "paused":
        _wait(delivery, DeliveryState.HELD, NEVER)
        delivery.reason = PAUSED
    return state not in ("cancelled", "paused")


def begin_attempt(delivery: Delivery, now: datetime) -> None:
    """Count the try before it is made."""
    delivery.slot_at = None
    delivery.attempts += 1
    delivery.first_attempt_at = delivery.first_attempt_at or now


def put_back(delivery: Delivery, wait: Wait) -> None:
    """Claimed, but not its turn yet: it waits as `Limits.reserve` says."""
    _wait(delivery, DeliveryState.HELD if wait.held else DeliveryState.QUEUED, wait.until)
    delivery.reason = wait.reason
    delivery.sender = wait.slot_of
    delivery.slot_at = wait.until if wait.slot_of else None


def settle_failure(
    session: Session, delivery: Delivery, error: CarrierError, now: datetime, lag: timedelta
) -> None:
    """Note why the try failed and what comes next. A refusal of our number or account costs no text: it waits."""
    delivery.error_code = error.code
    delivery.reason = str(error)
    if error.opted_out:
        end(delivery, DeliveryState.SUPPRESSED, str(error), now)
        mirror_stop(session, delivery, now)
    elif error.ambiguous:
        look_later(delivery, now + lag)
    elif error.scope is Scope.MESSAGE and (error.permanent or REFUSED_FOR_NOW.spent(delivery.attempts)):
        end(delivery, DeliveryState.FAILED, str(error), now)
    else:
        pause = REFUSED_FOR_NOW.pause(delivery.id, delivery.attempts)
        if error.retry_after is not None:
            pause = max(
                pause, timedelta(seconds=min(error.retry_after, REFUSED_FOR_NOW.longest.total_seconds()))
            )
        _wait(delivery, DeliveryState.QUEUED, now + pause)


def look_later(delivery: Delivery, moment: datetime) -> None:
    """Leave the row unclear; whoever is free from that moment on asks the carrier."""
    delivery.owner = None
    delivery.lease_until = moment


def next_look(delivery: Delivery, now: datetime, lag: timedelta) -> datetime:
    """When to ask again a carrier that could not be asked: ever less often the longer it has been unclear."""
    unclear_for = now - (delivery.first_attempt_at or now)
    return now + max(lag, min(unclear_for / 2, LONGEST_BETWEEN_LOOKS), timedelta(seconds=1))


def end(delivery: Delivery, state: DeliveryState, reason: str, now: datetime) -> None:
    """The row is over, for this reason."""
    delivery.state = state.value
    delivery.reason = reason
    delivery.finished_at = now
    delivery.owner = delivery.lease_until = None


def _wait(delivery: Delivery, state: DeliveryState, until: datetime) -> None:
    delivery.state = state.value
    delivery.due_at = until
    delivery.owner = delivery.lease_until = None
