"""Who may use a route. Every route of the console but the log-in says it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bot.console.mistakes import show_mistake

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

EVERYBODY = ("office", "teacher", "admin")
OFFICE = ("office", "admin")


def required_roles(*roles: str) -> Callable[[View], View]:
    """Let only signed-in people with one of these roles in: others get the log-in page, or 403.

    What somebody sends whose session has ended is not done, but shown again: nothing typed is lost.
    """

    def protect(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated and request.method == "POST":
                return show_mistake(401)
            if not current_user.is_authenticated:
                answer = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
                return cast("ResponseReturnValue", answer)
            if not current_user.roles & frozenset(roles):
                abort(403)
            return view(*args, **values)

        guarded.required_roles = frozenset(roles)  # type: ignore[attr-defined]
        return cast("View", guarded)

    return protect
