"""Status callbacks as rows: each kept once, also while nobody knows what it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.model.messages import StatusReport
from bot.storage.deliveries import Delivery, StatusEvent
from bot.storage.inserting import InsertOnce


def record_event(session: Session, report: StatusReport, delivery_id: int | None = None) -> bool:
    """Keep a report, as one of this delivery where that is known. False when the same one came before."""
    row = {
        "channel": report.channel,
        "provider_id": report.provider_id,
        "status": report.status,
        "error_code": report.error_code,
        "error_code_key": report.error_code or 0,
        "delivery_id": delivery_id,
        "received_at": report.received_at,
        "reason": report.reason,
        "resends": report.resends,
        "opted_out": report.opted_out,
        "scope": report.scope.value,
        "not_before": report.not_before,
    }
    return _RECORD.run(session, row) is not None


_RECORD = InsertOnce(
    StatusEvent.__table__, ["channel", "provider_id", "status", "error_code_key"], StatusEvent.id
)


def list_loose_events(session: Session, channel: str, provider_id: str) -> Sequence[StatusEvent]:
    """Reports under a carrier's id that belong to no delivery yet, oldest first."""
    return session.scalars(_LOOSE, {"on_channel": channel, "carriers_id": provider_id}).all()


_LOOSE = (  # built once: asked after every send
    select(StatusEvent)
    .where(
        StatusEvent.channel == bindparam("on_channel"),
        StatusEvent.provider_id == bindparam("carriers_id"),
        StatusEvent.delivery_id.is_(None),
    )
    .order_by(StatusEvent.id)
)


def list_strays(session: Session, limit: int) -> Sequence[tuple[StatusEvent, int]]:
    """Reports that nobody attached although their delivery is known by now, with its id."""
    return [(row[0], row[1]) for row in session.execute(_STRAYS.limit(limit))]


def list_strays_of(
    session: Session, channel: str, provider_ids: Collection[str]
) -> Sequence[tuple[StatusEvent, int]]:
    """The same, but only those under these ids of the carrier's."""
    theirs = {"on_channel": channel, "ids": list(provider_ids)}
    if session.connection().execute(_ANY_LOOSE_OF, theirs).first() is None:
        return []
    return [(row[0], row[1]) for row in session.execute(_STRAYS_OF, theirs)]


_STRAYS = (
    select(StatusEvent, Delivery.id)
    .join(
        Delivery,
        (Delivery.channel == StatusEvent.channel) & (Delivery.provider_id == StatusEvent.provider_id),
    )
    .where(StatusEvent.delivery_id.is_(None))
    .order_by(StatusEvent.id)
)
_THEIRS = (StatusEvent.channel == bindparam("on_channel")) & StatusEvent.provider_id.in_(
    bindparam("ids", expanding=True)
)
_STRAYS_OF = _STRAYS.where(_THEIRS)
_ANY_LOOSE_OF = select(StatusEvent.id).where(_THEIRS, StatusEvent.delivery_id.is_(None)).limit(1)
"""Nearly always none: what reports name their delivery, and are never loose."""
