"""The simulator: telephones on a page. Its texts take the real way, through signed webhooks."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import ValidationError, generate_csrf, validate_csrf

from bot.simulator.coming import read_coming
from bot.simulator.phones import read_phones
from bot.simulator.services import SimulatorServices
from bot.storage.coming_reminders import make_due
from bot.storage.phone_threads import activity_mark

LONGEST = 1600
"""Characters that a carrier takes as one message."""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def create_blueprint(services: SimulatorServices) -> Blueprint:
    """The pages at /simulator. Never mounted in production."""
    blueprint = Blueprint(
        "simulator", __name__, url_prefix="/simulator", template_folder="templates", static_folder="static"
    )
    _guard(blueprint)
    _add_looking(blueprint, services)
    _add_doing(blueprint, services)
    return blueprint


def _guard(blueprint: Blueprint) -> None:
    @blueprint.before_request
    def _before() -> None:
        if request.method == "POST":
            try:
                validate_csrf(request.headers.get("X-CSRFToken"))
            except ValidationError:
                abort(400, "The page was open too long: load it again.")

    @blueprint.after_request
    def _after(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = CONTENT_POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        return answer


def _add_looking(blueprint: Blueprint, services: SimulatorServices) -> None:
    @blueprint.get("/")
    def show() -> ResponseReturnValue:
        page = render_template(
            "simulator/phones.html", phones=services.phones, longest=LONGEST, token=generate_csrf()
        )
        return page, {"Cache-Control": "no-store"}

    @blueprint.get("/state")
    def state() -> ResponseReturnValue:
        with services.database.read() as session:
            mark = activity_mark(session)
            if request.if_none_match.contains(mark):
                return Response(status=304)
            answer = jsonify(phones=read_phones(session, services), reminders=read_coming(session, services))
        answer.set_etag(mark)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _add_doing(blueprint: Blueprint, services: SimulatorServices) -> None:
    known = frozenset(phone.number for phone in services.phones)

    @blueprint.post("/texts")
    def text() -> ResponseReturnValue:
        asked = request.get_json(silent=True) or {}
        number, body = str(asked.get("number", "")), str(asked.get("body", ""))
        picture = asked.get("picture") is True
        if number not in known:
            abort(404, "There is no such telephone on this page.")
        if len(body) > LONGEST or not (body or picture):
            abort(422, f"A text has 1 to {LONGEST} characters.")
        services.company.write(number, body, picture=picture)
        return "", 204

    @blueprint.post("/reminders/<int:reminder_id>/now")
    def remind(reminder_id: int) -> ResponseReturnValue:
        with services.database.write() as session:
            if not make_due(session, reminder_id, services.clock.now()):
                abort(404, "This reminder does not wait any more.")
        return "", 204
