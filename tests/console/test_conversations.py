"""The lines: who wrote lately, and what was said on one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.storage.conversations import Conversation
from bot.storage.people import Contact, Guardian
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests.conftest import FixedClock
from tests.console.house import Cast, SignIn, hear, open_case


def test_recent_lines_show_their_last_message(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    hear(sqlite_database, cast, "la primera", clock.now() - timedelta(hours=2))
    hear(sqlite_database, cast, "la última", clock.now())
    page = signed_in("rosa").read("/console/conversations")
    assert "la última" in page and "la primera" not in page
    assert "María Ramos" in page and "Spanish" in page


def test_the_search_looks_through_names_numbers_and_messages(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    hear(sqlite_database, cast, "el autobús llegó tarde", clock.now())
    rosa = signed_in("rosa")
    for words in ("autobús", "ramos", "0199", "maría tarde"):
        assert "María Ramos" in rosa.client.get("/console/conversations", query_string={"q": words}).get_data(
            as_text=True
        )
    assert "No conversation fits your search." in rosa.read("/console/conversations?q=nobody")


def test_many_lines_make_pages(signed_in: SignIn, sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        for number in range(30):
            session.add(Conversation(
                channel="sms", address=f"+1510555{number:04}", language="en", state={}, created_at=clock.now(),
                last_inbound_at=clock.now() - timedelta(minutes=number),
            ))  # fmt: skip
    rosa = signed_in("rosa")
    assert 'rel="next"' in rosa.read("/console/conversations")
    last = rosa.read("/console/conversations?page=2")
    assert 'rel="prev"' in last and 'rel="next"' not in last


def test_a_line_shows_its_thread_its_cases_and_leaves_a_trace(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    hear(
        sqlite_database,
        cast,
        "ابنتي خائفة",
        clock.now(),
        understood={"language": "ar", "written_in": "ar", "intent": "greet"},
    )
    open_case(sqlite_database, cast, clock.now(), reference="HL-77")
    page = signed_in("rosa").read(f"/console/conversations/{cast.line}")
    assert '<p class="spoken" dir="auto" lang="ar">ابنتي خائفة</p>' in page
    assert "HL-77" in page
    with sqlite_database.read() as session:
        assert session.scalars(select(AuditEvent.deed)).all()[-1] == "read_conversation"


def test_a_shared_telephone_is_named_as_shared(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    with sqlite_database.write() as session:
        second = Guardian(source_id="jose", given_name="José", family_name="Ramos", language="es")
        session.add(second)
        session.flush()
        session.add(Contact(guardian_id=second.id, channel="sms", address="+15105550199", language="es"))
    assert "shared by María, José" in signed_in("rosa").read(f"/console/conversations/{cast.line}")


def test_a_line_is_handed_back_with_and_without_its_case(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    case = open_case(sqlite_database, cast, clock.now())
    rosa, page = signed_in("rosa"), f"/console/conversations/{cast.line}"
    for case_id in (case, None):
        with sqlite_database.write() as session:
            line = session.get(Conversation, cast.line)
            assert line is not None
            line.with_staff, line.case_id = True, case_id
        assert "A person speaks" in rosa.read(page)
        rosa.press(f"{page}/hand-back", page)
        assert "The bot answers" in rosa.read(page)


def test_teachers_do_not_read_other_peoples_lines(signed_in: SignIn, cast: Cast) -> None:
    emma = signed_in("emma")
    assert "Conversations" not in emma.read("/console/")
    for page in ("/console/conversations", f"/console/conversations/{cast.line}"):
        answer = emma.client.get(page)
        assert answer.status_code == 403 and "This page is not for your role" in answer.get_data(as_text=True)


def test_a_line_that_does_not_exist_says_so(signed_in: SignIn) -> None:
    assert signed_in("rosa").client.get("/console/conversations/999").status_code == 404
