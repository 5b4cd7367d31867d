"""Take in a community directory: HSDS tables → resources families can be told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.school.hsds.directory import Directory
from bot.school.hsds.flatten import flatten, opening_hours
from bot.school.service_names import index_names
from bot.school.tabular.departures import beyond_few, refuse_departures
from bot.school.tabular.problems import Findings, ImportReport, Tally
from bot.storage.resources import Resource, ResourceHours

_HOURS = ("freq", "byday", "opens_at", "closes_at", "valid_from", "valid_to")


def load_resources(
    session: Session, folder: Path, now: datetime, *, region: str = "US", force: bool = False
) -> ImportReport:
    """Bring the stored resources up to the HSDS 3.0 package in `folder` (its CSV files, or `csv/` in it).

    Services of every status are stored, so that people see why one is not offered; those the package no
    longer has become inactive. The same package twice changes nothing. BadInput when it holds no services,
    when a file breaks off, or when many would become inactive, unless `force`.
    """
    findings = Findings()
    directory = Directory(folder, findings)
    query = select(Resource).options(selectinload(Resource.hours))
    stored = {row.source_id: row for row in session.scalars(query)}
    outcomes = {"new": 0, "changed": 0, "same": 0, "left": 0}
    met = set()
    for entry in directory.entries():
        values = flatten(entry, now.date(), findings, region)
        met.add(entry.service.id)
        outcomes[_put(session, stored.get(entry.service.id), values, opening_hours(entry, findings))] += 1
    offered = [row for row in stored.values() if row.status != "inactive"]
    gone = [row for row in offered if row.source_id not in met]
    if not force:
        refuse_departures("directory", "services", beyond_few(len(gone)), len(offered), findings)
    for row in gone:
        row.status = "inactive"
    outcomes["left"] = len(gone)
    session.flush()
    index_names(session)
    return ImportReport({"resources": Tally(**outcomes)}, findings.by_place())


def _put(
    session: Session, row: Resource | None, values: dict[str, Any], hours: Sequence[dict[str, Any]]
) -> str:
    if row is None:
        session.add(Resource(**values, hours=[ResourceHours(**times) for times in hours]))
        return "new"
    stale = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in stale.items():
        setattr(row, name, value)
    if sorted(map(_times, row.hours)) != sorted(tuple(map(str, times.values())) for times in hours):
        row.hours = [ResourceHours(**times) for times in hours]
        return "changed"
    return "changed" if stale else "same"


def _times(row: ResourceHours) -> tuple[str, ...]:
    return tuple(str(getattr(row, name)) for name in _HOURS)
