"""Forms in which staff write to a family, and the language they write it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import session

from bot.console.forms.case import CloseForm, ReplyForm
from bot.console.identity import here
from bot.console.services import ConsoleServices
from bot.console.texts import language_name

_KEY = "writes"
F = TypeVar("F", ReplyForm, CloseForm)


def filled_in(kind: type[F], services: ConsoleServices) -> F:
    """The form as it was sent."""
    return _ready(kind(written_in=usual_language(services)), services)


def empty(kind: type[F], services: ConsoleServices) -> F:
    """The form as it is shown first: in the language this person wrote last, else that of the account."""
    return _ready(kind(formdata=None, written_in=usual_language(services)), services)


def usual_language(services: ConsoleServices) -> str:
    """The tag of the language this person writes, unless told otherwise."""
    remembered = session.get(_KEY)
    return str(remembered) if remembered in _tags(services) else here().language


def language_written(services: ConsoleServices, chosen: str | None) -> str:
    """The tag that was chosen, if it is one of those offered."""
    return chosen if chosen is not None and chosen in _tags(services) else usual_language(services)


def remember(form: ReplyForm | CloseForm) -> str:
    """The chosen language, also for the next text of this session."""
    keep_language(form.written_in.data)
    return str(form.written_in.data)


def keep_language(tag: str) -> None:
    """Offer this language first for the next text of this session."""
    session[_KEY] = tag


def writing_languages(services: ConsoleServices) -> list[tuple[str, str]]:
    """The languages one may write in: tags and how the reader calls them."""
    return [(tag, language_name(tag)) for tag in _tags(services)]


def _ready(form: F, services: ConsoleServices) -> F:
    form.offer_languages(writing_languages(services))
    return form


def _tags(services: ConsoleServices) -> Sequence[str]:
    return list(dict.fromkeys((here().language, *services.policy.languages)))
