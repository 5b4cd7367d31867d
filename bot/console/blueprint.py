"""The console as one blueprint: rooms, guards at the door, and the head of every answer."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request, session
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from bot.console import (
    audiences,
    broadcast_deeds,
    broadcast_series,
    broadcast_trial,
    broadcast_writing,
    broadcasts,
    case,
    case_deeds,
    cases,
    conversations,
    family_hours,
    languages,
    login,
    lost,
    mistakes,
    review,
)
from bot.console.access import EVERYBODY, required_roles
from bot.console.identity import init_identity
from bot.console.keys import KeyConverter
from bot.console.reader import page_words, settle_language
from bot.console.services import ConsoleServices
from bot.console.texts import load_catalogues

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_login(app: Flask, services: ConsoleServices) -> None:
    """Give the app what the console stands on: log-in, CSRF tokens, Bootstrap from our own address.

    CSRF is checked by the console's own guard, not for every route: webhooks are signed instead.
    """
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", int(services.stay_signed_in.total_seconds()))
    app.config.setdefault("BOOTSTRAP_SERVE_LOCAL", True)
    CSRFProtect(app)
    app.static_url_path = app.static_url_path or "/static"  # Bootstrap-Flask builds its own address from it
    Bootstrap5(app)
    init_identity(app, services)


def create_blueprint(services: ConsoleServices) -> Blueprint:
    """The console at /console. Call `init_login` on the same app first."""
    blueprint = Blueprint(
        "console", __name__, url_prefix="/console", template_folder="templates", static_folder="static"
    )
    blueprint.record_once(_know_keys)
    limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)
    blueprint.record_once(lambda state: limiter.init_app(cast(Flask, state.app)))
    _guard(blueprint, services)
    mistakes.add_handlers(blueprint)
    login.add_routes(blueprint, services, limiter)
    for room in (
        cases, case, case_deeds, broadcasts, broadcast_writing, broadcast_deeds, broadcast_series, broadcast_trial,
        audiences, conversations, family_hours, lost, review, languages,
    ):  # fmt: skip
        room.add_routes(blueprint, services)
    _catch_the_rest(blueprint)
    return blueprint


def _know_keys(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["key"] = KeyConverter


def _guard(blueprint: Blueprint, services: ConsoleServices) -> None:
    catalogues = load_catalogues(services.locales)

    @blueprint.before_request
    def _before() -> None:
        settle_language(catalogues)
        current_app.extensions["csrf"].protect()

    @blueprint.context_processor
    def _words() -> dict[str, object]:
        return dict(page_words(services))

    @blueprint.after_request
    def _after(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = CONTENT_POLICY
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        if not answer.direct_passthrough:  # a shared desk: nothing about families stays in the browser
            answer.headers["Cache-Control"] = "no-store"
        if request.accept_mimetypes.best == "application/json":
            session.modified = False  # a script's answer comes late: it must not bring back an ended session
        return answer


def _catch_the_rest(blueprint: Blueprint) -> None:
    @blueprint.get("/<path:rest>", endpoint="nowhere")
    @required_roles(*EVERYBODY)
    def nowhere(rest: str) -> ResponseReturnValue:
        abort(404)
