"""What staff do with a broadcast: send, approve, pause, resume, cancel. Each is a POST and is audited."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.access import EVERYBODY, OFFICE, required_roles
from bot.console.broadcast_view import desk, may_approve, visible_broadcast
from bot.console.identity import here
from bot.console.services import ConsoleServices
from bot.console.texts import N_, translate_count
from bot.model.errors import BadInput, Taken
from bot.school.broadcasts import course
from bot.school.broadcasts.audience import Audience, check_reach
from bot.school.broadcasts.preview import Preview, preview
from bot.storage.broadcasts import Broadcast
from bot.storage.people import StaffMember

Deed = Callable[[ConsoleServices, Session, Broadcast], str]
"""Does something to a broadcast and gives the message for the reader."""

LEFT = ("sending", "sent", "delivered", "undelivered", "unresolved")
"""States of texts that have begun to leave."""


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the deeds."""
    for name, roles, deed in (
        ("approve", OFFICE, _approve), ("pause", EVERYBODY, _pause), ("resume", EVERYBODY, _resume),
        ("cancel", EVERYBODY, _cancel),
    ):  # fmt: skip
        _mount(blueprint, services, name, roles, deed)

    @blueprint.post("/broadcasts/<key:broadcast_id>/send", endpoint="send_broadcast")
    @required_roles(*EVERYBODY)
    def send(broadcast_id: int) -> ResponseReturnValue:
        return _answer(services, broadcast_id, _sending(services, broadcast_id))


def _mount(
    blueprint: Blueprint, services: ConsoleServices, name: str, roles: tuple[str, ...], deed: Deed
) -> None:
    @blueprint.post(f"/broadcasts/<key:broadcast_id>/{name}", endpoint=f"{name}_broadcast")
    @required_roles(*roles)
    def act(broadcast_id: int) -> ResponseReturnValue:
        return _answer(services, broadcast_id, deed)


def _answer(services: ConsoleServices, broadcast_id: int, deed: Deed) -> ResponseReturnValue:
    told, tone = _done(services, broadcast_id, deed)
    flash(told, tone)
    return redirect(url_for("console.show_broadcast", broadcast_id=broadcast_id))


def _done(services: ConsoleServices, broadcast_id: int, deed: Deed) -> tuple[str, str]:
    """Do it, or say why it could not be done; the page then shows how the broadcast stands."""
    try:
        with services.database.write() as session:
            return deed(services, session, visible_broadcast(session, broadcast_id)), "success"
    except Taken:
        return N_("It has changed meanwhile. This is how it stands now."), "info"
    except BadInput:
        return N_("This could not be done. The page says what stands in the way."), "danger"


def _sending(services: ConsoleServices, broadcast_id: int) -> Deed:
    """The deed that sends a draft as it stands. Whom it reaches is read before anything is locked."""
    with services.database.read() as session:
        broadcast = visible_broadcast(session, broadcast_id)
        if broadcast.author_id != here().staff_id:
            abort(403)
        return partial(_send, preview(session, broadcast, desk(services)))


def _send(seen: Preview, services: ConsoleServices, session: Session, broadcast: Broadcast) -> str:
    check_reach(session, broadcast.author, Audience.from_json(broadcast.audience))
    course.schedule(session, broadcast.id, seen, desk(services), here().username)
    if seen.needs_approval:
        return N_("Kept for sending. It leaves as soon as a second person has approved it.")
    return translate_count(
        "It goes to %(count)s telephone.", "It goes to %(count)s telephones.", seen.recipients
    )


def _approve(services: ConsoleServices, session: Session, broadcast: Broadcast) -> str:
    approver = session.get(StaffMember, here().staff_id) if may_approve() else None
    if approver is None:
        abort(403)
    why = request.form.get("why", "")
    course.approve(session, broadcast.id, approver, desk(services), here().username, why=why)
    return N_("Approved. It leaves at its time.")


def _pause(services: ConsoleServices, session: Session, broadcast: Broadcast) -> str:
    course.pause(session, broadcast.id, here().username, services.clock.now())
    return N_("Paused. What has not begun to leave waits until you resume it.")


def _resume(services: ConsoleServices, session: Session, broadcast: Broadcast) -> str:
    course.resume(session, broadcast.id, here().username, services.clock.now())
    return N_("It goes on.")


def _cancel(services: ConsoleServices, session: Session, broadcast: Broadcast) -> str:
    draft = broadcast.state == "draft"
    counts = course.cancel(session, broadcast.id, here().username, services.clock.now())
    if draft:
        return N_("The draft is thrown away. Nothing was sent.")
    left = sum(counts.deliveries.get(state, 0) for state in LEFT)
    if not left:
        return N_("Cancelled. Nothing had left.")
    return translate_count(
        "Cancelled. %(count)s text had left or was leaving.",
        "Cancelled. %(count)s texts had left or were leaving.",
        left,
    )
