"""Is Homeline alive, is it ready, how is it doing: /healthz, /readyz, /metrics."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.health.checks import check_readiness
from bot.health.findings import HealthServices
from bot.health.processes import list_shown
from bot.outbox.standing import figures
from bot.storage.cases import Case
from bot.storage.conversations import Turn
from bot.storage.deliveries import Delivery


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
        body = {
            "ready": ready,
            "checks": {n: {"ok": f.ok, "detail": f.detail} for n, f in findings.items()},
            "processes": _processes(services) if findings["database"].ok else [],
        }
        return jsonify(body), 200 if ready else 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(render_metrics(services), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _processes(services: HealthServices) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "role": one.role,
            "last_beat_seconds_ago": round(one.age.total_seconds(), 1),
            "silent": one.silent,
            "leads": one.leads,
        }
        for one in list_shown(services)
    ]


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
        _measure_carrier(session, services.clock.now(), registry)
    return generate_latest(registry)


def _measure_carrier(session: Session, now: datetime, registry: CollectorRegistry) -> None:
    shut = Gauge(
        "homeline_carrier_open", "1 while texts wait for the account", ["account"], registry=registry
    )
    failures = Gauge(
        "homeline_carrier_failures", "Failures of the account in a row", ["account"], registry=registry
    )
    taken = Gauge(
        "homeline_sender_segments", "Segments taken from a number", ["sender", "day"], registry=registry
    )
    rests = Gauge(
        "homeline_sender_rests", "1 while the carrier refuses a number", ["sender"], registry=registry
    )
    accounts, senders = figures(session, now)
    for account in accounts:
        shut.labels(account.name).set(account.open)
        failures.labels(account.name).set(account.failures)
    for sender in senders:
        rests.labels(sender.label).set(sender.rests)
        taken.labels(sender.label, str(sender.day or "")).set(sender.day_segments)
