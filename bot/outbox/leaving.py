"""The last look at texts before they leave, one or many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.outbox.gate import UNASKED, Gate, Line
from bot.outbox.queueing import SLEPT, STALE
from bot.outbox.settling import end, wait
from bot.school.broadcasts.course import PAUSED, WITHDRAWN
from bot.school.resting import NEVER_AWAKE, Windows, next_common
from bot.school.still_told import ROSTER_CHANGED, no_longer_told
from bot.storage.broadcasts import states_of
from bot.storage.deliveries import NEVER
from bot.storage.delivery_rows import DeliveryRow
from bot.storage.waiting_texts import Addressed


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the look needs to know, read once for all: why lines are barred by kind, when they rest, broadcasts.

    `gone` are the texts whose reader, or what he or she may be told of, the roster has changed since.
    """

    bars: Mapping[tuple[Line, str], str]
    windows: Mapping[Line, Windows]
    usual: Windows
    broadcasts: Mapping[int, str]
    gone: frozenset[int]


def may_leave(
    session: Session, deliveries: Sequence[DeliveryRow], gate: Gate, now: datetime
) -> list[DeliveryRow]:
    """Those that may leave now. The others ended or have to wait; their rows say so.

    Between queueing and now the family may have said STOP, the roster may have changed, the text may have
    gone stale, or night fallen.
    """
    facts = _read(session, deliveries, gate)
    return [row for row in deliveries if _may_leave(row, facts, now)]


def begin_attempts(deliveries: Sequence[DeliveryRow], now: datetime) -> None:
    """Count the tries before they are made."""
    for delivery in deliveries:
        delivery.slot_at = None
        delivery.attempts += 1
        delivery.first_attempt_at = delivery.first_attempt_at or now


def take_back_attempt(delivery: DeliveryRow) -> None:
    """The try was counted, but nothing left."""
    delivery.attempts -= 1
    delivery.first_attempt_at = delivery.first_attempt_at if delivery.attempts else None


def _read(session: Session, deliveries: Sequence[DeliveryRow], gate: Gate) -> _Facts:
    bars: dict[tuple[Line, str], str] = {}
    for kind in {row.kind for row in deliveries}:
        found = gate.bars(session, {_line(row) for row in deliveries if row.kind == kind}, kind)
        bars |= {(line, kind): why for line, why in found.items()}
    unasked = {_line(row) for row in deliveries if _is_unasked(row)}
    windows = gate.windows_by_line(session, unasked) if unasked else {}
    numbers = {row.broadcast_id for row in deliveries if row.broadcast_id is not None}
    return _Facts(bars, windows, (gate.rest,), states_of(session, numbers), _gone(session, deliveries))


def _gone(session: Session, deliveries: Sequence[DeliveryRow]) -> frozenset[int]:
    told = {
        row.id: Addressed(row.id, row.resend_of or row.id, row.contact_id, row.broadcast_id)
        for row in deliveries
        if row.contact_id is not None and (_is_unasked(row) or row.broadcast_id is not None)
    }
    reminders = [told[row.id] for row in deliveries if row.kind == "reminder" and row.id in told]
    return no_longer_told(session, list(told.values()), reminders)


def _may_leave(delivery: DeliveryRow, facts: _Facts, now: datetime) -> bool:
    if delivery.expires_at is not None and delivery.expires_at <= now:
        end(delivery, DeliveryState.EXPIRED, STALE, now)
        return False
    bar = facts.bars.get((_line(delivery), delivery.kind))
    if bar is not None:
        end(delivery, DeliveryState.SUPPRESSED, bar, now)
        return False
    if delivery.id in facts.gone:
        end(delivery, DeliveryState.SUPPRESSED, ROSTER_CHANGED, now)
        return False
    if not _broadcast_goes_on(delivery, facts, now):
        return False
    return not _is_unasked(delivery) or _is_awake(delivery, facts, now)


def _line(delivery: DeliveryRow) -> Line:
    return delivery.channel, delivery.recipient


def _is_unasked(delivery: DeliveryRow) -> bool:
    return delivery.kind in UNASKED or delivery.resends > 0


def _is_awake(delivery: DeliveryRow, facts: _Facts, now: datetime) -> bool:
    """False in the hours of rest: the text waits for their end, unless it is worth nothing by then."""
    allowed = next_common(facts.windows.get(_line(delivery), facts.usual), now)
    if allowed is None:
        end(delivery, DeliveryState.SUPPRESSED, NEVER_AWAKE, now)
    elif delivery.expires_at is not None and delivery.expires_at <= allowed:
        end(delivery, DeliveryState.EXPIRED, SLEPT, now)
    elif allowed > now:
        wait(delivery, DeliveryState.HELD, allowed)
    else:
        return True
    return False


def _broadcast_goes_on(delivery: DeliveryRow, facts: _Facts, now: datetime) -> bool:
    """False for a text that came back from a refused try after its broadcast was cancelled or paused."""
    state = facts.broadcasts.get(delivery.broadcast_id or 0)
    if state == "cancelled":
        end(delivery, DeliveryState.CANCELLED, WITHDRAWN, now)
    elif state == "paused":
        wait(delivery, DeliveryState.HELD, NEVER)
        delivery.reason = PAUSED
    return state not in ("cancelled", "paused")
