"""What texts leave from: numbers and messaging services with their limits, and which number a line is used to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Double, ForeignKey, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.carrier_accounts import CarrierAccount
from bot.storage.conversations import Conversation
from bot.storage.inserting import InsertOnce


class SenderNumber(Keyed, Base):
    """One number, or one messaging service. Shared by all workers: who reserves a slot locks the row.

    `rate` is in segments a second, `daily_segments` in segments a day; 0: no limit. `day_segments` were
    taken on `day` (by the school's calendar). The three times are those of `bot.model.pace.Pace`.
    Until `paused_until` the carrier takes nothing from this number, for `pause_reason`; `pauses` counts
    how often that happened in a row. `lines` counts the lines that were given to it.
    """

    __tablename__ = "sender_numbers"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    channel: Mapped[str]
    address: Mapped[str]
    account: Mapped[str] = mapped_column(ForeignKey("carrier_accounts.name"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    rate: Mapped[float] = mapped_column(Double, default=0.0)
    daily_segments: Mapped[int] = mapped_column(default=0)
    day: Mapped[date | None]
    day_segments: Mapped[int] = mapped_column(default=0)
    free_at: Mapped[datetime]
    prompt_at: Mapped[datetime]
    bulk_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]
    pauses: Mapped[int] = mapped_column(default=0)
    pause_reason: Mapped[str | None]
    lines: Mapped[int] = mapped_column(default=0)

    carrier: Mapped[CarrierAccount] = relationship()


class SenderLine(Base):
    """The number a line that never wrote to us gets its texts from; who wrote gets them from where they wrote to.

    But not from `not_from_id`: a carrier said that there is no way from that number to the line.
    """

    __tablename__ = "sender_lines"

    channel: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("sender_numbers.id"), index=True)
    not_from_id: Mapped[int | None] = mapped_column(ForeignKey("sender_numbers.id"))


def list_senders(session: Session, channels: Collection[str] | None = None) -> Sequence[SenderNumber]:
    """The senders in use, with their accounts as they stand now; of all channels, or of some."""
    found = session.scalars(_IN_USE).all()
    return [sender for sender in found if channels is None or sender.channel in channels]


_IN_USE = (  # built once, as every claim asks this
    select(SenderNumber)
    .where(SenderNumber.active)
    .options(joinedload(SenderNumber.carrier))
    .order_by(SenderNumber.id)
    .execution_options(populate_existing=True)
)


def list_shut(session: Session) -> Sequence[SenderNumber]:
    """The senders in use whose account's breaker is open. Asked before every claim, and nearly always none."""
    if session.connection().execute(_ANY_SHUT).first() is None:
        return []
    return session.scalars(_SHUT).all()


_ANY_SHUT = select(CarrierAccount.name).where(CarrierAccount.opened_at.is_not(None)).limit(1)
_SHUT = (  # built once
    select(SenderNumber)
    .join(SenderNumber.carrier)
    .where(SenderNumber.active, CarrierAccount.opened_at.is_not(None))
    .options(contains_eager(SenderNumber.carrier))
    .execution_options(populate_existing=True)
)


def lock_senders(session: Session, ids: Collection[int]) -> None:
    """Bring these rows up to date and keep them from every other writer until the transaction ends."""
    if ids:
        session.scalars(_LOCKED, {"ids": list(ids)}).all()


_LOCKED = (  # built once
    select(SenderNumber)
    .where(SenderNumber.id.in_(bindparam("ids", expanding=True)))
    .order_by(SenderNumber.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def add_sender(session: Session, channel: str, address: str, account: str, now: datetime) -> None:
    """A row for the sender, if it has none yet; its time begins now."""
    begins = dict.fromkeys(("free_at", "prompt_at", "bulk_at"), now)
    _ADD.run(session, {"channel": channel, "address": address, "account": account, **begins})


_ADD = InsertOnce(SenderNumber.__table__, ["channel", "address"], SenderNumber.id)


def find_sender(session: Session, channel: str, address: str) -> SenderNumber | None:
    """The sender with this address, in use or not."""
    query = select(SenderNumber).where(SenderNumber.channel == channel, SenderNumber.address == address)
    return session.scalars(query).first()


def addresses_written_to(session: Session, channel: str, recipients: Collection[str]) -> Mapping[str, str]:
    """To which of our addresses these lines wrote last, by line."""
    query = select(Conversation.address, Conversation.our_address).where(
        Conversation.channel == channel,
        Conversation.address.in_(recipients),
        Conversation.our_address != "",
    )
    return {row[0]: row[1] for row in session.execute(query)}


class Kept(NamedTuple):
    """The sender a line was given before, and the one from which there is no way to it."""

    sender_id: int
    not_from_id: int | None


def kept_senders(session: Session, channel: str, recipients: Collection[str]) -> Mapping[str, Kept]:
    """What these lines were given before, by line."""
    query = select(SenderLine.recipient, SenderLine.sender_id, SenderLine.not_from_id).where(
        SenderLine.channel == channel, SenderLine.recipient.in_(recipients)
    )
    return {row[0]: Kept(row[1], row[2]) for row in session.execute(query)}


def shun_sender(session: Session, channel: str, recipient: str, sender_id: int) -> None:
    """Note that there is no way from this sender to a line that has another one."""
    theirs = (SenderLine.channel == channel) & (SenderLine.recipient == recipient)
    session.execute(update(SenderLine).where(theirs).values(not_from_id=sender_id))


def keep_senders(session: Session, channel: str, chosen: Mapping[str, int]) -> None:
    """Give lines their senders, for good. Only for a caller who holds the lock on the senders."""
    if chosen:
        values: list[dict[str, Any]] = [
            {"channel": channel, "recipient": recipient, "sender_id": sender_id}
            for recipient, sender_id in sorted(chosen.items())
        ]
        session.execute(_upsert(session), values)


def _upsert(session: Session) -> Any:
    """Also over a row of a sender that is out of use."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    adding = insert(SenderLine)
    return adding.on_conflict_do_update(
        index_elements=["channel", "recipient"], set_={"sender_id": adding.excluded.sender_id}
    )


def free_lines(session: Session, sender_id: int) -> None:
    """The lines of a sender that is out of use are given another one with their next text."""
    session.execute(delete(SenderLine).where(SenderLine.sender_id == sender_id))
