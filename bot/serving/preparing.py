"""What stands before the first request: the lock of an embedded database, its schema, the demo district."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import structlog

from bot.app import Homeline
from bot.development import DEMO
from bot.inbox.turns import release_all
from bot.jobs import lockfile
from bot.outbox.senders import keep_in_step
from bot.school.demo.loading import demo_is_wanted, load_demo, refresh_demo
from bot.storage.advisory_locks import PREPARING, one_at_a_time
from bot.storage.moving.marks import refuse_unfit
from bot.storage.revisions import is_current
from bot.storage.session import Database

log = structlog.get_logger(__name__)


def hold(home: Homeline) -> AbstractContextManager[object]:
    """The lock of an embedded database; nothing to hold with PostgreSQL, which any number of processes share."""
    if not home.database.embedded:
        return nullcontext()
    return lockfile.hold(Path(f"{home.database.engine.url.database}.lock"))


def prepare(home: Homeline) -> None:
    """Bring the schema and the senders up to date, and fill an empty database with the demo district if that is wanted."""
    refuse_unfit(home.database)
    _bring_up_to_date(home.database)
    with one_at_a_time(home.database, PREPARING), home.database.write() as session:
        keep_in_step(session, home.channels.values(), home.clock.now())
        if home.settings.demo and demo_is_wanted(session):
            load_demo(session, DEMO, home.clock.now(), home.settings.zone)
        elif home.settings.demo:
            refresh_demo(session, DEMO, home.clock.now(), home.settings.zone)


def _bring_up_to_date(database: Database) -> None:
    if is_current(database):
        return
    # Imported here: most starts have nothing to migrate, and a process keeps for ever what it has loaded.
    from bot.storage.migrating import migrate

    migrate(database)


def recover(home: Homeline) -> None:
    """What an earlier process of an embedded database left in its hands becomes claimable at once.

    Of many processes the others live: what a dead one held, the clock frees.
    """
    if not home.database.embedded:
        return
    with home.database.write() as session:
        freed = release_all(session)
        unclear = home.sender.recover(session)
    if freed or unclear:
        log.info("recovered", turns=freed, deliveries=unclear)
