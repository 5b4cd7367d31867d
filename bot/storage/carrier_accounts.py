"""Carrier accounts and their circuit breakers: one row an account, shared by all workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base
from bot.storage.inserting import InsertOnce


class CarrierAccount(Base):
    """One account. `failures` counts the failures of the account in a row, since anything was last taken.

    While `opened_at` is set nothing is handed over; from `retry_at` on one text tries it (`probed_at` is
    when it left). `openings` counts tries that failed in a row; `reason` is plain words.
    """

    __tablename__ = "carrier_accounts"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    probed_at: Mapped[datetime | None]
    openings: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]


def add_account(session: Session, name: str) -> None:
    """A row for the account, if it has none yet."""
    _ADD.run(session, {"name": name, "failures": 0, "openings": 0})


_ADD = InsertOnce(CarrierAccount.__table__, ["name"], CarrierAccount.name)


def lock_account(session: Session, name: str) -> CarrierAccount | None:
    """The account as it stands now, kept from every other writer until the transaction ends."""
    query = select(CarrierAccount).where(CarrierAccount.name == name)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


def list_troubled(session: Session) -> Sequence[CarrierAccount]:
    """Accounts that are open, or whose last tries failed."""
    query = select(CarrierAccount).where(
        or_(CarrierAccount.opened_at.is_not(None), CarrierAccount.failures > 0)
    )
    return session.scalars(query.order_by(CarrierAccount.name)).all()
