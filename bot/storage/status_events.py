"""Status callbacks as rows: each kept once, also while nobody knows what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.model.messages import StatusReport
from bot.storage.deliveries import Delivery, StatusEvent


def record_event(session: Session, report: StatusReport) -> StatusEvent | None:
    """Keep a report. None when the same one came before."""
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = upsert(StatusEvent).values(
        channel=report.channel,
        provider_id=report.provider_id,
        status=report.status,
        error_code=report.error_code,
        error_code_key=report.error_code or 0,
        received_at=report.received_at,
        reason=report.reason,
        resends=report.resends,
        opted_out=report.opted_out,
    )
    unseen = row.on_conflict_do_nothing(
        index_elements=["channel", "provider_id", "status", "error_code_key"]
    ).returning(StatusEvent)
    return session.scalars(unseen).one_or_none()


def list_loose_events(session: Session, channel: str, provider_id: str) -> Sequence[StatusEvent]:
    """Reports under a carrier's id that belong to no delivery yet, oldest first."""
    query = select(StatusEvent).where(
        StatusEvent.channel == channel,
        StatusEvent.provider_id == provider_id,
        StatusEvent.delivery_id.is_(None),
    )
    return session.scalars(query.order_by(StatusEvent.id)).all()


def list_strays(session: Session, limit: int) -> Sequence[tuple[StatusEvent, int]]:
    """Reports that nobody attached although their delivery is known by now, with its id."""
    query = (
        select(StatusEvent, Delivery.id)
        .join(
            Delivery,
            (Delivery.channel == StatusEvent.channel) & (Delivery.provider_id == StatusEvent.provider_id),
        )
        .where(StatusEvent.delivery_id.is_(None))
        .order_by(StatusEvent.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
