"""One case: reading it."""

from __future__ import annotations

from datetime import timedelta

from bot.storage.conversations import Conversation
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.house import Cast, SignIn, hear, open_case
from tests.console.records import deeds


def test_a_case_shows_the_familys_words_who_they_are_and_what_was_understood(
    signed_in: SignIn, case: int
) -> None:
    page = signed_in("rosa").read(f"/console/cases/{case}")
    assert '<blockquote lang="es" dir="auto">Mi hija tiene miedo en el autobús.</blockquote>' in page
    assert "voices a concern" in page and "91% sure" in page
    assert "María Ramos" in page and "+15105550199" in page and "Needs an interpreter" in page


def test_a_child_the_adult_may_not_hear_of_is_shown_with_a_warning(signed_in: SignIn, case: int) -> None:
    page = signed_in("rosa").read(f"/console/cases/{case}")
    omar = page.split("Omar Ramos")[1].split("</li>")[0]
    assert "No contact: tell this adult nothing about this child." in omar


def test_a_teacher_sees_only_the_children_she_teaches_and_only_what_was_said_since(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    hear(sqlite_database, cast, "algo privado de antes", clock.now() - timedelta(days=2))
    turn = hear(sqlite_database, cast, "Mi hija tiene miedo.", clock.now() - timedelta(minutes=1))
    case = open_case(sqlite_database, cast, clock.now(), turn_id=turn, owner_id=cast.emma)
    page = signed_in("emma").read(f"/console/cases/{case}")
    assert "Lucía Ramos" in page and "Omar" not in page
    assert "Mi hija tiene miedo." in page and "algo privado" not in page
    assert "algo privado" in signed_in("rosa").read(f"/console/cases/{case}")


def test_reading_a_case_is_kept_in_the_audit_trail(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    signed_in("rosa").read(f"/console/cases/{case}")
    assert deeds(sqlite_database) == [("rosa", "read_case")]


def test_a_case_without_a_line_offers_no_reply(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    case = open_case(sqlite_database, cast, clock.now(), conversation_id=None, guardian_id=None)
    rosa = signed_in("rosa")
    assert "Send to the family" not in rosa.read(f"/console/cases/{case}")
    page = rosa.press(f"/console/cases/{case}/reply", f"/console/cases/{case}", text="Hello", once="12345678")
    assert "without a telephone number" in page.get_data(as_text=True)


def test_an_unknown_number_is_never_told_about_a_child(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        line = Conversation(
            channel="sms", address="+15105550000", language="en", state={}, created_at=clock.now()
        )
        session.add(line)
        session.flush()
        key = line.id
    case = open_case(
        sqlite_database, cast, clock.now(), conversation_id=key, guardian_id=None, student_id=None
    )
    assert "not on the school&#39;s list" in signed_in("rosa").read(f"/console/cases/{case}")


def test_the_pulse_changes_when_the_family_writes(
    signed_in: SignIn, case: int, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    rosa = signed_in("rosa")
    before = rosa.client.get(f"/console/cases/{case}/pulse").get_json()["marker"]
    assert f'data-marker="{before}"' in rosa.read(f"/console/cases/{case}")
    hear(sqlite_database, cast, "¿Hola?", clock.now())
    assert rosa.client.get(f"/console/cases/{case}/pulse").get_json()["marker"] != before
