"""A district of any size, made of rows: guardians of twelve languages, shared telephones, and who must not be told.

Drawn by a seeded generator, so that two runs have the same families.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, text

from bot.storage.base import Base
from bot.storage.consents import ConsentEvent
from bot.storage.people import (
    Contact,
    Enrollment,
    Guardian,
    Guardianship,
    Org,
    SchoolClass,
    StaffMember,
    Student,
)
from bot.storage.session import Database

LANGUAGES = ("en", "es", "zh-Hans", "vi", "ar", "so", "ht", "pt-BR", "ru", "fr", "ko", "fil")
WEIGHTS = (40, 30, 6, 5, 4, 3, 2, 2, 2, 2, 2, 2)
PUPILS_A_SCHOOL, PUPILS_A_CLASS = 800, 25
STAFF = "bench-admin"
_FIRST = ("Ma", "Lu", "An", "Jo", "Ka", "Re", "Sa", "Ti", "Ho", "Em", "Ar", "Be")
_MIDDLE = ("ri", "na", "le", "so", "mi", "da", "vi", "ro", "ka")
_LAST = ("", "a", "n", "el", "ía", "s", "h", "na")
_AT = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)

Rows = Mapping[type[Base], Sequence[Mapping[str, Any]]]


def fill(database: Database, guardians: int, seed: int = 4) -> None:
    """Store a district with so many guardians, and the administrator who writes to them."""
    made = _rows(guardians, random.Random(seed))
    for table, rows in made.items():
        for first in range(0, len(rows), 10_000):
            with database.write(durable=False) as session:
                session.connection().execute(insert(table.__table__), rows[first : first + 10_000])  # type: ignore[arg-type]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _rows(guardians: int, draw: random.Random) -> Rows:
    pupils = max(guardians * 7 // 10, 1)
    links = list(_links(guardians, pupils, draw))
    return {**_places(pupils, draw), **_families(guardians, pupils, draw), Guardianship: links,
            ConsentEvent: [_stop(number) for number in range(1, guardians + 1) if number % 50 == 7]}  # fmt: skip


def _places(pupils: int, draw: random.Random) -> Rows:
    schools, classes = pupils // PUPILS_A_SCHOOL + 1, pupils // PUPILS_A_CLASS + 1
    orgs = [{"id": 1, "source_id": "district", "name": "Río Vista", "type": "district"}]
    orgs += [{"id": n + 2, "source_id": f"school-{n}", "name": f"{_name(draw)} School", "type": "school"}
             for n in range(schools)]  # fmt: skip
    rooms = [{"id": n + 1, "source_id": f"class-{n}", "title": f"Room {n}", "school_id": n % schools + 2,
              "class_type": "homeroom"} for n in range(classes)]  # fmt: skip
    staff = [{"id": 1, "source_id": STAFF, "given_name": "Ada", "family_name": "Min", "role": "administrator",
              "school_id": 1}]  # fmt: skip
    staff += [{"id": n + 2, "source_id": f"teacher-{n}", "given_name": _name(draw), "family_name": _name(draw),
               "role": "teacher", "school_id": n % schools + 2} for n in range(classes)]  # fmt: skip
    students = [{"id": n + 1, "source_id": f"student-{n}", "given_name": _name(draw), "family_name": _name(draw),
                 "grade": f"{n % 12 + 1:02}", "school_id": n % classes % schools + 2,
                 "birth_date": date(2008 + n % 12, 3, 1)} for n in range(pupils)]  # fmt: skip
    learning = [{"class_id": n % classes + 1, "student_id": n + 1, "staff_id": None} for n in range(pupils)]
    teaching = [{"class_id": n + 1, "student_id": None, "staff_id": n + 2} for n in range(classes)]
    return {
        Org: orgs,
        SchoolClass: rooms,
        StaffMember: staff,
        Student: students,
        Enrollment: learning + teaching,
    }


def _families(guardians: int, pupils: int, draw: random.Random) -> Rows:
    spoken = draw.choices(LANGUAGES, WEIGHTS, k=guardians)
    people = [{"id": n + 1, "source_id": f"guardian-{n}", "given_name": _name(draw), "family_name": _name(draw),
               "language": spoken[n]} for n in range(guardians)]  # fmt: skip
    # One in a hundred has no address; one in ten reads on the telephone of the one before.
    contacts = [{"guardian_id": n + 1, "channel": "sms", "address": _phone(n + 1 - (n % 10 == 9)),
                 "language": spoken[n]} for n in range(guardians) if n % 100 != 50]  # fmt: skip
    return {Guardian: people, Contact: contacts}


def _links(guardians: int, pupils: int, draw: random.Random) -> Iterator[Mapping[str, Any]]:
    for number in range(guardians):
        first = number * pupils // guardians
        theirs = {first, min(first + 1, pupils - 1)} if number % 3 == 0 else {first}
        for pupil in sorted(theirs):
            yield {"guardian_id": number + 1, "student_id": pupil + 1, "no_contact": draw.random() < 0.01,
                   "may_receive_records": draw.random() > 0.01}  # fmt: skip


def _stop(number: int) -> Mapping[str, Any]:
    return {"channel": "sms", "address": _phone(number), "verdict": "revoked", "wording": "STOP", "language": "en",
            "source": "message", "actor": "family", "at": _AT}  # fmt: skip


def _phone(number: int) -> str:
    return f"+1510{number:07}"


def _name(draw: random.Random) -> str:
    return draw.choice(_FIRST) + draw.choice(_MIDDLE) + draw.choice(_LAST)
