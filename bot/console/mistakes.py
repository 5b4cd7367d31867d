"""Pages for what goes wrong: each says what happened and what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.console.texts import N_
from bot.model.errors import NotFound, Taken


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a page of this kind says."""

    title: str
    advice: str


MISTAKES = {
    401: Mistake(
        N_("You are no longer signed in"),
        N_("Your session has ended, and nothing was sent. "
           "Copy your text from below if there is any, sign in and send it again."),
    ),
    403: Mistake(
        N_("This page is not for your role"),
        N_("Your account may not open this page. Go back to your cases, or ask an administrator for access."),
    ),
    404: Mistake(
        N_("There is nothing at this address"),
        N_("The case or page does not exist, or it is looked after by somebody else. Go back to your cases and search."),
    ),
    409: Mistake(
        N_("Somebody else was faster"),
        N_("A colleague changed this case a moment ago. Open it again to see how it stands now."),
    ),
    419: Mistake(
        N_("This page was open too long"),
        N_("For safety the form is no longer valid, and nothing was sent. "
           "Copy your text from below, go back, reload the page and send it again."),
    ),
    429: Mistake(
        N_("Too many tries"),
        N_("Please wait one minute and try again."),
    ),
    500: Mistake(
        N_("Something went wrong on our side"),
        N_("Nothing you sent was lost on the way to a family. Go back and look at the case before you try again. "
           "If it happens again, tell your administrator the time it happened."),
    ),
}  # fmt: skip


_TYPED = re.compile(r"(text|why)$|translation-")
"""Fields in which people write at length."""


def add_handlers(blueprint: Blueprint) -> None:
    """Answer every mistake made inside the console with a page of its own."""

    @blueprint.errorhandler(CSRFError)
    def _too_old(_error: CSRFError) -> ResponseReturnValue:
        return show_mistake(419, status=400)

    @blueprint.errorhandler(NotFound)
    def _not_found(_error: NotFound) -> ResponseReturnValue:
        return show_mistake(404)

    @blueprint.errorhandler(Taken)
    def _taken(_error: Taken) -> ResponseReturnValue:
        return show_mistake(409)

    @blueprint.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        return show_mistake(code) if code in MISTAKES else error.get_response()


def show_mistake(kind: int, *, status: int | None = None) -> ResponseReturnValue:
    """The page for a kind of mistake; what the person had typed is kept on it."""
    typed = "\n\n".join(text for name, text in request.form.items() if _TYPED.match(name) and text.strip())
    page = render_template("console/mistake.html", mistake=MISTAKES[kind], kind=kind, typed=typed)
    return page, status or kind
