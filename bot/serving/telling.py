"""What a starting process says to the person at the keyboard, and what it must never say."""

from __future__ import annotations

import sys

import structlog

from bot.app import Homeline
from bot.development import DEMO
from bot.school.demo.loading import demo_accounts
from bot.settings import Settings

log = structlog.get_logger(__name__)


def announce(home: Homeline) -> None:
    """Tell the person at the keyboard where to look; a service manager's log gets it too, harmlessly."""
    base = f"http://{home.settings.host}:{home.settings.port}"
    if not home.policy.on_call:
        log.warning(
            "nobody_on_call", remedy="set ON_CALL_NUMBERS: until then a crisis shows in the console only"
        )
    lines = [f"Homeline serves {home.settings.district}.", f"  console    {base}/console"]
    if home.settings.mode == "development":
        lines.append(f"  simulator  {base}/simulator")
    if home.settings.demo:
        lines += [f"  log in as  {name} / {password}" for name, password in demo_accounts(DEMO)]
    say(*lines, "  Ctrl-C stops.")


def say(*lines: str) -> None:
    """Lines on standard error."""
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every value that must never reach a log."""
    secret = (settings.secret_key, settings.twilio_api_secret)
    return (*settings.auth_tokens, *(s.get_secret_value() for s in secret if s is not None))
