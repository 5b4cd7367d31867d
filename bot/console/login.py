"""The door: sign in, sign out, choose a language."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, logout_user

from bot.console.access import EVERYBODY, required_roles
from bot.console.forms.signing import LONGEST_NAME, LanguageForm, LogInForm
from bot.console.identity import begin_session, here
from bot.console.passwords import check_log_in
from bot.console.places import nearest_page
from bot.console.services import ConsoleServices
from bot.console.texts import LANGUAGES, translate
from bot.storage.staff import AuditEvent, load_account, record_audit

TRIES_ON_A_NAME = "20 per minute"  # from one address
TRIES_FROM_AN_ADDRESS = "200 per minute"  # over all user names: a whole school may stand behind one address


def safe_next(target: str | None) -> str:
    """The page to go to after the log-in: only one of the console's own, never where a form is sent."""
    home = url_for("console.list_cases")
    path = target or ""
    if not path.startswith(home) or not path.isprintable() or "\\" in path:
        return home
    place = urlsplit(path).path
    if "//" in place or ".." in place:
        return home
    page = nearest_page(place)
    return path if page == place else page


def add_routes(blueprint: Blueprint, services: ConsoleServices, limiter: Limiter) -> None:
    """Mount the door."""

    @blueprint.get("/log-in", endpoint="log_in")
    def show_log_in() -> ResponseReturnValue:
        if request.args.get("language") in LANGUAGES:
            session["language"] = request.args["language"]
            return redirect(url_for("console.log_in", next=request.args.get("next")))
        if current_user.is_authenticated:
            return redirect(safe_next(request.args.get("next")))
        return render_template("console/log_in.html", form=LogInForm(next=request.args.get("next", "")))

    @blueprint.post("/log-in", endpoint="sign_in")
    @limiter.limit(lambda: TRIES_FROM_AN_ADDRESS)
    @limiter.limit(lambda: TRIES_ON_A_NAME, key_func=_name_at_address)
    def sign_in() -> ResponseReturnValue:
        return _sign_in(services)

    @blueprint.post("/log-out", endpoint="log_out")
    @required_roles(*EVERYBODY)
    def log_out() -> ResponseReturnValue:
        return _log_out(services)

    @blueprint.post("/language", endpoint="choose_language")
    @required_roles(*EVERYBODY)
    def choose_language() -> ResponseReturnValue:
        return _choose_language(services)


def _name_at_address() -> str:
    name = request.form.get("username", "").strip().lower()
    return f"{get_remote_address()} {name[:LONGEST_NAME]}"


def _sign_in(services: ConsoleServices) -> ResponseReturnValue:
    form = LogInForm()
    person = None
    if form.validate_on_submit():
        now = services.clock.now()
        person = check_log_in(services.database, form.username.data or "", form.password.data or "", now)
    if person is None:
        return render_template(
            "console/log_in.html", form=form, refused=form.is_submitted() and not form.errors
        ), 422
    chosen = session.get("language")
    begin_session(person, services)
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(safe_next(form.next.data))


def _log_out(services: ConsoleServices) -> ResponseReturnValue:
    """End all of the person's sessions: a cookie that was copied must not outlive the log-out."""
    person = here()
    now = services.clock.now()
    with services.database.write() as writing:
        account = load_account(writing, person.account_id)
        if account is not None:
            account.session_epoch += 1
        record_audit(writing, AuditEvent(
            at=now, actor=person.username, deed="logged_out", subject_kind="account", subject_id=person.account_id,
            detail={},
        ))  # fmt: skip
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    flash(translate("You are signed out."), "success")
    return redirect(url_for("console.log_in"))


def _choose_language(services: ConsoleServices) -> ResponseReturnValue:
    form = LanguageForm()
    if form.validate_on_submit():
        session["language"] = form.language.data
        with services.database.write() as writing:
            account = load_account(writing, here().account_id)
            if account is not None:
                account.language = form.language.data
    return redirect(safe_next(form.next.data))
