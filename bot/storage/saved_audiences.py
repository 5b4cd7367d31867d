"""Audiences that staff gave a name, to use them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.people import StaffMember

_STANDS = text("removed_at is null")


class SavedAudience(Keyed, Base):
    """A named audience, as JSON. A removed one stays, so that what was sent to it still says its name.

    `name_key` is the name as it is compared. `author_id` is who made it, None for an operator's.
    """

    __tablename__ = "saved_audiences"
    __table_args__ = (
        Index("uq_saved_audiences_standing", "name_key", unique=True,
              sqlite_where=_STANDS, postgresql_where=_STANDS),
    )  # fmt: skip

    name: Mapped[str]
    name_key: Mapped[str]
    audience: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    author: Mapped[StaffMember | None] = relationship()


def list_saved(session: Session) -> Sequence[SavedAudience]:
    """The saved audiences that stand, with who made them; by name."""
    query = (
        select(SavedAudience)
        .where(SavedAudience.removed_at.is_(None))
        .options(joinedload(SavedAudience.author))
        .order_by(SavedAudience.name_key)
    )
    return session.scalars(query).all()


def find_saved(session: Session, name_key: str) -> SavedAudience | None:
    """The saved audience of this name that stands."""
    query = select(SavedAudience).where(
        SavedAudience.name_key == name_key, SavedAudience.removed_at.is_(None)
    )
    return session.scalars(query).one_or_none()
