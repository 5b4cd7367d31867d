"""What a try leads to: sent, tried again, looked into, or ended, with the reason on the row."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.errors import CarrierError, Scope
from bot.outbox.choosing import move_line
from bot.outbox.limits import Wait
from bot.outbox.retrying import LONGEST_BETWEEN_LOOKS, REFUSED_FOR_NOW
from bot.outbox.statuses import mirror_stop
from bot.storage.delivery_rows import DeliveryRow
from bot.storage.staff import AuditEvent, record_audit

log = structlog.get_logger(__name__)


def put_back(delivery: DeliveryRow, why: Wait) -> None:
    """Claimed, but not its turn yet: it waits as `Limits.reserve` says."""
    wait(delivery, DeliveryState.HELD if why.held else DeliveryState.QUEUED, why.until)
    delivery.reason = why.reason
    delivery.sender = why.slot_of
    delivery.slot_at = why.until if why.slot_of else None


def settle_failure(
    session: Session, delivery: DeliveryRow, error: CarrierError, now: datetime, lag: timedelta
) -> None:
    """Note why the try failed and what comes next. A refusal of our number or account costs no text: it waits."""
    tried_another = error.code is not None and delivery.error_code == error.code
    delivery.error_code = error.code
    delivery.reason = str(error)
    if error.opted_out:
        end(delivery, DeliveryState.SUPPRESSED, str(error), now)
        mirror_stop(session, delivery, now)
    elif error.ambiguous:
        look_later(delivery, now + lag)
    elif error.other_sender and not tried_another and _goes_another_way(session, delivery, now):
        wait(delivery, DeliveryState.QUEUED, now)
    elif error.scope is Scope.MESSAGE and (error.permanent or REFUSED_FOR_NOW.spent(delivery.attempts)):
        end(delivery, DeliveryState.FAILED, str(error), now)
    else:
        pause = REFUSED_FOR_NOW.pause(delivery.id, delivery.attempts)
        if error.retry_after is not None:
            pause = max(
                pause, timedelta(seconds=min(error.retry_after, REFUSED_FOR_NOW.longest.total_seconds()))
            )
        wait(delivery, DeliveryState.QUEUED, now + pause)


def _goes_another_way(session: Session, delivery: DeliveryRow, now: datetime) -> bool:
    """Whether the line was given another number of the pool, because there is no way to it from this one."""
    old = delivery.sender
    new = move_line(session, delivery.channel, delivery.recipient, old) if old else None
    if new is None:
        return False
    delivery.sender = delivery.slot_at = None
    detail = {"from": old, "to": new.address, "code": delivery.error_code}
    record_audit(session, AuditEvent(
        at=now, actor="carrier", deed="line_moved", subject_kind="delivery", subject_id=delivery.id, detail=detail,
    ))  # fmt: skip
    log.warning("line_moved", delivery_id=delivery.id, sender_id=new.id, code=delivery.error_code)
    return True


def look_later(delivery: DeliveryRow, moment: datetime) -> None:
    """Leave the row unclear; whoever is free from that moment on asks the carrier."""
    delivery.owner = None
    delivery.lease_until = moment


def next_look(delivery: DeliveryRow, now: datetime, lag: timedelta) -> datetime:
    """When to ask again a carrier that could not be asked: ever less often the longer it has been unclear."""
    unclear_for = now - (delivery.first_attempt_at or now)
    return now + max(lag, min(unclear_for / 2, LONGEST_BETWEEN_LOOKS), timedelta(seconds=1))


def end(delivery: DeliveryRow, state: DeliveryState, reason: str, now: datetime) -> None:
    """The row is over, for this reason."""
    delivery.state = state.value
    delivery.reason = reason
    delivery.finished_at = now
    delivery.owner = delivery.lease_until = None


def wait(delivery: DeliveryRow, state: DeliveryState, until: datetime) -> None:
    """The row waits, for this moment."""
    delivery.state = state.value
    delivery.due_at = until
    delivery.owner = delivery.lease_until = None
