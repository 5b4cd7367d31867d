"""Is Homeline alive, is it ready, how is it doing: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.model.ports import Clock
from bot.storage.cases import Case
from bot.storage.conversations import Turn
from bot.storage.deliveries import Delivery
from bot.storage.knowledge import Article, Embedding
from bot.storage.migrating import current_revision, newest_revision
from bot.storage.session import Database
from bot.storage.staff import Heartbeat

CLOCK_SILENT_AFTER = timedelta(seconds=30)
OUTBOX_LATE_AFTER = timedelta(minutes=5)
INBOX_LATE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it holds, and a sentence that says what was seen and what to do."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class HealthServices:
    """What the checks look at. `model` answers (ready, detail) without loading anything."""

    database: Database
    clock: Clock
    model: Callable[[], tuple[bool, str]]


def check_readiness(services: HealthServices) -> Mapping[str, Finding]:
    """Every check by name. Nothing here waits on the network."""
    ready, detail = services.model()
    findings = {"model": Finding(ready, detail)}
    try:
        findings["database"] = _database(services.database)
        if findings["database"].ok:
            findings["scheduler"] = _scheduler(services)
            findings["knowledge"] = _knowledge(services.database)
            findings["inbox"] = _age(services, _oldest_turn(), INBOX_LATE_AFTER, "text", "understood")
            findings["outbox"] = _age(services, _oldest_due(services), OUTBOX_LATE_AFTER, "due text", "sent")
    except SQLAlchemyError as error:
        findings["database"] = Finding(False, f"does not answer ({type(error).__name__}); check DATABASE_URL")
    return findings


def _database(database: Database) -> Finding:
    current, newest = current_revision(database), newest_revision()
    if current != newest:
        return Finding(
            False,
            f"stands at migration {current}, the code needs {newest}; run `flask --app server db upgrade`",
        )
    return Finding(True, f"answers, at migration {current}")


def _scheduler(services: HealthServices) -> Finding:
    with services.database.read() as session:
        beat = session.get(Heartbeat, "clock")
    if beat is None:
        return Finding(False, "has never ticked; is a process with HOMELINE_ROLE all or clock running?")
    silent = services.clock.now() - beat.at
    return Finding(silent <= CLOCK_SILENT_AFTER, f"last ticked {silent.total_seconds():.0f} s ago")


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
    return select(func.min(Delivery.due_at)).where(
        Delivery.state.in_(("queued", "held")),
        Delivery.due_at <= services.clock.now(),
        Delivery.priority >= 0,  # a large broadcast takes its time: that is no fault
    )


def _age(services: HealthServices, query: Select[Any], limit: timedelta, noun: str, done: str) -> Finding:
    with services.database.read() as session:
        oldest: datetime | None = session.scalar(query)
    if oldest is None:
        return Finding(True, f"no {noun} waits to be {done}")
    age = services.clock.now() - oldest
    return Finding(age <= limit, f"the oldest {noun} has waited {age.total_seconds():.0f} s to be {done}")


def create_blueprint(services: HealthServices) -> Blueprint:
    """The three routes; none shows anything about a family."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        findings = check_readiness(services)
        ready = all(f.ok for f in findings.values())
        body = {"ready": ready, "checks": {n: {"ok": f.ok, "detail": f.detail} for n, f in findings.items()}}
        return jsonify(body), 200 if ready else 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(render_metrics(services), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def render_metrics(services: HealthServices) -> bytes:
    """Counts read from the rows themselves, so that they are right whichever process is asked."""
    registry = CollectorRegistry()
    turns = Gauge("homeline_turns", "Turns by status", ["status"], registry=registry)
    deliveries = Gauge(
        "homeline_deliveries", "Deliveries by kind and state", ["kind", "state"], registry=registry
    )
    cases = Gauge("homeline_cases", "Cases by kind and status", ["kind", "status"], registry=registry)
    checks = Gauge("homeline_ready", "Readiness by check", ["check"], registry=registry)
    for name, finding in check_readiness(services).items():
        checks.labels(name).set(finding.ok)
    with services.database.read() as session:
        for status, count in session.execute(select(Turn.status, func.count()).group_by(Turn.status)):
            turns.labels(status).set(count)
        for kind, state, count in session.execute(
            select(Delivery.kind, Delivery.state, func.count()).group_by(Delivery.kind, Delivery.state)
        ):
            deliveries.labels(kind, state).set(count)
        for kind, status, count in session.execute(
            select(Case.kind, Case.status, func.count()).group_by(Case.kind, Case.status)
        ):
            cases.labels(kind, status).set(count)
    return generate_latest(registry)
