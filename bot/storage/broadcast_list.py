"""Broadcasts as staff look at them: lists by tab, one within sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from bot.storage.broadcasts import Broadcast
from bot.storage.case_list import Viewer

TABS = ("current", "approval", "drafts", "ended")
_PEOPLE = (joinedload(Broadcast.author), joinedload(Broadcast.approver))


@dataclass(frozen=True, slots=True)
class BroadcastPage:
    """One page of a list, and how many broadcasts stand on all pages."""

    broadcasts: Sequence[Broadcast]
    total: int


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
