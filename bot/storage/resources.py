"""Community resources, after the Human Services Data Specification (HSDS 3.0)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from statistics import fmean

from sqlalchemy import ForeignKey, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from bot.storage.base import Base, Keyed


class Resource(Keyed, Base):
    """One service of one organization, flattened to what a text can say. `category` is the taxonomy code."""

    __tablename__ = "resources"

    source_id: Mapped[str] = mapped_column(unique=True)
    organization: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    phone: Mapped[str | None]
    url: Mapped[str | None]
    address: Mapped[str | None]  # None when it must stay hidden or there is none
    city: Mapped[str | None]
    postal_code: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    transportation: Mapped[str | None]
    languages: Mapped[str] = mapped_column(default="")  # comma list of tags
    interpretation: Mapped[str | None]
    free: Mapped[bool | None]  # None: not known
    fees: Mapped[str | None]
    eligibility: Mapped[str | None]
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    application: Mapped[str | None]
    documents: Mapped[str | None]
    assured_on: Mapped[date | None]

    hours: Mapped[list[ResourceHours]] = relationship(cascade="all, delete-orphan")


class ResourceHours(Keyed, Base):
    """Opening hours of a resource in the school's zone. `byday` as in RFC 5545 ("MO,TU" or "1SA")."""

    __tablename__ = "resource_hours"

    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), index=True)
    freq: Mapped[str]
    byday: Mapped[str | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


def list_active(session: Session, categories: Sequence[str]) -> Sequence[Resource]:
    """Services of these categories that are offered now, with their hours."""
    query = select(Resource).where(Resource.status == "active", Resource.category.in_(categories))
    return session.scalars(query.options(selectinload(Resource.hours)).order_by(Resource.id)).all()


def list_offered(session: Session) -> Sequence[Resource]:
    """All services that are offered now."""
    return session.scalars(select(Resource).where(Resource.status == "active").order_by(Resource.id)).all()


def list_by_ids(session: Session, ids: Sequence[int]) -> Sequence[Resource]:
    """Those of these services that are offered now, with their hours."""
    query = select(Resource).where(Resource.status == "active", Resource.id.in_(ids))
    return session.scalars(query.options(selectinload(Resource.hours)).order_by(Resource.id)).all()


def find_center(session: Session, postal_code: str) -> tuple[float, float] | None:
    """The middle (latitude, longitude) of the services we know in a postal code, or None."""
    rows = session.execute(
        select(Resource.latitude, Resource.longitude).where(
            Resource.postal_code == postal_code,
            Resource.latitude.is_not(None),
            Resource.longitude.is_not(None),
        )
    ).all()
    if not rows:
        return None
    return fmean(row[0] or 0 for row in rows), fmean(row[1] or 0 for row in rows)


def list_towns(session: Session) -> Sequence[tuple[str, str]]:
    """The towns of the services that are offered now, each with the postal code of most of them."""
    query = (
        select(Resource.city, Resource.postal_code)
        .where(Resource.status == "active", Resource.city.is_not(None), Resource.postal_code.is_not(None))
        .group_by(Resource.city, Resource.postal_code)
        .order_by(func.count().desc(), Resource.postal_code)
    )
    return [(town, code) for town, code in session.execute(query) if town and code]
