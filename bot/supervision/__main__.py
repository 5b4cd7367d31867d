"""Web, worker and clock processes behind one address, a PostgreSQL, and in development a carrier."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.development import with_development_account
from bot.environment import load_settings
from bot.model.errors import BadSetting, HomelineError
from bot.settings import ROOT, Settings
from bot.supervision.postgres import LocalPostgres, free_port
from bot.supervision.processes import Child, Supervisor, to_standard_error

LOGS = ROOT / "var" / "log"
POSTGRES = ROOT / "var" / "postgres"
ROLES = ("web", "worker", "clock")


def main() -> int:
    """Run until Ctrl-C or SIGTERM. 0 after a clean stop, 2 when the settings forbid the start."""
    numbers = _numbers()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: stop.set())
    try:
        settings = with_development_account(load_settings(dotenv=ROOT / ".env"))
        with _database(settings) as url:
            return _run(_children(settings, url, numbers), settings, stop)
    except BadSetting as error:
        to_standard_error(f"Homeline cannot start:\n{error}")
    except HomelineError as error:
        to_standard_error(f"The cluster cannot start: {error}")
    return 2


def _numbers() -> Mapping[str, int]:
    made = argparse.ArgumentParser(prog="python -m bot.supervision", description=__doc__)
    for role in ROLES:
        made.add_argument(f"--{role}", type=int, default=2, help=f"so many {role} processes")
    return {role: getattr(made.parse_args(), role) for role in ROLES}


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The PostgreSQL of DATABASE_URL, else one of our own under var/."""
    if not settings.database_url.startswith("sqlite"):
        yield settings.database_url
        return
    own = LocalPostgres(POSTGRES, free_port())
    own.start()
    to_standard_error(f"PostgreSQL of its own in {POSTGRES}: {own.url}")
    try:
        yield own.url
    finally:
        own.stop()


def _children(settings: Settings, url: str, numbers: Mapping[str, int]) -> list[Child]:
    environment = dict(os.environ) | {"DATABASE_URL": url}
    children = []
    if settings.mode == "development" and "TWILIO_API_BASE" not in os.environ:
        port = free_port()
        environment |= {"TWILIO_API_BASE": f"http://127.0.0.1:{port}"}
        children.append(Child("carrier", _carrier(settings, port), environment, outlives=True))
    server = [sys.executable, str(ROOT / "server.py")]
    for role in ROLES:
        own = environment | {"HOMELINE_ROLE": role}
        children += [Child(f"{role}-{number}", server, own) for number in range(1, numbers[role] + 1)]
    return children


def _carrier(settings: Settings, port: int) -> list[str]:
    """The development carrier is one process for all: it remembers every text, and whom STOP bars."""
    given: dict[str, Any] = {
        "--port": port,
        "--ledger": ROOT / "var" / "carrier.db",
        "--account-sid": settings.twilio_account_sid,
        "--auth-token": settings.auth_tokens[0],
        "--number": settings.twilio_from,
        "--public-base-url": settings.public_base_url,
    }
    words = [str(word) for pair in given.items() for word in pair]
    return [sys.executable, "-m", "bot.simulator.carrier", *words]


def _run(children: list[Child], settings: Settings, stop: threading.Event) -> int:
    supervisor = Supervisor(children, LOGS, to_standard_error)
    supervisor.start()
    base = f"http://{settings.host}:{settings.port}"
    shown = {"console": "/console", "readiness": "/readyz"}
    if settings.mode == "development":
        shown["simulator"] = "/simulator"
    for name, path in shown.items():
        to_standard_error(f"  {name:<10} {base}{path}")
    to_standard_error(f"  logs       {LOGS}\n  Ctrl-C stops all.")
    status = None
    while status is None and not stop.wait(0.2):
        status = supervisor.look()
    clean = supervisor.stop()
    return status if status is not None else 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
