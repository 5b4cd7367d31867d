"""What the console and the simulator ask the database, on each kind of it."""

from __future__ import annotations

from datetime import timedelta

from bot.storage.case_list import (
    CaseFilter,
    Viewer,
    count_tabs,
    find_visible,
    list_cases,
    list_languages,
    lock_case,
)
from bot.storage.families import list_links, list_students_taught
from bot.storage.people import Guardian
from bot.storage.phone_threads import activity_mark, read_lines
from bot.storage.session import Database
from bot.storage.staff import find_account, list_colleagues
from bot.storage.threads import find_line, latest_marker, list_cases_of, list_lines, list_messages
from tests.conftest import FixedClock
from tests.console.house import hear, open_case, settle_cast


def test_cases_are_narrowed_ordered_counted_and_paged(database: Database, clock: FixedClock) -> None:
    cast, now = settle_cast(database, clock.now()), clock.now()
    keys = [open_case(database, cast, now, due_at=now + timedelta(hours=hours)) for hours in (5, 1, 3)]
    fire = open_case(
        database, cast, now, urgent=True, owner_id=cast.emma, language="vi", words="Khẩn CẤP 100%"
    )
    open_case(database, cast, now, status="closed", closed_at=now)
    office, teacher, nobody = Viewer(cast.rosa, True), Viewer(cast.emma, False), Viewer(None, False)
    with database.read() as session:
        found = list_cases(session, CaseFilter(), office, now, (1, 3))
        assert [case.id for case in found.cases] == [fire, keys[1], keys[2]] and found.total == 4
        assert [case.id for case in list_cases(session, CaseFilter(), office, now, (2, 3)).cases] == [keys[0]]
        assert list_cases(session, CaseFilter(words="khẩn 100%"), office, now, (1, 9)).total == 1
        assert list_cases(session, CaseFilter(words="ramos LUCÍA 0199"), office, now, (1, 9)).total == 4
        assert count_tabs(session, office, now) == {
            "open": 4,
            "mine": 3,
            "overdue": 0,
            "urgent": 1,
            "closed": 1,
        }
        assert (
            count_tabs(session, teacher, now)["open"] == 1 and count_tabs(session, nobody, now)["open"] == 0
        )
        assert list(list_languages(session, CaseFilter(language="es"), office, now)) == ["es", "vi"]
        assert (
            find_visible(session, keys[0], teacher) is None
            and find_visible(session, fire, teacher) is not None
        )
    with database.write() as session:
        lock_case(session, fire)


def test_lines_and_threads_are_read_latest_last(database: Database, clock: FixedClock) -> None:
    cast, now = settle_cast(database, clock.now()), clock.now()
    with database.read() as session:
        before = activity_mark(session)
    for minute in range(3):
        hear(database, cast, f"mensaje {minute}", now + timedelta(minutes=minute))
    key = open_case(database, cast, now)
    with database.read() as session:
        line = find_line(session, cast.line)
        assert line is not None and line.contact is not None and line.contact.guardian.given_name == "María"
        said = list_messages(session, "sms", "+15105550199", 2)
        assert [message.body for message, turn in said if turn] == ["mensaje 1", "mensaje 2"]
        page = list_lines(session, "mensaje", (1, 10))
        assert [one.id for one in page.conversations] == [cast.line] and not page.more
        assert page.latest[cast.line].body == "mensaje 2"
        assert latest_marker(session, line, key) != latest_marker(session, None, key)
        assert [case.id for case in list_cases_of(session, cast.line)] == [key]
        assert len(read_lines(session, "sms", ["+15105550199"], 10).heard) == 3
        assert activity_mark(session) != before


def test_links_show_also_those_without_contact_and_teachers_their_pupils(
    database: Database, clock: FixedClock
) -> None:
    cast = settle_cast(database, clock.now())
    with database.read() as session:
        maria = session.get(Guardian, cast.maria)
        assert maria is not None
        assert [(link.student.given_name, link.no_contact) for link in list_links(session, maria.id)] == [
            ("Lucía", False),
            ("Omar", True),
        ]
        assert list_students_taught(session, cast.emma) == {cast.lucia}
        assert list_students_taught(session, cast.rosa) == frozenset()
        found = find_account(session, " ROSA ")
        assert found is not None and found.staff is not None
        assert [person.given_name for person in list_colleagues(session)] == ["Ada", "Rosa", "Emma"]
