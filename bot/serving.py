"""Start, serve and stop the product in one process."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import structlog
import waitress
from apscheduler.schedulers.base import BaseScheduler

from bot import logs
from bot.app import Homeline, build_web
from bot.development import DEMO
from bot.environment import serving_faults
from bot.inbox.turns import release_all
from bot.jobs import lockfile
from bot.jobs.clock import build_scheduler
from bot.jobs.work import ticks
from bot.model.errors import HomelineError
from bot.school import need_vectors
from bot.school.demo.loading import demo_accounts, demo_is_wanted, load_demo, refresh_demo
from bot.settings import Settings
from bot.storage.migrating import migrate
from bot.understanding import wording

log = structlog.get_logger(__name__)


def prepare(home: Homeline) -> None:
    """Bring the schema up to date, and fill an empty database with the demo district if that is wanted."""
    migrate(home.database)
    with home.database.write() as session:
        if home.settings.demo and demo_is_wanted(session):
            load_demo(session, DEMO, home.clock.now(), home.settings.zone)
        elif home.settings.demo:
            refresh_demo(session, DEMO, home.clock.now(), home.settings.zone)


def recover(home: Homeline) -> None:
    """What an earlier process of this database left in its hands becomes claimable at once."""
    with home.database.write() as session:
        freed = release_all(session)
        unclear = home.sender.recover(session)
    if freed or unclear:
        log.info("recovered", turns=freed, deliveries=unclear)


def serve(settings: Settings) -> int:
    """Serve until told to stop. 0 after a clean stop, 2 when the settings or the data keep it from starting."""
    logs.configure(settings.log_level, secrets_of(settings), json=not sys.stderr.isatty())
    faults = serving_faults(settings)
    if faults:
        _say("Homeline cannot start:", *faults)
        return 2
    home = Homeline(settings)
    try:
        with _held(home):
            prepare(home)
            return _run(home)
    except HomelineError as error:
        _say("Homeline cannot start:", str(error))
        return 2


def _run(home: Homeline) -> int:
    app = build_web(home.settings, home)
    runner = home.runner
    scheduler = build_scheduler(ticks(home.work))
    if home.database.embedded:
        recover(home)
    server = waitress.create_server(
        app, host=home.settings.host, port=home.settings.port, threads=home.settings.web_threads,
        connection_limit=1000, channel_timeout=60, ident=None, clear_untrusted_proxy_headers=True,
        **_proxy(home.settings),
    )  # fmt: skip
    stopped = threading.Event()
    _stop_on_signals(stopped)
    beginning = threading.Thread(target=_begin_work, args=(home, scheduler, stopped), name="beginning")
    beginning.start()
    _announce(home)
    try:
        server.run()
    finally:
        stopped.set()
        server.close()
        beginning.join()
        if scheduler.running:
            scheduler.shutdown(wait=True)
        runner.stop()
        home.close()
    log.info("stopped")
    return 0


def _proxy(settings: Settings) -> dict[str, Any]:
    """What waitress believes of a proxy before it: nothing, unless its address is named."""
    if not settings.trusted_proxy:
        return {}
    believed = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": believed}


def _begin_work(home: Homeline, scheduler: BaseScheduler, stopped: threading.Event) -> None:
    """Texts are taken in from the first moment; answering begins here. Articles without vectors are indexed
    first, because a half-made index gives wrong answers; whatever goes wrong with that, the line answers."""
    try:
        home.work.index_knowledge()
        if home.embedder is not None:
            need_vectors.warm(home.embedder)
        wording.preload()
    except Exception as error:
        log.exception("index_failed", error=type(error).__name__)
    if not stopped.is_set():
        home.queue.connect(home.runner.submit)
        scheduler.start()


def _held(home: Homeline) -> Any:
    """The lock of an embedded database; nothing to hold with PostgreSQL."""
    if not home.database.embedded:
        return nullcontext()
    path = home.database.engine.url.database
    return lockfile.hold(Path(f"{path}.lock"))


def _stop_on_signals(stopped: threading.Event) -> None:
    """SIGTERM and Ctrl-C end the server's loop; waitress then lets the requests in hand finish."""

    def stop(_signal: int, _frame: Any) -> None:
        if not stopped.is_set():
            stopped.set()
            raise SystemExit

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _announce(home: Homeline) -> None:
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
    _say(*lines, "  Ctrl-C stops.")


def _say(*lines: str) -> None:
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every value that must never reach a log."""
    secret = (settings.secret_key, settings.twilio_api_secret)
    return (*settings.auth_tokens, *(s.get_secret_value() for s in secret if s is not None))
