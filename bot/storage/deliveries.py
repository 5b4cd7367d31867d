"""Deliveries: every text that leaves is a row here before it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Keyed, UtcDateTime

_OPEN = "state in ('held','queued','sending')"
_WAITS = "state in ('held','queued')"
_BULK = "priority < 0"
_ORDINARY = "priority >= 0"
_LOST = "state in ('failed','undelivered','unresolved')"
_SILENT = "state = 'sent' and looks < 4"


class Delivery(Keyed, Base):
    """One send to one address. `body` is what leaves; `original` what a person wrote, when it was translated.

    `dedupe_key` makes a second row for the same cause impossible (for example "turn:12:1").
    `kind`: reply, staff, reminder, broadcast, urgent, alert, consent, crisis. `error_code` is the carrier's; `reason` is plain words.
    A row `sending` with an owner is being sent under a lease; without one its outcome is unclear, and
    `lease_until` is when the carrier's list may be believed. `resend_of` is the row whose text this one
    tries again after the carrier could not deliver it, `resends` how many tries went before.
    `sender` is the number (or messaging service) it leaves or left from; `slot_at` the slot of that sender
    that was reserved for it, while it waits for it. `looks` is how often the carrier was asked what became
    of it because no report came.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_open_line", "channel", "recipient", "id",
              sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        # What waits stands in one of two: a hundred thousand texts of a broadcast are never in a reply's way.
        Index("ix_deliveries_due", "due_at", "id",
              sqlite_where=text(f"{_WAITS} and {_ORDINARY}"),
              postgresql_where=text(f"{_WAITS} and {_ORDINARY}")),
        Index("ix_deliveries_bulk", "priority", "due_at", "id",
              sqlite_where=text(f"{_WAITS} and {_BULK}"), postgresql_where=text(f"{_WAITS} and {_BULK}")),
        Index("ix_deliveries_sending", "lease_until",
              sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
        Index("ix_deliveries_silent", "looks", "sent_at",
              sqlite_where=text(_SILENT), postgresql_where=text(_SILENT)),
        Index("ix_deliveries_lost", "created_at", "id",
              sqlite_where=text(_LOST), postgresql_where=text(_LOST)),
        Index("ix_deliveries_provider", "channel", "provider_id"),
        Index("ix_deliveries_recipient", "channel", "recipient", "created_at"),
        Index("ix_deliveries_broadcast", "broadcast_id", "state",
              sqlite_where=text("broadcast_id is not null"),
              postgresql_where=text("broadcast_id is not null")),
        # Whether another try of a text waits is asked when it arrived after all, and when somebody sends it again.
        Index("ix_deliveries_resend_of", "resend_of",
              sqlite_where=text("resend_of is not null"), postgresql_where=text("resend_of is not null")),
    )  # fmt: skip

    dedupe_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    broadcast_id: Mapped[int | None]
    language: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Text)
    original_language: Mapped[str | None]
    segments: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="queued")
    priority: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    error_code: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)
    resend_of: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    resends: Mapped[int] = mapped_column(default=0)
    sender: Mapped[str | None]
    slot_at: Mapped[datetime | None]
    looks: Mapped[int] = mapped_column(default=0)


class StatusEvent(Keyed, Base):
    """One status callback as it came; kept also when it belongs to no delivery we know yet.

    `reason`, `resends`, `opted_out`, `scope` and `not_before` are what was known of the error number when it
    came.
    """

    __tablename__ = "status_events"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id", "status", "error_code_key"),
        Index("ix_status_events_provider", "channel", "provider_id"),
    )

    channel: Mapped[str]
    provider_id: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[int | None]
    error_code_key: Mapped[int] = mapped_column(default=0)  # 0 for none: NULLs never collide
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    received_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
    resends: Mapped[int] = mapped_column(default=0)
    opted_out: Mapped[bool] = mapped_column(default=False)
    scope: Mapped[str] = mapped_column(default="message")
    not_before: Mapped[datetime | None]


BULK = Delivery.priority < literal_column("0")
"""A text of a broadcast. The number stands in the statement itself: partial indexes are used only then."""

ORDINARY = Delivery.priority >= literal_column("0")
"""Any other text."""

