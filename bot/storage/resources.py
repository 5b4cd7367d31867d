"""Community resources, after the Human Services Data Specification (HSDS 3.0)."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
