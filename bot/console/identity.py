"""Who is signed in: one account, for one session, until it ends, is ended, or grows too old."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user

from bot.console.services import ConsoleServices
from bot.console.texts import N_
from bot.model.errors import HomelineError
from bot.storage.case_list import Viewer
from bot.storage.staff import Account, load_account

SEES_ALL = frozenset({"office", "admin"})
"""Roles that work on every case; the others see what was given to them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff at the console, as flask-login needs one."""

    account_id: int
    epoch: int
    username: str
    name: str
    roles: frozenset[str]
    staff_id: int | None
    language: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session cookie keeps: the account and the epoch that it must still have."""
        return f"{self.account_id}:{self.epoch}"

    @property
    def viewer(self) -> Viewer:
        """How far this person sees."""
        return Viewer(self.staff_id, bool(self.roles & SEES_ALL))


def signed_in(account: Account) -> SignedIn:
    """The account as the person at the console."""
    staff = account.staff
    return SignedIn(
        account_id=account.id,
        epoch=account.session_epoch,
        username=account.username,
        name=f"{staff.given_name} {staff.family_name}" if staff else account.username,
        roles=frozenset(role.strip() for role in account.roles.split(",") if role.strip()),
        staff_id=account.staff_id,
        language=account.language,
    )


def here() -> SignedIn:
    """The person who makes this request; only on routes that a role protects."""
    person = current_user._get_current_object()
    if not isinstance(person, SignedIn):
        raise HomelineError("nobody is signed in on a route that needs somebody")
    return person


def begin_session(person: SignedIn, services: ConsoleServices) -> None:
    """Start afresh: nothing that was in the browser before the log-in lives on."""
    session.clear()
    login_user(person)
    session["signed_in_at"] = services.clock.now().timestamp()


def init_identity(app: Flask, services: ConsoleServices) -> None:
    """Teach flask-login to find the account again on every request."""
    manager = LoginManager(app)
    manager.login_view = "console.log_in"
    manager.login_message = N_("Please sign in. You will come back to the page you asked for.")
    manager.login_message_category = "info"
    manager.user_loader(lambda marker: find_session(services, marker))


def find_session(services: ConsoleServices, marker: str) -> SignedIn | None:
    """The person of a session, or None when it ended: log-out, closed account, or its time is up."""
    age = services.clock.now().timestamp() - float(session.get("signed_in_at", 0))
    account_id, _, epoch = marker.partition(":")
    if not account_id.isdigit() or not 0 <= age < services.stay_signed_in.total_seconds():
        return None
    with services.database.read() as reading:
        account = load_account(reading, int(account_id))
        if account is None or not account.active or str(account.session_epoch) != epoch:
            return None
        return signed_in(account)
