"""The page of a guardian's own hours: when texts nobody asked for may come. For the office."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.access import OFFICE, required_roles
from bot.console.forms.hours import HoursForm
from bot.console.identity import here
from bot.console.services import ConsoleServices
from bot.console.texts import N_
from bot.model.errors import BadInput, NotFound
from bot.school.resting import OwnHours, district_rest, read_hours, set_hours
from bot.storage.people import Guardian


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the page and its form."""

    @blueprint.get("/families/<key:guardian_id>/hours", endpoint="show_hours")
    @required_roles(*OFFICE)
    def show_hours(guardian_id: int) -> ResponseReturnValue:
        with services.database.read() as session:
            own = read_hours(session, _guardian(session, guardian_id).id)
            form = HoursForm(
                formdata=None, not_before=_shown(own, "not_before"), not_after=_shown(own, "not_after"),
                zone=own.zone or "",
            )  # fmt: skip
            return _page(session, services, guardian_id, form)

    @blueprint.post("/families/<key:guardian_id>/hours", endpoint="set_hours")
    @required_roles(*OFFICE)
    def change_hours(guardian_id: int) -> ResponseReturnValue:
        return _set(services, guardian_id)


def _set(services: ConsoleServices, guardian_id: int) -> ResponseReturnValue:
    form = HoursForm()
    with services.database.write() as session:
        guardian = _guardian(session, guardian_id)
        if not form.validate():
            return _page(session, services, guardian_id, form), 422
        rest, now = district_rest(services.policy, services.zone), services.clock.now()
        try:
            set_hours(session, guardian, form.hours, rest, actor=here().username, now=now)
        except BadInput as error:
            return _page(session, services, guardian_id, form, refused=str(error)), 422
    flash(N_("The hours are kept. They hold for all texts that have not left yet."), "success")
    return redirect(url_for("console.show_hours", guardian_id=guardian_id))


def _page(
    session: Session, services: ConsoleServices, guardian_id: int, form: HoursForm, *, refused: str = ""
) -> str:
    policy = services.policy
    return render_template(
        "console/family_hours.html", guardian=_guardian(session, guardian_id), sheet=form, refused=refused,
        rest=f"{policy.quiet_from:%H:%M}–{policy.quiet_until:%H:%M}", zone=services.zone.key,
    )  # fmt: skip


def _guardian(session: Session, guardian_id: int) -> Guardian:
    found = session.get(Guardian, guardian_id)
    if found is None or not found.active:
        raise NotFound(f"no guardian {guardian_id}")
    return found


def _shown(own: OwnHours, name: str) -> str:
    value = getattr(own, name)
    return f"{value:%H:%M}" if value is not None else ""
