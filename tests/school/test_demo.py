"""The demo district fills an empty database, and only an empty one."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from bot.model.errors import BadInput
from bot.school.accounts import hash_password
from bot.school.demo.loading import (
    DemoReport,
    demo_accounts,
    demo_is_wanted,
    is_demo,
    load_demo,
    refresh_demo,
)
from bot.school.demo.simulator import on_call_numbers, simulator_phones
from bot.storage.conferences import Opening
from bot.storage.people import Org, StaffMember
from bot.storage.session import Database
from bot.storage.staff import Account
from tests.school.small_roster import NOW

DEMO = Path(__file__).parents[2] / "demo"
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def sqlite(sqlite_database: Database) -> Database:
    return sqlite_database


def load(database: Database, folder: Path = DEMO, now: datetime = NOW) -> DemoReport:
    with database.write() as session:
        return load_demo(session, folder, now, ZONE, hashing=lambda password: f"hash of {password}")


def openings(database: Database) -> list[tuple[str, datetime, datetime, str, str]]:
    with database.read() as session:
        query = select(
            StaffMember.source_id, Opening.starts_at, Opening.ends_at, Opening.modes, Opening.place
        )
        return [tuple(row) for row in session.execute(query.join(Opening.staff).order_by(Opening.starts_at))]


@pytest.fixture
def altered(tmp_path: Path) -> Path:
    """A copy of the demo's own settings and roster, to be spoilt."""
    shutil.copytree(DEMO, tmp_path / "demo", ignore=shutil.ignore_patterns("results.csv", "attendance.csv"))
    return tmp_path / "demo"


def test_everything_goes_in_without_an_error(database: Database) -> None:
    report = load(database)
    assert report.roster.errors == report.resources.errors == report.articles.errors == ()
    assert (report.roster.counts["students"].new, report.resources.counts["resources"].new) == (60, 40)
    assert report.articles.counts["articles"].new >= 40
    assert (report.accounts, report.openings) == (4, len(openings(database)))


def test_it_is_wanted_by_an_empty_database_only(database: Database) -> None:
    with database.read() as session:
        assert demo_is_wanted(session) and not is_demo(session)
    load(database)
    with database.read() as session:
        assert is_demo(session) and not demo_is_wanted(session)
    with pytest.raises(BadInput, match="empty"):
        load(database)


def test_a_real_district_is_never_mixed_with_the_demo(sqlite: Database) -> None:
    with sqlite.write() as session:
        session.add(Org(source_id="ours", name="Ours", type="district"))
    with pytest.raises(BadInput, match="empty"):
        load(sqlite)
    with sqlite.write() as session:
        assert refresh_demo(session, DEMO, NOW, ZONE) == 0


def test_accounts_belong_to_people_of_the_roster(sqlite: Database) -> None:
    load(sqlite)
    with sqlite.read() as session:
        accounts = {row.username: row for row in session.scalars(select(Account))}
        assert {name: row.roles for name, row in accounts.items()} == {
            "office": "office", "teacher": "teacher", "counselor": "teacher", "admin": "admin",
        }  # fmt: skip
        counselor = accounts["counselor"].staff
        assert counselor is not None and counselor.role == "counselor"
        assert accounts["teacher"].password_hash == "hash of demo-teacher"
    assert dict(demo_accounts(DEMO))["admin"] == "demo-admin"


def test_passwords_are_hashed_as_the_console_checks_them() -> None:
    assert PasswordHasher().verify(hash_password("demo-office"), "demo-office")


def test_every_teacher_and_counselor_offers_times_also_outside_working_hours(sqlite: Database) -> None:
    load(sqlite)
    offered = openings(sqlite)
    with sqlite.read() as session:
        staff = set(
            session.scalars(
                select(StaffMember.source_id).where(StaffMember.role.in_(["teacher", "counselor"]))
            )
        )
    assert {source_id for source_id, *_ in offered} == staff
    for source_id in staff:
        local = [start.astimezone(ZONE) for one, start, *_ in offered if one == source_id]
        assert any(start.hour >= 17 for start in local), source_id
        assert all(start.weekday() < 5 for start in local)
    assert min(Counter(source_id for source_id, *_ in offered).values()) >= 20


