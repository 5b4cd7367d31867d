"""The school of the drill: a household a telephone, some that must not be texted, some whose carrier fails.

Numbers are fictional (555-0100 to 555-0199 of every area code); names say what a row is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.school.accounts import NewAccount, add_account
from bot.school.broadcasts.reasons import NO_ADDRESS, NO_CONTACT, STOPPED
from bot.storage.consents import ConsentEvent
from bot.storage.people import Contact, Guardian, Guardianship, Org, StaffMember, Student

SCHOOL, AUTHOR, APPROVER = "drill-school", "drill-author", "drill-approver"
PASSWORD = "four unrelated words here"
"""Of the approver's account, whose name is the approver's."""
LANGUAGES = ("en", "es", "zh-Hans", "vi", "ar", "so", "ht", "pt-BR", "ru", "fr", "ko", "fil")
AREAS = [
    area for area in range(200, 1000) if area not in (500, 510)
]  # the carrier's magic, the demo's numbers
REFUSED = {"+15005550001": "failed", "+15005550002": "failed", "+15005550009": "failed",
           "+15005550004": "suppressed"}  # fmt: skip
"""Numbers that the carrier refuses for good, and how their deliveries end."""
LOST = ("+15005553006", "+15005553007")
"""Numbers whose texts the carrier takes and then reports undelivered; not worth another try."""
BARRED_SHARE = 0.02
SHARED_EVERY = 50


@dataclass(frozen=True, slots=True)
class District:
    """Who is to get the broadcast and who is not, by telephone. `strangers` are not in the roster."""

    reached: tuple[str, ...]
    stopped: tuple[str, ...]
    no_contact: tuple[str, ...]
    no_address: int
    strangers: tuple[str, ...]
    refused: dict[str, str] = field(default_factory=lambda: dict(REFUSED))
    lost: tuple[str, ...] = LOST

    @property
    def skipped(self) -> dict[str, int]:
        """How many are left out, by reason as it is stored."""
        return {STOPPED: len(self.stopped), NO_CONTACT: len(self.no_contact), NO_ADDRESS: self.no_address}

    @property
    def recipients(self) -> int:
        """Everybody whom the broadcast is about, those left out too."""
        return len(self.reached) + len(self.refused) + len(self.lost) + sum(self.skipped.values())


def plan_district(recipients: int, strangers: int) -> District:
    """A district in which the carrier takes `recipients` texts of a broadcast to all."""
    lines = _lines()
    barred = max(2, int(recipients * BARRED_SHARE))
    return District(
        reached=_take(lines, recipients - len(LOST)),
        stopped=_take(lines, barred),
        no_contact=_take(lines, barred),
        no_address=barred,
        strangers=_take(lines, strangers),
    )


def _take(lines: Iterator[str], count: int) -> tuple[str, ...]:
    return tuple(islice(lines, count))


def fill(session: Session, district: District, now: datetime) -> None:
    """Put the school into the roster."""
    school = Org(source_id=SCHOOL, name="Drill School", type="school")
    session.add(school)
    session.flush()
    for key in (AUTHOR, APPROVER):
        session.add(StaffMember(source_id=key, given_name="Drill", family_name=key, role="administrator",
                                school_id=school.id))  # fmt: skip
    session.flush()
    add_account(session, NewAccount(APPROVER, ("office",), APPROVER), PASSWORD, now)
    households = list(_households(district))
    students = _insert(session, Student, [
        {"source_id": f"drill-child-{h.number}", "given_name": f"Child{h.number}", "family_name": "Drill",
         "school_id": school.id} for h in households])  # fmt: skip
    guardians = _insert(session, Guardian, [
        {"source_id": key, "given_name": "Parent", "family_name": key, "language": h.language}
        for h in households for key in h.guardians])  # fmt: skip
    links = [
        (guardians[key], students[f"drill-child-{h.number}"], h) for h in households for key in h.guardians
    ]
    session.execute(insert(Guardianship), [
        {"guardian_id": guardian, "student_id": student, "no_contact": h.no_contact}
        for guardian, student, h in links])  # fmt: skip
    session.execute(insert(Contact), [
        {"guardian_id": guardian, "channel": "sms", "address": h.line, "language": h.language}
        for guardian, _, h in links if h.line])  # fmt: skip
    session.execute(insert(ConsentEvent), [
        {"channel": "sms", "address": line, "verdict": "revoked", "wording": "STOP", "language": "en",
         "source": "message", "actor": "family", "at": now} for line in district.stopped])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Household:
    number: int
    line: str
    language: str
    no_contact: bool

    @property
    def guardians(self) -> Sequence[str]:
        """Every now and then two share the telephone: still one text."""
        count = 2 if self.line and self.number % SHARED_EVERY == 0 else 1
        return [f"drill-parent-{self.number}-{n}" for n in range(count)]


def _households(district: District) -> Iterator[_Household]:
    barred = set(district.no_contact)
    lines = [*district.reached, *district.refused, *district.lost, *district.stopped, *district.no_contact,
             *[""] * district.no_address]  # fmt: skip
    for number, line in enumerate(lines):
        yield _Household(number, line, LANGUAGES[number % len(LANGUAGES)], line in barred)


def _insert(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> dict[str, int]:
    session.execute(insert(table), rows)
    found = session.execute(select(table.source_id, table.id).where(table.source_id.like("drill-%")))
    return {row[0]: row[1] for row in found}


def _lines() -> Iterator[str]:
    return (f"+1{area}555{number:04d}" for area in AREAS for number in range(100, 200))
