"""What the carrier reports moves a delivery forward: in any order, doubled, late, or before we know its id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from bot.model.delivery import FINAL_STATES, DeliveryState, advance
from bot.model.messages import StatusReport
from bot.outbox.resending import resend_later, withdraw_resends
from bot.outbox.senders import judge_late_failure
from bot.school.consent import Will, is_stopped, stop
from bot.school.quiet_hours import next_midnight
from bot.storage.deliveries import StatusEvent, id_by_provider
from bot.storage.delivery_rows import DeliveryRow, lock_delivery, store_rows
from bot.storage.status_events import list_loose_events, list_strays, list_strays_of, record_event

log = structlog.get_logger(__name__)

MEANING = {
    "accepted": DeliveryState.SENT,
    "scheduled": DeliveryState.SENT,
    "queued": DeliveryState.SENT,
    "sending": DeliveryState.SENT,
    "sent": DeliveryState.SENT,
    "partially_delivered": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.UNDELIVERED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.CANCELLED,
}
"""Carriers' words. One that does not stand here is kept but moves nothing."""

LOST = frozenset({DeliveryState.UNDELIVERED, DeliveryState.FAILED})
NO_REASON = "The carrier could not deliver the text and gave no reason."


def dated(report: StatusReport, zone: ZoneInfo) -> StatusReport:
    """The report with the moment before which another try makes no sense, by the calendar of the school's zone."""
    if not report.next_day:
        return report
    return replace(report, not_before=next_midnight(report.received_at, zone))


def apply_status(session: Session, report: StatusReport) -> DeliveryState | None:
    """Keep the report and move its delivery. The delivery's state, None when it belongs to none we know yet."""
    delivery = _delivery_of(session, report)
    new = record_event(session, report, delivery.id if delivery is not None else None)
    if delivery is None:
        return None
    if new:
        delivery = _apply(session, delivery, report)
    return DeliveryState(delivery.state)


def attach_id(session: Session, delivery: DeliveryRow, provider_id: str, status: str, now: datetime) -> None:
    """The carrier took the delivery and named it: note the id, and catch up on reports that came before."""
    delivery.provider_id = delivery.provider_id or provider_id
    delivery.sent_at = delivery.sent_at or now
    _move(delivery, advance(DeliveryState.SENT, MEANING.get(status, DeliveryState.SENT)), now)
    store_rows(session, [delivery])
    for event in list_loose_events(session, delivery.channel, provider_id):
        _attach(session, delivery, event)


def attach_strays(session: Session, limit: int = 200) -> int:
    """Join reports to deliveries whose id became known in the very same moment. How many were joined."""
    return _join(session, list_strays(session, limit))


def attach_strays_of(session: Session, channel: str, provider_ids: Collection[str]) -> int:
    """Join reports that came before we knew these ids of the carrier's. How many were joined."""
    return _join(session, list_strays_of(session, channel, provider_ids))


def _join(session: Session, strays: Sequence[tuple[StatusEvent, int]]) -> int:
    for event, delivery_id in strays:
        delivery = lock_delivery(session, delivery_id)
        if delivery is not None:
            _attach(session, delivery, event)
    return len(strays)


def mirror_stop(session: Session, delivery: DeliveryRow, now: datetime) -> None:
    """The carrier blocks this line because the family told it STOP: our own ledger says so too."""
    if is_stopped(session, delivery.channel, delivery.recipient):
        return
    will = Will(
        wording="STOP, as the carrier reports",
        language=delivery.language,
        source="carrier",
        actor="carrier",
        contact_id=delivery.contact_id,
    )
    stop(session, delivery.channel, delivery.recipient, will, now)


def _delivery_of(session: Session, report: StatusReport) -> DeliveryRow | None:
    """What the report is about, locked: by the id we gave the carrier, else by the id the carrier gave us."""
    delivery_id = report.delivery_id
    if delivery_id is None:
        delivery_id = id_by_provider(session, report.channel, report.provider_id)
    delivery = lock_delivery(session, delivery_id) if delivery_id is not None else None
    return delivery if delivery is not None and delivery.channel == report.channel else None


def _attach(session: Session, delivery: DeliveryRow, event: StatusEvent) -> None:
    event.delivery_id = delivery.id
    _apply(session, delivery, event)


def _apply(session: Session, delivery: DeliveryRow, event: StatusReport | StatusEvent) -> DeliveryRow:
    """Move the delivery as a report says that was not known before. The row as it stands then."""
    if event.opted_out:
        mirror_stop(session, delivery, event.received_at)
        delivery = lock_delivery(session, delivery.id) or delivery  # should it wait, the STOP has ended it
    known = replace(delivery)
    lost_before = delivery.state in LOST or delivery.resend_of is not None
    moved = _follow(delivery, event)
    if delivery != known:
        store_rows(session, [delivery])
    if moved:
        _follow_up(session, delivery, event, lost_before=lost_before)
    return delivery


def _follow(delivery: DeliveryRow, event: StatusReport | StatusEvent) -> bool:
    """What the report changes of the row itself. True when it moved."""
    delivery.provider_id = delivery.provider_id or event.provider_id
    delivery.sent_at = delivery.sent_at or event.received_at
    meaning = MEANING.get(event.status)
    if meaning is None:
        return False
    if delivery.provider_id != event.provider_id:
        # The carrier knows the text under two ids: it left twice. Only good news of the other counts.
        log.warning("delivery_left_twice", delivery_id=delivery.id)
        if meaning is not DeliveryState.DELIVERED:
            return False
    if not _move(delivery, meaning, event.received_at):
        return False
    if delivery.state in LOST:
        delivery.error_code = event.error_code
        delivery.reason = event.reason or NO_REASON
    return True


def _move(delivery: DeliveryRow, reported: DeliveryState, at: datetime) -> bool:
    current = DeliveryState(delivery.state)
    state = advance(current, reported)
    if state is current:
        return False
    delivery.state = state.value
    delivery.owner = delivery.lease_until = None
    delivery.error_code = None
    delivery.reason = NO_REASON if state in LOST else None
    delivery.finished_at = at if state in FINAL_STATES else None
    return True


def _follow_up(
    session: Session, delivery: DeliveryRow, event: StatusReport | StatusEvent, *, lost_before: bool
) -> None:
    if delivery.state == DeliveryState.DELIVERED:
        if lost_before:  # only then can a further try of it wait
            withdraw_resends(session, delivery, event.received_at)
        return
    if delivery.state in LOST:
        resend_later(session, delivery, event.resends, event.received_at, event.not_before)
        judge_late_failure(session, delivery, event)