def test_openings_lie_in_the_three_weeks_after_now_and_last_twenty_minutes(sqlite: Database) -> None:
    load(sqlite)
    for _, starts_at, ends_at, modes, place in openings(sqlite):
        assert NOW < starts_at < NOW + timedelta(days=22)
        assert ends_at - starts_at == timedelta(minutes=20)
        assert set(modes.split(",")) <= {"in_person", "phone", "video"} and place


def test_the_hour_on_the_schools_clock_stays_when_the_clocks_change(sqlite: Database) -> None:
    load(sqlite, now=datetime(2026, 10, 26, 17, 0, tzinfo=UTC))  # summer time ends on 1 November
    hours = {(start.astimezone(ZONE).hour, start.utcoffset()) for _, start, *_ in openings(sqlite)}
    assert {hour for hour, _ in hours} == {7, 12, 15, 16, 17, 18, 19}


def test_weeks_later_the_demo_gets_new_openings_and_keeps_the_old(database: Database) -> None:
    load(database)
    before = openings(database)
    with database.write() as session:
        assert refresh_demo(session, DEMO, NOW, ZONE) == 0
        added = refresh_demo(session, DEMO, NOW + timedelta(days=7), ZONE)
    assert added > 100
    assert set(before) < set(openings(database))


def test_the_simulator_shows_families_of_six_languages_a_shared_an_unknown_and_a_staff_telephone() -> None:
    phones = simulator_phones(DEMO)
    assert {"en", "es", "ar", "vi", "so", "zh-Hans"} <= {phone.language for phone in phones}
    shared = next(phone for phone in phones if phone.kind == "shared")
    assert shared.number == "+14155550132" and "Liam Washington" in shared.name
    assert [phone.number for phone in phones if phone.kind == "unknown"] == ["+12065550142"]
    assert on_call_numbers(DEMO) == ("+12065550143",)
    roster = (DEMO / "roster" / "users.csv").read_text("utf-8")
    for phone in phones:
        assert (phone.number in roster) == (phone.kind in {"family", "shared"})
    assert len({phone.number for phone in phones}) == len(phones)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("staff.yml", "staff: staff-admin", "staff: nobody", "nobody"),
        ("staff.yml", "roles: [admin]", "roles: [king]", "king"),
        ("staff.yml", "password: demo-admin", "password: 5", "password"),
        ("staff.yml", "accounts:", "- accounts:", "staff.yml"),
        ("openings.yml", "weeks: 3", "week: 3", "weeks"),
        ("openings.yml", "from: \"15:00\"", "from: three", "three"),
        ("openings.yml", "days: [mo, we]", "days: [xx]", "xx"),
        ("openings.yml", "every: 30", "every: 0", "every"),
        ("openings.yml", "patterns:", "patterns: [", "openings.yml"),
    ],
)  # fmt: skip
def test_a_wrong_demo_file_is_named_with_its_key_and_nothing_is_stored(
    sqlite: Database, altered: Path, file: str, old: str, new: str, said: str
) -> None:
    path = altered / file
    path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        load(sqlite, altered)
    with sqlite.read() as session:
        assert demo_is_wanted(session)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[grd-00002-1]", "[grd-00009-1]", "one number"),
        ("[grd-00002-1]", "[grd-00002-1, grd-00002-2]", "one number"),
        ("[grd-00002-1]", "[nobody]", "nobody"),
        ("kind: staff", "kind: robot", "robot"),
        ("name: Unknown number", "nome: Unknown number", "name"),
    ],
)
def test_a_wrong_telephone_of_the_simulator_is_named(altered: Path, old: str, new: str, said: str) -> None:
    path = altered / "simulator.yml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        simulator_phones(altered)


def test_a_demo_file_without_keys_is_named(altered: Path) -> None:
    (altered / "staff.yml").write_text("- office\n- teacher\n", encoding="utf-8")
    with pytest.raises(BadInput, match="keys and values"):
        demo_accounts(altered)


def test_a_missing_demo_file_is_named(altered: Path) -> None:
    (altered / "simulator.yml").unlink()
    with pytest.raises(BadInput, match="simulator.yml"):
        simulator_phones(altered)
