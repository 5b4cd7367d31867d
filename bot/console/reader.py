"""Which language the console speaks on this request, and what every page may use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.numbers import format_currency
from flask import g, request, session
from flask_login import current_user

from bot.console import moments
from bot.console.forms.case import PlainForm
from bot.console.forms.signing import LanguageForm
from bot.console.lost_reasons import why
from bot.console.places import page_address
from bot.console.services import ConsoleServices
from bot.console.texts import (
    LANGUAGES,
    LOCALES,
    Catalogues,
    direction,
    language_name,
    translate,
    translate_count,
)


def settle_language(catalogues: Catalogues) -> None:
    """The one chosen in this session, else the account's, else the browser's, else English."""
    wanted = session.get("language")
    if wanted not in LANGUAGES and current_user.is_authenticated:
        wanted = current_user.language
    if wanted not in LANGUAGES:
        wanted = request.accept_languages.best_match(list(LANGUAGES)) or "en"
    g.console_language = wanted
    g.console_texts = catalogues[wanted]


def page_words(services: ConsoleServices) -> Mapping[str, Any]:
    """What templates may call."""
    zone = services.zone

    def absolute(moment: datetime) -> str:
        return moments.absolute(moment, services.clock.now(), zone)

    return {
        "_": translate,
        "ngettext": translate_count,
        "language_name": language_name,
        "direction": direction,
        "absolute": absolute,
        "clock_time": lambda moment: moments.clock_time(moment, zone),
        "local_day": lambda moment: moments.local_day(moment, zone),
        "in_words": lambda moment: moments.in_words(moment, services.clock.now()),
        "due_in_words": lambda moment: moments.due_in_words(moment, services.clock.now()),
        "money": lambda dollars: format_currency(dollars, "USD", locale=LOCALES[g.console_language]),
        "district": services.policy.district,
        "trial_numbers": len(services.policy.trial_numbers),
        "console_language": g.get("console_language", "en"),
        "console_languages": LANGUAGES,
        "page_address": page_address,
        "why": why,
        "plain_form": PlainForm,
        "language_form": LanguageForm,
    }
