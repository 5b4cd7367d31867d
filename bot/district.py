"""The settings as the school's rules and the console want them."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.development import DEMO
from bot.school.closed_days import read_closed_days
from bot.school.demo.calendar import closed_days
from bot.school.demo.simulator import on_call_numbers
from bot.school.policy import Policy, in_order_of_offer
from bot.school.written_values import parse_distance, parse_opening, parse_window
from bot.settings import ROOT, Settings


def policy_of(settings: Settings, locales: Path) -> Policy:
    """The district's choices. What is not set takes the demo district's calendar and numbers, where that is wanted."""
    quiet_from, quiet_until = parse_window(settings.quiet_hours)
    office_opens, office_closes = parse_opening(settings.office_hours)
    return Policy(
        district=settings.district,
        office_phone=settings.office_phone,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        office_opens=office_opens,
        office_closes=office_closes,
        answer_within_hours=settings.answer_within_hours,
        approval_above=settings.broadcast_approval_above,
        undo=timedelta(seconds=settings.broadcast_undo_seconds),
        replies_to_author=settings.broadcast_replies_to_author,
        segment_price=settings.sms_segment_price,
        reminders=tuple(parse_distance(word) for word in settings.reminders),
        spoken=in_order_of_offer(("en", *(path.parts[-3] for path in locales.glob("*/LC_MESSAGES/bot.po")))),
        trial_numbers=settings.trial_numbers,
        closed_days=read_closed_days(settings.closed_days)
        or (closed_days(DEMO) if settings.demo else frozenset()),
        on_call=settings.on_call or (on_call_numbers(DEMO) if settings.demo else ()),
    )


def secret_key_of(settings: Settings) -> str:
    """Signs console sessions. Development makes one and keeps it beside the database."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    if settings.mode == "production":
        return secrets.token_hex(32)  # commands only: serving refuses to start without SECRET_KEY
    kept = ROOT / "var" / "secret_key"
    if not kept.exists():
        _make_secret(kept)
    return kept.read_text(encoding="ascii")


def _make_secret(kept: Path) -> None:
    """Write it whole before it has its name: of several processes that start together one makes it for all."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, encoding="ascii") as made:
        made.write(secrets.token_hex(32))
        made.flush()
        with suppress(FileExistsError):
            os.link(made.name, kept)
