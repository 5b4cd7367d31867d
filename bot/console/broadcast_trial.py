"""A broadcast tried out on a telephone of staff, and the list of those it would leave out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import broadcast_view as view
from bot.console import broadcast_words as words
from bot.console.access import EVERYBODY, required_roles
from bot.console.identity import here
from bot.console.paging import Pages, page_number
from bot.console.services import ConsoleServices
from bot.console.texts import N_, translate_count
from bot.model.errors import HomelineError
from bot.school.broadcasts.preview import list_left_out
from bot.school.broadcasts.trying import Wanted, try_out

PAGE = 50


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the deed and the list."""

    @blueprint.post("/broadcasts/<key:broadcast_id>/try", endpoint="try_broadcast")
    @required_roles(*EVERYBODY)
    def try_broadcast(broadcast_id: int) -> ResponseReturnValue:
        told, tone = _try(services, broadcast_id)
        flash(told, tone)
        return redirect(url_for("console.show_broadcast", broadcast_id=broadcast_id, _anchor="try"))

    @blueprint.get("/broadcasts/<key:broadcast_id>/left-out", endpoint="list_left_out")
    @required_roles(*EVERYBODY)
    def show_left_out(broadcast_id: int) -> ResponseReturnValue:
        return _show_left_out(services, broadcast_id)


def _try(services: ConsoleServices, broadcast_id: int) -> tuple[str, str]:
    numbers = tuple(part.strip() for part in request.form.get("numbers", "").split(",") if part.strip())
    wanted = Wanted(numbers, request.form.get("language") or None)
    try:
        with services.database.write() as session:
            broadcast = view.visible_broadcast(session, broadcast_id)
            if not view.powers(broadcast).attempt:
                return N_("It has changed meanwhile. This is how it stands now."), "info"
            texts = try_out(session, broadcast, wanted, view.desk(services), here().username)
            for text in texts:
                services.line.send_trial(session, text)
    except HomelineError:
        return N_(
            "The trial was not sent. Give up to 5 numbers of staff such as +15105550100, and see that nothing is missing."
        ), "danger"
    return translate_count(
        "A trial is on its way.", "%(count)s trials are on their way.", len(texts)
    ), "success"


def _show_left_out(services: ConsoleServices, broadcast_id: int) -> ResponseReturnValue:
    with services.database.read() as session:
        broadcast = view.visible_broadcast(session, broadcast_id)
        found = list_left_out(session, broadcast, view.desk(services))
        number = min(page_number(request.args.get("page")), Pages(1, len(found), PAGE).count)
        return render_template(
            "console/broadcast_left_out.html", broadcast=broadcast, words=words,
            rows=found[(number - 1) * PAGE : number * PAGE], pages=Pages(number, len(found), PAGE),
        )  # fmt: skip
