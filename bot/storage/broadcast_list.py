"""Broadcasts as staff look at them: lists by tab, one within sight, what became of it for each recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from bot.storage.broadcasts import Broadcast, BroadcastRecipient
from bot.storage.case_list import Viewer
from bot.storage.deliveries import Delivery
from bot.storage.people import Guardian

TABS = ("current", "approval", "drafts", "ended")
_PEOPLE = (joinedload(Broadcast.author), joinedload(Broadcast.approver))


@dataclass(frozen=True, slots=True)
class BroadcastPage:
    """One page of a list, and how many broadcasts stand on all pages."""

    broadcasts: Sequence[Broadcast]
    total: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a broadcast for one recipient: the delivery's state, or pending, or skipped, and why."""

    guardian: str
    children: tuple[str, ...]
    language: str
    state: str
    reason: str | None


def waits_for_approval(broadcast: Broadcast) -> bool:
    """Whether nothing of it leaves before a second person agrees."""
    due = "scheduled" in (broadcast.state, broadcast.paused_from)
    return due and broadcast.needs_approval and broadcast.approved_at is None


def find_visible(session: Session, broadcast_id: int, viewer: Viewer) -> Broadcast | None:
    """The broadcast with its people, or None when there is none, or none for this viewer."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id, _within_sight(viewer)).options(*_PEOPLE)
    return session.scalars(query).one_or_none()


def list_page(session: Session, tab: str, viewer: Viewer, page: tuple[int, int]) -> BroadcastPage:
    """The broadcasts of a tab, newest first. `page` is (number from 1, size)."""
    number, size = page
    wanted = select(Broadcast).where(_of_tab(tab), _within_sight(viewer))
    ordered = wanted.order_by(Broadcast.id.desc()).limit(size).offset((number - 1) * size)
    return BroadcastPage(session.scalars(ordered.options(*_PEOPLE)).all(), _count(session, tab, viewer))


def count_tabs(session: Session, viewer: Viewer) -> Mapping[str, int]:
    """How many broadcasts stand under each tab."""
    return {tab: _count(session, tab, viewer) for tab in TABS}


def list_results(session: Session, broadcast_id: int, state: str, page: tuple[int, int]) -> Sequence[Result]:
    """One page of recipients in the order of their keys, all or those in a state. `page` is (number from 1, size).

    A later try of a text counts in place of the first, unless the first arrived after all.
    """
    number, size = page
    query, outcome = _results(broadcast_id)
    if state:
        query = query.where(outcome == state)
    found = session.execute(
        query.order_by(BroadcastRecipient.id).limit(size).offset((number - 1) * size)
    ).all()
    return [
        Result(f"{row.given_name} {row.family_name}", tuple(row.children), row.language, row.outcome, row.why)
        for row in found
    ]


def _results(broadcast_id: int) -> tuple[Select[Any], ColumnElement[str]]:
    mine, first, again = BroadcastRecipient, aliased(Delivery), aliased(Delivery)
    last = (
        select(func.max(again.id))
        .where(again.broadcast_id == broadcast_id, again.resend_of.is_not(None))
        .group_by(again.resend_of)
    )
    later = aliased(Delivery, select(Delivery).where(Delivery.id.in_(last)).subquery())
    stays = or_(first.state == "delivered", later.id.is_(None))
    outcome = case((first.id.is_(None), mine.state), (stays, first.state), else_=later.state)
    why = case((first.id.is_(None), mine.reason), (stays, first.reason), else_=later.reason)
    query = (
        select(Guardian.given_name, Guardian.family_name, mine.children, mine.language,
               outcome.label("outcome"), why.label("why"))
        .join(Guardian, Guardian.id == mine.guardian_id)
        .outerjoin(first, first.id == mine.delivery_id)
        .outerjoin(later, later.resend_of == first.id)
        .where(mine.broadcast_id == broadcast_id)
    )  # fmt: skip
    return query, outcome


def _count(session: Session, tab: str, viewer: Viewer) -> int:
    return session.scalar(select(func.count(Broadcast.id)).where(_of_tab(tab), _within_sight(viewer))) or 0


def _within_sight(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sees_all:
        return true()
    return Broadcast.author_id == viewer.staff_id if viewer.staff_id is not None else false()


def _of_tab(tab: str) -> ColumnElement[bool]:
    state = Broadcast.state
    if tab == "drafts":
        return state == "draft"
    if tab == "ended":  # a draft that was thrown away never was to be sent: it is not shown
        return state.in_(("done", "expired")) | ((state == "cancelled") & Broadcast.undo_until.is_not(None))
    if tab == "approval":
        due = or_(state == "scheduled", Broadcast.paused_from == "scheduled")
        return due & Broadcast.needs_approval & Broadcast.approved_at.is_(None)
    return state.in_(("scheduled", "expanding", "sending", "paused"))
