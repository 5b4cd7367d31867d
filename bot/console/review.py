"""The room of texts to review: what the bot was not sure of, for staff to say what was meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.access import OFFICE, required_roles
from bot.console.identity import here
from bot.console.paging import Pages, page_number
from bot.console.services import ConsoleServices
from bot.console.texts import N_, translate
from bot.console.words import INTENTS
from bot.school import review_labels
from bot.storage import review_texts
from bot.storage.review_texts import STATUSES, ReviewFilter

PAGE = 25

Deed = Callable[[Session, int, datetime], str]
"""Does something to a text and gives the message for the reader."""


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the list and what is done on it."""

    @blueprint.get("/review", endpoint="list_review")
    @required_roles(*OFFICE)
    def list_review() -> ResponseReturnValue:
        return _show_list(services)

    for name, deed in (("label", _label), ("dismiss", _dismiss), ("undo", _undo)):
        _mount(blueprint, services, name, deed)


def _mount(blueprint: Blueprint, services: ConsoleServices, name: str, deed: Deed) -> None:
    @blueprint.post(f"/review/<key:text_id>/{name}", endpoint=f"{name}_review")
    @required_roles(*OFFICE)
    def act(text_id: int) -> ResponseReturnValue:
        with services.database.write() as session:
            message = deed(session, text_id, services.clock.now())
        flash(message, "success")
        done = text_id if name != "undo" else None
        return redirect(url_for("console.list_review", **_place(request.form), done=done))


def wanted_filter() -> ReviewFilter:
    """What the address of the page asks for; what makes no sense is left out."""
    status, why = request.args.get("status", "open"), request.args.get("why", "")
    return ReviewFilter(
        status=status if status in STATUSES else "open",
        language=request.args.get("language", "")[:20],
        why=why if why in review_words.WHY else "",
    )


def _show_list(services: ConsoleServices) -> ResponseReturnValue:
    wanted = wanted_filter()
    with services.database.read() as session:
        total = review_texts.count_texts(session, wanted)
        number = min(page_number(request.args.get("page")), Pages(1, total, PAGE).count)
        return render_template(
            "console/review.html",
            texts=review_texts.list_texts(session, wanted, (number, PAGE)),
            pages=Pages(number, total, PAGE),
            counts=review_texts.count_statuses(session),
            languages=review_texts.list_languages(session, wanted),
            wanted=wanted,
            intents={name: INTENTS[name] for name in review_words.MEANINGS},
            words=review_words,
            done=page_number(request.args.get("done")) if request.args.get("done") else None,
            narrowed=bool(wanted.language or wanted.why),
        )


def _place(given: Mapping[str, str]) -> dict[str, Any]:
    """Where on the list the reader was."""
    return {name: given[name] for name in ("status", "language", "why", "page") if given.get(name)}


def _label(session: Session, text_id: int, now: datetime) -> str:
    intent = request.form.get("label", "")
    if intent not in review_words.MEANINGS:
        abort(404)
    review_labels.label(session, text_id, intent, here().username, now)
    return translate(
        "Kept for the next training: the family %(meaning)s.", meaning=translate(INTENTS[intent])
    )


def _dismiss(session: Session, text_id: int, now: datetime) -> str:
    review_labels.dismiss(session, text_id, here().username, now)
    return translate(N_("Put aside. Nothing is learned from this text."))


def _undo(session: Session, text_id: int, now: datetime) -> str:
    review_labels.undo(session, text_id, here().username, now)
    return translate(N_("The text is back on the list."))
