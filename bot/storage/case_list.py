"""The list of cases as staff look at it: tabs, filters, search, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import Session, joinedload

from bot.storage.cases import Case
from bot.storage.conversations import Conversation
from bot.storage.people import Guardian, Student
from bot.storage.searching import any_contains, words_in

TABS = ("open", "mine", "overdue", "urgent", "closed")
_PEOPLE = (joinedload(Case.owner), joinedload(Case.guardian), joinedload(Case.student))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `staff_id` is the roster's; one who does not see all sees only the cases he or she owns."""

    staff_id: int | None
    sees_all: bool


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is looked for; empty fields do not narrow."""

    tab: str = "open"
    kind: str = ""
    language: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list, and how many cases stand on all pages."""

    cases: Sequence[Case]
    total: int


def find_visible(session: Session, case_id: int, viewer: Viewer) -> Case | None:
    """The case with its people, or None when there is none, or none for this viewer."""
    query = select(Case).where(Case.id == case_id, within_sight(viewer)).options(*_PEOPLE)
    return session.scalars(query).one_or_none()


def lock_case(session: Session, case_id: int) -> None:
    """Hold the case until the end of the transaction: two presses of a button come one after the other."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())


def list_cases(
    session: Session, wanted: CaseFilter, viewer: Viewer, now: datetime, page: tuple[int, int]
) -> CasePage:
    """The cases of a tab. `page` is (number from 1, size).

    Unanswered before answered, urgent first, then the one due soonest; closed ones latest first.
    """
    number, size = page
    narrowed = _narrowed(select(Case), wanted, viewer, now)
    total = session.scalar(select(func.count()).select_from(narrowed.with_only_columns(Case.id).subquery()))
    ordered = narrowed.order_by(*_order(wanted.tab)).limit(size).offset((number - 1) * size)
    return CasePage(session.scalars(ordered.options(*_PEOPLE)).all(), total or 0)


def count_tabs(session: Session, viewer: Viewer, now: datetime) -> Mapping[str, int]:
    """How many cases stand under each tab, filters aside."""
    counts = {}
    for tab in TABS:
        query = _narrowed(select(func.count(Case.id)), CaseFilter(tab), viewer, now)
        counts[tab] = session.scalar(query) or 0
    return counts


def list_languages(session: Session, wanted: CaseFilter, viewer: Viewer, now: datetime) -> Sequence[str]:
    """The languages that occur under a tab, for its filter."""
    query = _narrowed(select(Case.language).distinct(), replace(wanted, language=""), viewer, now)
    return session.scalars(query.order_by(Case.language)).all()


def within_sight(viewer: Viewer) -> ColumnElement[bool]:
    """The cases somebody may see."""
    if viewer.sees_all:
        return true()
    return false() if viewer.staff_id is None else Case.owner_id == viewer.staff_id


def _order(tab: str) -> tuple[Any, ...]:
    if tab == "closed":
        return Case.closed_at.desc(), Case.id.desc()
    return (Case.status != "open").asc(), Case.urgent.desc(), Case.due_at.asc(), Case.id.asc()


def _narrowed(query: Select[Any], wanted: CaseFilter, viewer: Viewer, now: datetime) -> Select[Any]:
    query = query.where(within_sight(viewer), _in_tab(wanted.tab, viewer, now))
    if wanted.kind:
        query = query.where(Case.kind == wanted.kind)
    if wanted.language:
        query = query.where(Case.language == wanted.language)
    return query.where(_matches(wanted.words)) if wanted.words.strip() else query


def _in_tab(tab: str, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    if tab == "closed":
        return Case.status == "closed"
    alive = Case.status != "closed"
    if tab == "mine":
        return false() if viewer.staff_id is None else alive & (Case.owner_id == viewer.staff_id)
    if tab == "overdue":  # an answered case has kept its promise
        return (Case.status == "open") & (Case.due_at < now)
    return alive & Case.urgent if tab == "urgent" else alive


def _matches(words: str) -> ColumnElement[bool]:
    """Every word must occur: in the reference, the family's words, a name, or the telephone number."""
    found: ColumnElement[bool] = true()
    for word in words_in(words):
        line = select(Conversation.id).where(
            Conversation.id == Case.conversation_id, Conversation.address.contains(word, autoescape=True)
        )
        people = _named(Guardian, Case.guardian_id, word) | _named(Student, Case.student_id, word)
        found = found & (any_contains((Case.reference, Case.words), word) | people | line.exists())
    return found


def _named(who: type[Guardian] | type[Student], key: Any, word: str) -> ColumnElement[bool]:
    return select(who.id).where(who.id == key, any_contains((who.given_name, who.family_name), word)).exists()
