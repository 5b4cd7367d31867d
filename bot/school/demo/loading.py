"""Fill an empty database with the demo district, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.school.accounts import hash_password
from bot.school.demo.accounts import add_accounts, read_accounts
from bot.school.demo.openings import add_openings
from bot.school.demo.vectors import load_vectors
from bot.school.knowledge_import import load_articles
from bot.school.resource_import import load_resources
from bot.school.roster.loading import RosterReport, load_roster
from bot.school.tabular.problems import ImportReport
from bot.storage.conversations import Message
from bot.storage.knowledge import Article
from bot.storage.people import Org, StaffMember
from bot.storage.resources import Resource
from bot.storage.staff import Account, AuditEvent, record_audit

LOADED = "demo loaded"
"""The deed in the audit trail by which a demo database is known."""

_MUST_BE_EMPTY = (Org, StaffMember, Account, Article, Resource, Message)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What went in."""

    roster: RosterReport
    resources: ImportReport
    articles: ImportReport
    openings: int
    accounts: int


def demo_is_wanted(session: Session) -> bool:
    """True for a database nobody has put anything into: the only kind the demo may be loaded into."""
    return not any(session.scalar(select(exists().select_from(table))) for table in _MUST_BE_EMPTY)


def is_demo(session: Session) -> bool:
    """True when this database was filled with the demo district."""
    return bool(session.scalar(select(exists().where(AuditEvent.deed == LOADED))))


def load_demo(
    session: Session,
    folder: Path,
    now: datetime,
    zone: ZoneInfo,
    *,
    hashing: Callable[[str], str] = hash_password,
) -> DemoReport:
    """Load roster, directory, articles, openings after `now` and console accounts from `folder`.

    `zone`: the school's, in which the openings' times are meant. `hashing`: of passwords; tests give a
    quick one. BadInput when the database is not empty, or a file of the demo is wrong.
    """
    if not demo_is_wanted(session):
        raise BadInput("The demo district is only loaded into an empty database, and this one is not.")
    report = DemoReport(
        roster=load_roster(session, folder / "roster", now),
        resources=load_resources(session, folder / "resources", now),
        articles=load_articles(session, folder / "knowledge", now),
        openings=add_openings(session, folder, now, zone),
        accounts=add_accounts(session, folder, hashing),
    )
    load_vectors(session, folder, now)
    record_audit(session, AuditEvent(at=now, actor="system", deed=LOADED, subject_kind="database"))
    session.flush()
    return report


def refresh_demo(session: Session, folder: Path, now: datetime, zone: ZoneInfo) -> int:
    """Add openings up to the end of the coming weeks to a demo database; how many. 0 for any other database."""
    return add_openings(session, folder, now, zone) if is_demo(session) else 0


def demo_accounts(folder: Path) -> tuple[tuple[str, str], ...]:
    """User names and passwords of the demo, to be shown at the start."""
    return tuple((account.username, account.password) for account in read_accounts(folder))
