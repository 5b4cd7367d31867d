"""`doctor`: looks at settings, keys, webhook address, zone, database and model, and says what to mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import click

from bot.app import Homeline, parts
from bot.environment import serving_faults
from bot.model.errors import HomelineError
from bot.settings import Settings
from bot.storage.lost_deliveries import LostQuery, count_lost
from bot.storage.revisions import NEWER, current_revision, is_newer, newest_revision

ALERTS_SINCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing looked at. `level`: ok, warn or bad."""

    level: str
    text: str


@click.command()
def doctor() -> None:
    """Check this installation and say what to mend. Exit status 1 when families cannot be served."""
    marks = {"ok": "ok  ", "warn": "WARN", "bad": "BAD "}
    worst = "ok"
    for advice in examine(parts()):
        click.echo(f"{marks[advice.level]}  {advice.text}")
        worst = max(worst, advice.level, key=("ok", "warn", "bad").index)
    raise SystemExit(1 if worst == "bad" else 0)


def examine(home: Homeline) -> Iterator[Advice]:
    """Every check in turn; none changes anything or asks the network."""
    settings = home.settings
    faults = serving_faults(settings)
    yield from (Advice("bad", fault) for fault in faults)
    if not faults:
        yield Advice("ok", f"settings: complete for {settings.mode}")
    yield from _keys(settings)
    yield _address(settings)
    local = datetime.now(settings.zone)
    yield Advice(
        "ok", f"zone: {settings.school_timezone}; it is {local:%A %H:%M} at the schools. Is that right?"
    )
    yield from _database(home)
    yield from _model(home)
    if settings.trial_numbers:
        yield Advice(
            "warn",
            f"TRIAL_NUMBERS: trial mode is on; broadcasts and reminders reach {len(settings.trial_numbers)} numbers only",
        )
    if not settings.on_call:
        yield Advice(
            "warn", "ON_CALL_NUMBERS: nobody is alerted by text in a crisis; only the console shows it"
        )


def _keys(settings: Settings) -> Iterator[Advice]:
    if settings.twilio_from and settings.twilio_messaging_service_sid:
        yield Advice("warn", "TWILIO_FROM: is not used, because TWILIO_MESSAGING_SERVICE_SID is set")
    if len(settings.auth_tokens) > 1:
        yield Advice(
            "warn",
            f"TWILIO_AUTH_TOKEN: {len(settings.auth_tokens)} tokens are accepted; drop the old one when the rotation is over",
        )
    if settings.twilio_api_base and settings.mode == "production":
        yield Advice(
            "warn", f"TWILIO_API_BASE: texts go to {urlsplit(settings.twilio_api_base).netloc}, not to Twilio"
        )


def _address(settings: Settings) -> Advice:
    address = urlsplit(settings.public_base_url)
    webhook = f"{settings.public_base_url}/twilio/messages#rc=3&rp=all"
    if settings.mode == "production" and address.scheme != "https":
        return Advice(
            "bad",
            f"PUBLIC_BASE_URL: {settings.public_base_url} is not https; texts would cross the net in clear",
        )
    if "_" in (address.hostname or ""):
        return Advice(
            "bad", "PUBLIC_BASE_URL: the carrier refuses host names with an underscore for status callbacks"
        )
    return Advice("ok", f"webhook: Twilio's incoming-message address must be exactly {webhook}")


def _database(home: Homeline) -> Iterator[Advice]:
    kind = "SQLite (one process)" if home.database.embedded else "PostgreSQL"
    try:
        current, newest = current_revision(home.database), newest_revision()
    except Exception as error:
        yield Advice("bad", f"DATABASE_URL: {kind} does not answer ({type(error).__name__})")
        return
    if is_newer(current):
        yield Advice("bad", f"database: {kind}, at migration {current}, {NEWER}")
    elif current == newest:
        yield Advice("ok", f"database: {kind}, at migration {current}")
        yield from _alerts(home)
    else:
        yield Advice(
            "warn", f"database: {kind}, at migration {current}, needs {newest}; the next start migrates it"
        )


def _alerts(home: Homeline) -> Iterator[Advice]:
    with home.database.read() as session:
        lost = count_lost(session, LostQuery(since=home.clock.now() - ALERTS_SINCE, kinds=("alert",)))
    if lost:
        yield Advice(
            "warn",
            f"ON_CALL_NUMBERS: alerts that did not arrive in the last {ALERTS_SINCE.days} days: {lost}",
        )


def _model(home: Homeline) -> Iterator[Advice]:
    ready, detail = home.model_state()
    yield Advice("ok" if ready else "bad", f"model: {detail}")
    try:
        flows = home.flows
    except HomelineError as error:
        yield Advice("bad", f"flows: {error}")
        return
    yield Advice("ok", f"flows: {len(flows.flows)} conversations, all checks passed")
