"""One process of the product, from its start to its end: which parts it has follows from its role."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import OperationalError

from bot import logs
from bot.app import Homeline
from bot.environment import serving_faults
from bot.jobs.presence import Presence
from bot.model.errors import HomelineError
from bot.serving.memory import settle_memory
from bot.serving.preparing import hold, prepare
from bot.serving.stopping import Stop
from bot.serving.telling import announce, say, secrets_of
from bot.serving.ticking import Ticking
from bot.serving.web import WebServer
from bot.serving.working import Working
from bot.settings import Settings
from bot.web import build_web

log = structlog.get_logger(__name__)

CANNOT, NO_DATABASE = 2, 3
"""Exit statuses: the settings or the data forbid the start; the database does not answer (start again later)."""


class Part(Protocol):
    """Something a process does in the background."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End in order."""


def serve(settings: Settings) -> int:
    """Serve until told to stop. 0 after a clean stop, 2 when the settings or the data keep it from starting,
    3 when the database does not answer."""
    logs.configure(settings.log_level, secrets_of(settings), json=not sys.stderr.isatty())
    faults = serving_faults(settings)
    if faults:
        say("Homeline cannot start:", *faults)
        return CANNOT
    home = Homeline(settings)
    try:
        with hold(home):
            prepare(home)
            _run(home)
    except HomelineError as error:
        say("Homeline cannot start:", str(error))
        return CANNOT
    except OperationalError as error:
        log.critical("database_does_not_answer", error=type(error.orig).__name__)
        return NO_DATABASE
    log.info("stopped")
    return 0


def _run(home: Homeline) -> None:
    role, stop = home.settings.role, Stop()
    web = _web(home)
    working = Working(home) if role in ("all", "worker") else None
    ticking = Ticking(home) if role in ("all", "clock") else None
    stop.on_signals()
    with ExitStack() as stack:
        stack.callback(home.close)
        for part in (_presence(home, working, ticking), working, ticking):
            if part is not None:
                _begin(part, stack)
        if working is None:  # who works does so when the model is loaded
            settle_memory()
        if web is not None:
            announce(home)
            web.run(stop)
        else:
            say(f"Homeline, {role}: ready to stop with Ctrl-C.")
            stop.wait()


def _begin(part: Part, stack: ExitStack) -> None:
    """Parts end in the opposite order: the ticks first, then the jobs, and at last the sign of life."""
    part.start()
    stack.callback(part.stop)


def _web(home: Homeline) -> WebServer | None:
    """Bound before anything begins, so that a port that is taken stops the start."""
    role = home.settings.role
    if role not in ("all", "web"):
        return None
    return WebServer(build_web(home.settings, home), home.settings, shared=role == "web")


def _presence(home: Homeline, working: Working | None, ticking: Ticking | None) -> Presence:
    def detail() -> Mapping[str, Any]:
        told: dict[str, Any] = {"role": home.settings.role}
        if working is not None:
            told["model"] = list(working.model)
        if ticking is not None:
            told["leads"] = ticking.leads
        return told

    return Presence(home.database, home.clock, home.owner, detail)
