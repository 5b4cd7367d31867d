"""Take in a roster package: the whole of it in one go, or nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.school.roster.classes import write_classes, write_enrollments
from bot.school.roster.consents import write_consents
from bot.school.roster.contacts import languages_before, write_contacts
from bot.school.roster.kinds import find_kinds
from bot.school.roster.links import write_links
from bot.school.roster.package import Package, read_package
from bot.school.roster.pairs import find_pairs, match_facts
from bot.school.roster.people import write_orgs, write_people
from bot.school.roster.run import Run, Shelves
from bot.school.roster.shelf import Shelf
from bot.school.tabular.departures import beyond_few, refuse_departures
from bot.school.tabular.problems import Findings, ImportReport, Tally
from bot.storage.people import RosterImport

RosterReport = ImportReport


def load_roster(
    session: Session, folder: Path, now: datetime, *, region: str = "US", force: bool = False
) -> RosterReport:
    """Bring the stored roster up to the OneRoster package (1.1 or 1.2, bulk or delta) in `folder`.

    Bad rows are reported and left out, the others go in; who vanished is deactivated, nothing is deleted; the
    same package twice changes nothing. `region` is the country that telephone numbers without + belong to.
    Nothing is committed: for a dry run, roll the session back and keep the report.
    BadInput (and nothing written) when there is no users.csv, or when more than MAY_LEAVE_PERCENT of those
    who are active would be deactivated, unless `force`; with `force` when a file breaks off.
    """
    findings = Findings()
    package = read_package(folder, findings, region)
    if force and package.torn:
        raise BadInput(f"A file breaks off: that cannot be forced. Export it again.{findings.told()}")
    with session.begin_nested():
        shelves = Shelves(session)
        kinds = find_kinds(package, shelves.kinds(), now.date(), findings)
        run = Run(session, now, package, findings, shelves, kinds)
        counts, enrollments = _write(run)
        if not force:
            _refuse_mass_departure(run, enrollments)
        report = RosterReport(counts, findings.by_place())
        session.add(_record(folder, now, package, report))
    return report


def _write(run: Run) -> tuple[dict[str, Tally], Shelf[Any, Any]]:
    """What became of the rows of each kind, and the enrollments themselves."""
    _find_absent_columns(run.package, run.findings)
    find_pairs(run)
    match_facts(run)
    languages = languages_before(run)
    write_orgs(run)
    write_people(run)
    write_links(run)
    write_contacts(run, languages)
    consents = write_consents(run)
    write_classes(run)
    enrollments = write_enrollments(run, run.now.date())
    counts = {
        "orgs": run.shelves.orgs.tally,
        "students": run.shelves.students.tally,
        "guardians": run.shelves.guardians.tally,
        "staff": run.shelves.staff.tally,
        "links": run.shelves.links.tally,
        "contacts": run.shelves.contacts.tally,
        "consents": consents,
        "classes": run.shelves.classes.tally,
        "enrollments": enrollments.tally,
    }
    return counts, enrollments


def _find_absent_columns(package: Package, findings: Findings) -> None:
    """Columns that a package may lack, but hardly on purpose."""
    if package.users.lacks("sms"):
        findings.add("column-absent", "users.csv", 1, "sms")
    if package.contacts.lacks("noContact"):
        findings.add("column-absent", "contacts.csv", 1, "noContact")


def _refuse_mass_departure(run: Run, enrollments: Shelf[Any, Any]) -> None:
    shelves = run.shelves
    shelf: Shelf[Any, Any]
    for name, shelf, left in (
        ("students", shelves.students, len(shelves.students.left)),
        ("guardians", shelves.guardians, len(shelves.guardians.left)),
        ("links between guardians and students", shelves.links, len(shelves.links.left)),
        ("staff", shelves.staff, _lost(shelves.staff)),
        ("numbers of guardians", shelves.contacts, _lost(shelves.contacts)),
        ("enrollments", enrollments, _lost(enrollments)),
    ):
        refuse_departures("package", name, left, len(shelf.were_active), run.findings)


def _lost(shelf: Shelf[Any, Any]) -> int:
    """How many fewer there are: numbers and classes change, and each change takes one away and brings one."""
    return beyond_few(len(shelf.left) - shelf.tally.new)


def _record(folder: Path, now: datetime, package: Package, report: RosterReport) -> RosterImport:
    counts: dict[str, Any] = {name: asdict(tally) for name, tally in report.counts.items()}
    return RosterImport(
        started_at=now,
        source=folder.name,
        counts={**counts, "files": dict(package.hashes)},
        problems=[asdict(problem) for problem in report.problems],
    )
