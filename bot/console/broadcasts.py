"""The rooms of broadcasts: the list, one broadcast with its counts, and what became of it for each family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import broadcast_view as view
from bot.console import broadcast_words as words
from bot.console import words as case_words
from bot.console.access import EVERYBODY, required_roles
from bot.console.broadcast_series import read_series
from bot.console.identity import here
from bot.console.paging import Pages, page_number
from bot.console.services import ConsoleServices
from bot.school.broadcasts.counts import count, count_all
from bot.school.broadcasts.preview import preview
from bot.storage import broadcast_list
from bot.storage.broadcast_outcomes import Piece, list_outcomes
from bot.storage.broadcast_replies import count_replies, list_cases_of
from bot.storage.broadcasts import Broadcast

PAGE = 10
"""Broadcasts on a page: they are counted from their rows."""

RESULTS_PAGE = 50
CASES = 20
"""Cases listed on the page of a broadcast, the latest ones."""

LIVE_PARTS = ("progress", "state", "undo")
"""Parts of the page of a broadcast that are kept fresh, each a template of its own."""

SHOWN = 50
"""Problems named on the page of a draft."""


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the pages and the counts that keep one fresh."""

    @blueprint.get("/broadcasts", endpoint="list_broadcasts")
    @required_roles(*EVERYBODY)
    def list_broadcasts() -> ResponseReturnValue:
        return _show_list(services)

    @blueprint.get("/broadcasts/<key:broadcast_id>", endpoint="show_broadcast")
    @required_roles(*EVERYBODY)
    def show_broadcast(broadcast_id: int) -> ResponseReturnValue:
        return _show(services, broadcast_id)

    @blueprint.get("/broadcasts/<key:broadcast_id>/progress", endpoint="progress_broadcast")
    @required_roles(*EVERYBODY)
    def progress_broadcast(broadcast_id: int) -> ResponseReturnValue:
        with services.database.read() as session:
            broadcast = view.visible_broadcast(session, broadcast_id)
            facts = _standing(session, services, broadcast)
            parts = {part: render_template(f"console/_broadcast_{part}.html", **facts) for part in LIVE_PARTS}
            return jsonify(marker=view.marker(broadcast), final=view.final(broadcast), parts=parts)

    @blueprint.get("/broadcasts/<key:broadcast_id>/recipients", endpoint="list_recipients")
    @required_roles(*EVERYBODY)
    def list_recipients(broadcast_id: int) -> ResponseReturnValue:
        return _show_recipients(services, broadcast_id)


def _show_list(services: ConsoleServices) -> ResponseReturnValue:
    tab = request.args.get("tab", "current")
    tab = tab if tab in broadcast_list.TABS else "current"
    viewer = here().viewer
    with services.database.read() as session:
        counts = broadcast_list.count_tabs(session, viewer)
        number = min(page_number(request.args.get("page")), Pages(1, counts[tab], PAGE).count)
        found = broadcast_list.list_page(session, tab, viewer, (number, PAGE))
        return render_template(
            "console/broadcasts.html",
            rows=_rows(session, found.broadcasts),
            pages=Pages(number, found.total, PAGE),
            counts=counts,
            tab=tab,
            tabs=[name for name in broadcast_list.TABS if name != "approval" or viewer.sees_all],
            words=words,
            now=services.clock.now(),
        )


def _rows(session: Session, broadcasts: Sequence[Broadcast]) -> list[dict[str, Any]]:
    counts = count_all(session, broadcasts)
    return [
        {
            "broadcast": broadcast,
            "audience": view.audience_words(session, broadcast),
            "counts": counts[broadcast.id],
            "waits": broadcast_list.waits_for_approval(broadcast),
        }
        for broadcast in broadcasts
    ]


def _show(services: ConsoleServices, broadcast_id: int) -> ResponseReturnValue:
    now = services.clock.now()
    with services.database.read() as session:
        broadcast = view.visible_broadcast(session, broadcast_id)
        to_come = broadcast.state == "draft" or "scheduled" in (broadcast.state, broadcast.paused_from)
        return render_template(
            "console/broadcast.html",
            **_standing(session, services, broadcast),
            audience=view.audience_words(session, broadcast),
            powers=view.powers(broadcast),
            seen=preview(session, broadcast, view.desk(services)) if to_come else None,
            shown=SHOWN,
            too_late=broadcast.expires_at is not None and broadcast.expires_at <= now + services.policy.undo,
            undo_time=int(services.policy.undo.total_seconds()),
            series=read_series(session, services, broadcast),
            replies=count_replies(session, broadcast_id) if broadcast.state != "draft" else None,
            reply_cases=list_cases_of(session, broadcast_id, here().viewer, CASES),
            case_words=case_words,
            marker=view.marker(broadcast),
            now=now,
        )


def _standing(session: Session, services: ConsoleServices, broadcast: Broadcast) -> dict[str, Any]:
    """What the page shows of how a broadcast stands, and shows anew while it is under way."""
    return _progress(session, broadcast) | {
        "waits": broadcast_list.waits_for_approval(broadcast),
        "undo": view.seconds_to_undo(broadcast, services.clock.now()),
    }


def _progress(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    counts = count(session, broadcast)
    return {
        "broadcast": broadcast,
        "counts": counts,
        "lines": view.lines(counts, paused=broadcast.state == "paused"),
        "words": words,
    }


def _show_recipients(services: ConsoleServices, broadcast_id: int) -> ResponseReturnValue:
    state = request.args.get("state", "")
    state = state if state in words.RESULTS else ""
    with services.database.read() as session:
        broadcast = view.visible_broadcast(session, broadcast_id)
        facts = _progress(session, broadcast)
        total = facts["counts"].recipients
        if state:
            total = sum(line.count for line in facts["lines"] if line.state == state)
        number = min(page_number(request.args.get("page")), Pages(1, total, RESULTS_PAGE).count)
        piece = Piece(state=state, limit=RESULTS_PAGE, offset=(number - 1) * RESULTS_PAGE)
        return render_template(
            "console/broadcast_recipients.html",
            **facts,
            results=list_outcomes(session, broadcast_id, piece),
            pages=Pages(number, total, RESULTS_PAGE),
            state=state,
            known=view.SAID_BY_THE_STATE,
            paused=broadcast.state == "paused",
        )
