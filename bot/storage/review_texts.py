"""Texts that the line was not sure of, without names and numbers, for staff to say what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, Text, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Keyed

STATUSES = ("open", "labelled", "dismissed")


class ReviewText(Keyed, Base):
    """One redacted text. Nothing leads from it to a family: no telephone, no conversation, no case.

    `fingerprint` is of the text alone: the same text again is counted (`times`), not kept twice.
    `guessed` and `second` are the model's guesses, `suggested` the intent that what the family did next points to.
    """

    __tablename__ = "review_texts"
    __table_args__ = (Index("ix_review_texts_list", "status", "language", "last_at"),)

    fingerprint: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    why: Mapped[str]  # unsure clarified corrected asked_for_person crisis_false_alarm
    guessed: Mapped[str | None]
    confidence: Mapped[float | None]
    second: Mapped[str | None]
    second_confidence: Mapped[float | None]
    suggested: Mapped[str | None]
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="open")
    label: Mapped[str | None]
    labelled_by: Mapped[str | None]
    labelled_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What is looked for; empty fields do not narrow."""

    status: str = "open"
    language: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody says about a text: a status, and the intent for a labelled one; `at` None undoes it."""

    status: str
    label: str | None
    actor: str
    at: datetime | None


def find_by_fingerprint(session: Session, fingerprint: str) -> ReviewText | None:
    """The text of this fingerprint, if it is kept."""
    return session.scalars(select(ReviewText).where(ReviewText.fingerprint == fingerprint)).one_or_none()


def list_texts(session: Session, wanted: ReviewFilter, page: tuple[int, int]) -> Sequence[ReviewText]:
    """One page: those written most often first, then the latest. `page` is (number from 1, size)."""
    number, size = page
    query = _narrowed(select(ReviewText), wanted)
    ordered = query.order_by(ReviewText.times.desc(), ReviewText.last_at.desc(), ReviewText.id.desc())
    return session.scalars(ordered.limit(size).offset((number - 1) * size)).all()


def count_texts(session: Session, wanted: ReviewFilter) -> int:
    """How many texts stand on all pages."""
    return session.scalar(_narrowed(select(func.count(ReviewText.id)), wanted)) or 0


def count_statuses(session: Session) -> Mapping[str, int]:
    """How many texts are open, labelled and dismissed."""
    rows = session.execute(select(ReviewText.status, func.count()).group_by(ReviewText.status)).all()
    found = {str(status): int(count) for status, count in rows}
    return {status: found.get(status, 0) for status in STATUSES}


def list_languages(session: Session, wanted: ReviewFilter) -> Sequence[str]:
    """The languages that occur, for the filter."""
    query = _narrowed(select(ReviewText.language).distinct(), replace(wanted, language=""))
    return session.scalars(query.order_by(ReviewText.language)).all()


def settle(session: Session, text_id: int, verdict: Verdict, *, before: Sequence[str]) -> bool:
    """Give a text its status and label; False when it is not (any more) in one of the statuses `before`.

    A text that is labelled anew has not been exported with its new label.
    """
    changed = session.scalars(
        update(ReviewText)
        .where(ReviewText.id == text_id, ReviewText.status.in_(before))
        .values(
            status=verdict.status, label=verdict.label, labelled_at=verdict.at,
            labelled_by=verdict.actor if verdict.at else None, exported_at=None,
        )
        .returning(ReviewText.id),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    return changed.first() is not None


def list_labelled(session: Session, language: str | None, *, exported_too: bool) -> Sequence[ReviewText]:
    """The labelled texts in the order they came; without `exported_too` only those that no export has given out."""
    query = select(ReviewText).where(ReviewText.status == "labelled")
    if language:
        query = query.where(ReviewText.language == language)
    if not exported_too:
        query = query.where(ReviewText.exported_at.is_(None))
    return session.scalars(query.order_by(ReviewText.id)).all()


def delete_before(session: Session, moment: datetime) -> int:
    """Delete the texts that nobody wrote since. How many."""
    gone = session.scalars(
        delete(ReviewText).where(ReviewText.last_at < moment).returning(ReviewText.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())


def _narrowed(query: Select[Any], wanted: ReviewFilter) -> Select[Any]:
    query = query.where(ReviewText.status == wanted.status)
    if wanted.language:
        query = query.where(ReviewText.language == wanted.language)
    return query.where(ReviewText.why == wanted.why) if wanted.why else query
