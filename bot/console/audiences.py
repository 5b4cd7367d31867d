"""The room of saved audiences: what each is made of, who made it; whose it is may rename or remove it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.access import EVERYBODY, required_roles
from bot.console.broadcast_view import parts_in_words
from bot.console.identity import here
from bot.console.services import ConsoleServices
from bot.console.texts import N_
from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.audience import Audience
from bot.school.broadcasts.saved import remove_audience, rename_audience
from bot.storage.saved_audiences import SavedAudience, list_saved


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the list and its two deeds."""

    @blueprint.get("/audiences", endpoint="list_audiences")
    @required_roles(*EVERYBODY)
    def list_audiences() -> ResponseReturnValue:
        with services.database.read() as session:
            rows = [(row, _parts(session, row), may_change(row)) for row in list_saved(session)]
            return render_template("console/audiences.html", rows=rows)

    @blueprint.post("/audiences/<key:audience_id>/rename", endpoint="rename_audience")
    @required_roles(*EVERYBODY)
    def rename(audience_id: int) -> ResponseReturnValue:
        def change(session: Session, row: SavedAudience) -> str:
            name = request.form.get("name", "")
            rename_audience(session, row.name, name, actor=here().username, now=services.clock.now())
            return N_("It has a new name.")

        return _do(services, audience_id, change)

    @blueprint.post("/audiences/<key:audience_id>/remove", endpoint="remove_audience")
    @required_roles(*EVERYBODY)
    def remove(audience_id: int) -> ResponseReturnValue:
        def change(session: Session, row: SavedAudience) -> str:
            remove_audience(session, row.name, actor=here().username, now=services.clock.now())
            return N_("It cannot be chosen any more. What was sent to it still says its name.")

        return _do(services, audience_id, change)


def may_change(row: SavedAudience) -> bool:
    """Whose it is, and the office."""
    person = here()
    return person.viewer.sees_all or (person.staff_id is not None and person.staff_id == row.author_id)


def _parts(session: Session, row: SavedAudience) -> str:
    return parts_in_words(session, Audience.from_json(row.audience))


def _do(
    services: ConsoleServices, audience_id: int, change: Callable[[Session, SavedAudience], str]
) -> ResponseReturnValue:
    try:
        with services.database.write() as session:
            row = session.get(SavedAudience, audience_id)
            if row is None or row.removed_at is not None:
                raise NotFound(f"no saved audience {audience_id}")
            if not may_change(row):
                abort(403)
            flash(change(session, row), "success")
    except Taken:
        flash(N_("There is a saved audience of this name already."), "danger")
    except BadInput:
        flash(N_("A name has 1 to 60 characters."), "danger")
    return redirect(url_for("console.list_audiences"))