WAITS = Delivery.state.in_(("held", "queued"))
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a text is due whose broadcast is paused."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """How deliveries not yet under way end: `state` (cancelled or suppressed), why in plain words, when."""

    state: str
    reason: str
    at: datetime


def withdraw_line(
    session: Session, channel: str, recipient: str, withdrawal: Withdrawal, *, except_kinds: Sequence[str]
) -> None:
    """End all that waits to be sent to a line, but for some kinds. What is being sent stays."""
    theirs = (Delivery.channel == channel) & (Delivery.recipient == recipient)
    _withdraw(session, theirs & Delivery.kind.not_in(except_kinds), withdrawal)


def withdraw_deliveries(session: Session, ids: Sequence[int], withdrawal: Withdrawal) -> None:
    """End those of these deliveries that still wait to be sent."""
    if ids:
        _withdraw(session, Delivery.id.in_(ids), withdrawal)


def withdraw_broadcast(session: Session, broadcast_id: int, withdrawal: Withdrawal) -> None:
    """End all of a broadcast that waits to be sent."""
    _withdraw(session, Delivery.broadcast_id == broadcast_id, withdrawal)


def park_broadcast(session: Session, broadcast_id: int, reason: str) -> None:
    """Hold all of a broadcast that waits to be sent, until it is resumed."""
    _park(session, broadcast_id, WAITS, state="held", due_at=NEVER, reason=reason)


def unpark_broadcast(session: Session, broadcast_id: int) -> None:
    """Make all that was held with its broadcast due again.

    Due since they were made, so that they come before a later broadcast's texts to the same lines, which
    wait for them: a claim never has to look past a crowd that may not leave yet.
    """
    parked = WAITS & (Delivery.due_at == NEVER)
    _park(session, broadcast_id, parked, state="queued", due_at=Delivery.created_at, reason=None)


def _park(session: Session, broadcast_id: int, which: ColumnElement[bool], **values: object) -> None:
    session.execute(update(Delivery).where(Delivery.broadcast_id == broadcast_id, which).values(**values))


def has_open_broadcast(session: Session, broadcast_id: int) -> bool:
    """Whether anything of a broadcast is still to leave, or leaving."""
    query = select(Delivery.id).where(
        Delivery.broadcast_id == broadcast_id, Delivery.state.in_(("held", "queued", "sending"))
    )
    return session.scalars(query.limit(1)).first() is not None


def _withdraw(session: Session, which: ColumnElement[bool], withdrawal: Withdrawal) -> None:
    ended = {"state": withdrawal.state, "reason": withdrawal.reason, "finished_at": withdrawal.at}
    session.execute(update(Delivery).where(which, WAITS).values(ended))


def id_by_provider(session: Session, channel: str, provider_id: str) -> int | None:
    """The delivery the carrier knows under this id."""
    query = select(Delivery.id).where(Delivery.channel == channel, Delivery.provider_id == provider_id)
    return session.scalars(query.order_by(Delivery.id)).first()


def attached_ids(session: Session, channel: str, provider_ids: Collection[str]) -> frozenset[str]:
    """Those of the carrier's ids that already belong to a delivery."""
    query = select(Delivery.provider_id).where(
        Delivery.channel == channel, Delivery.provider_id.in_(provider_ids)
    )
    return frozenset(found for found in session.scalars(query) if found is not None)


def count_answered(session: Session, channel: str, recipient: str, since: datetime) -> int:
    """How many turns of a line got at least one reply since then; a long reply in parts counts once."""
    line = {"line_channel": channel, "line_recipient": recipient, "since": since}
    count: int = session.connection().execute(_ANSWERED, line).scalar_one()
    return count


_ANSWERED = select(func.count(Delivery.turn_id.distinct())).where(  # built once
    Delivery.channel == bindparam("line_channel"),
    Delivery.recipient == bindparam("line_recipient"),
    Delivery.kind == "reply",
    Delivery.created_at > bindparam("since", type_=UtcDateTime()),
)


def last_senders(session: Session, channel: str, recipients: Collection[str]) -> Mapping[str, str]:
    """From which number lines got their last text, by line."""
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.channel == channel, Delivery.recipient.in_(recipients), Delivery.sender.is_not(None))
        .group_by(Delivery.recipient)
    )
    query = select(Delivery.recipient, Delivery.sender).where(Delivery.id.in_(newest))
    return {row[0]: row[1] for row in session.execute(query) if row[1] is not None}


def list_open_resends(session: Session, delivery_id: int) -> Sequence[Delivery]:
    """Later tries of a delivery's text that have not left yet."""
    query = select(Delivery).where(
        Delivery.resend_of == delivery_id, Delivery.state.in_(("held", "queued")), Delivery.attempts == 0
    )
    return session.scalars(query).all()
