"""Is Homeline ready: every check, with a sentence that says what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.health.findings import Finding, HealthServices
from bot.health.processes import check_workers
from bot.outbox.standing import troubles
from bot.storage.conversations import Turn
from bot.storage.delivery_claims import oldest_due
from bot.storage.heartbeats import CLOCK
from bot.storage.knowledge import Article, Embedding
from bot.storage.revisions import NEWER, current_revision, is_newer, newest_revision
from bot.storage.session import Database
from bot.storage.staff import Heartbeat

CLOCK_SILENT_AFTER = timedelta(seconds=30)
OUTBOX_LATE_AFTER = timedelta(minutes=5)
INBOX_LATE_AFTER = timedelta(minutes=2)


def check_readiness(services: HealthServices) -> Mapping[str, Finding]:
    """Every check by name. Nothing here waits on the network."""
    findings = {"model": Finding(*services.model())} if services.model else {}
    if services.trial:
        findings["trial"] = Finding(
            True, f"trial mode is on: only the {services.trial} of TRIAL_NUMBERS are texted unasked"
        )
    try:
        findings["database"] = _database(services.database)
        if findings["database"].ok:
            findings["scheduler"] = _scheduler(services)
            findings |= check_workers(services)
            findings["knowledge"] = _knowledge(services.database)
            findings["inbox"] = _age(services, _oldest_turn(), INBOX_LATE_AFTER, "text", "understood")
            findings["carrier"] = _carrier(services)
            findings["outbox"] = _age(services, _oldest_due(services), OUTBOX_LATE_AFTER, "due text", "sent")
    except SQLAlchemyError as error:
        findings["database"] = Finding(False, f"does not answer ({type(error).__name__}); check DATABASE_URL")
    return findings


def _database(database: Database) -> Finding:
    current, newest = current_revision(database), newest_revision()
    if is_newer(current):
        return Finding(False, f"stands at migration {current}, and {NEWER}")
    if current != newest:
        return Finding(
            False,
            f"stands at migration {current}, the code needs {newest}; run `flask --app server db upgrade`",
        )
    return Finding(True, f"answers, at migration {current}")


def _scheduler(services: HealthServices) -> Finding:
    with services.database.read() as session:
        beat = session.get(Heartbeat, CLOCK)
    if beat is None:
        return Finding(False, "has never ticked; is a process with HOMELINE_ROLE all or clock running?")
    silent = services.clock.now() - beat.at
    return Finding(silent <= CLOCK_SILENT_AFTER, f"last ticked {silent.total_seconds():.0f} s ago")


def _carrier(services: HealthServices) -> Finding:
    with services.database.read() as session:
        found = troubles(session, services.clock.now())
    return Finding(not found, "; ".join(found) or "takes texts")


def _knowledge(database: Database) -> Finding:
    with database.read() as session:
        articles = session.scalar(select(func.count(Article.id)).where(Article.active)) or 0
        indexed = (
            session.scalar(
                select(func.count(func.distinct(Embedding.owner_id)))
                .join(Article, Article.id == Embedding.owner_id)
                .where(Embedding.owner_kind == "article", Article.active)
            )
            or 0
        )
    return Finding(
        indexed >= articles, f"{indexed} of {articles} articles can be found; the clock indexes the rest"
    )


def _oldest_turn() -> Select[Any]:
    return select(func.min(Turn.created_at)).where(Turn.status.in_(("waiting", "claimed")))


def _oldest_due(services: HealthServices) -> Select[Any]:
    return oldest_due(services.clock.now())


def _age(services: HealthServices, query: Select[Any], limit: timedelta, noun: str, done: str) -> Finding:
    with services.database.read() as session:
        oldest: datetime | None = session.scalar(query)
    if oldest is None:
        return Finding(True, f"no {noun} waits to be {done}")
    age = services.clock.now() - oldest
    return Finding(age <= limit, f"the oldest {noun} has waited {age.total_seconds():.0f} s to be {done}")
