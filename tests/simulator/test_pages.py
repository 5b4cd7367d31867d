"""The simulator's page and what it asks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.school import consent
from bot.simulator.services import ShownText
from bot.storage.conferences import Appointment, Opening
from bot.storage.people import Contact, Guardian, StaffMember, Student
from bot.storage.reminders import Reminder
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.simulator.house import AMINA, MARIA, QuietCompany, hear, make_app, say


@pytest.fixture
def company() -> QuietCompany:
    """The telephone company."""
    return QuietCompany()


@pytest.fixture
def client(sqlite_database: Database, clock: FixedClock, company: QuietCompany) -> FlaskClient:
    """A browser at the simulator."""
    return make_app(sqlite_database, clock, company).test_client()


def post(client: FlaskClient, address: str, body: dict[str, object] | None = None) -> Any:
    page = client.get("/simulator/").get_data(as_text=True)
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(address, json=body or {}, headers={"X-CSRFToken": token})


def phone(client: FlaskClient, number: str) -> dict[str, Any]:
    phones: list[dict[str, Any]] = client.get("/simulator/state").get_json()["phones"]
    return next(one for one in phones if one["number"] == number)


def test_the_page_shows_every_telephone_with_its_language_and_kind(client: FlaskClient) -> None:
    page = client.get("/simulator/").get_data(as_text=True)
    assert page.count('<article class="phone') == 3
    assert "أمينة حسن" in page and ">shared<" in page and ">unknown<" in page
    assert 'lang="ar"' in page


def test_what_is_typed_goes_to_the_carrier(client: FlaskClient, company: QuietCompany) -> None:
    assert post(client, "/simulator/texts", {"number": MARIA, "body": "Hola  "}).status_code == 204
    assert post(client, "/simulator/texts", {"number": MARIA, "body": "", "picture": True}).status_code == 204
    assert company.written == [(MARIA, "Hola  ", False), (MARIA, "", True)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"number": "+15550000000", "body": "hi"}, 404),
        ({"number": MARIA, "body": ""}, 422),
        ({"number": MARIA, "body": "x" * 1601}, 422),
        ({}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: FlaskClient, company: QuietCompany, body: dict[str, object], status: int
) -> None:
    assert post(client, "/simulator/texts", body).status_code == status
    assert company.written == []


def test_no_text_is_sent_without_the_pages_token(client: FlaskClient, company: QuietCompany) -> None:
    assert client.post("/simulator/texts", json={"number": MARIA, "body": "hi"}).status_code == 400
    assert client.post("/simulator/reminders/1/now").status_code == 400
    assert company.written == []


def test_a_telephone_shows_both_sides_in_order_with_what_was_understood(
    client: FlaskClient, company: QuietCompany, sqlite_database: Database, clock: FixedClock
) -> None:
    hear(
        sqlite_database,
        MARIA,
        "¿Qué hay de comer?",
        clock.now(),
        intent="ask_question",
        written_in="es",
        took_ms=31,
    )
    say(sqlite_database, company, MARIA, "Hoy hay pizza.", clock.now() + timedelta(seconds=1))
    mine, answer = phone(client, MARIA)["bubbles"]
    assert (mine["side"], mine["understood"]["intent"], mine["understood"]["status"]) == (
        "me",
        "ask_question",
        "done",
    )
    assert mine["language"] == "es" and mine["segments"] == 1
    assert (answer["text"], answer["words"], answer["mark"], answer["shown"]) == (
        "Hoy hay pizza.",
        "delivered",
        "✓✓",
        True,
    )
    assert phone(client, AMINA)["bubbles"] == []


@pytest.mark.parametrize(
    ("state", "words"),
    [("held", "held until morning"), ("suppressed", "suppressed, never sent"), ("failed", "failed"), ("unresolved", "unresolved: nobody can tell")],
)  # fmt: skip
def test_a_text_that_never_reached_the_telephone_is_shown_as_missing_with_the_reason(
    client: FlaskClient,
    company: QuietCompany,
    sqlite_database: Database,
    clock: FixedClock,
    state: str,
    words: str,
) -> None:
    say(
        sqlite_database,
        company,
        MARIA,
        "Hola",
        clock.now(),
        state=state,
        reason="why",
        error_code=30003,
        provider_id=None,
    )
    [bubble] = phone(client, MARIA)["bubbles"]
    assert (bubble["shown"], bubble["words"], bubble["reason"]) == (False, words, "why · error 30003")


def test_a_text_the_carrier_has_twice_shows(
    client: FlaskClient, company: QuietCompany, sqlite_database: Database, clock: FixedClock
) -> None:
    say(sqlite_database, company, MARIA, "Hola", clock.now())
    company.shown[MARIA].append(
        ShownText("SM-second", "Hola", "delivered", clock.now() + timedelta(seconds=1))
    )
    assert [bubble["text"] for bubble in phone(client, MARIA)["bubbles"]] == ["Hola", "Hola"]
    assert "no delivery on record" in phone(client, MARIA)["bubbles"][1]["words"]


def test_the_carriers_own_answer_to_stop_shows_as_its_own(
    client: FlaskClient, company: QuietCompany, clock: FixedClock
) -> None:
    company.shown[MARIA] = [
        ShownText("SM-auto", "You have been unsubscribed.", "delivered", clock.now(), automatic=True)
    ]
    [bubble] = phone(client, MARIA)["bubbles"]
    assert bubble["words"] == "the carrier's own answer"


def test_arabic_costs_more_segments(
    client: FlaskClient, company: QuietCompany, sqlite_database: Database, clock: FixedClock
) -> None:
    say(sqlite_database, company, AMINA, "م" * 80, clock.now(), language="ar")
    [bubble] = phone(client, AMINA)["bubbles"]
    assert (bubble["segments"], bubble["alphabet"], bubble["characters"]) == (2, "UCS-2", 80)


def test_a_turn_under_way_and_a_stopped_line_are_shown(
    client: FlaskClient, sqlite_database: Database, clock: FixedClock
) -> None:
    hear(sqlite_database, MARIA, "STOP", clock.now())
    assert phone(client, MARIA)["thinking"] == 1 and phone(client, MARIA)["stopped"] is False
    with sqlite_database.write() as session:
        consent.stop(session, "sms", MARIA, consent.Will("STOP", "en", "message", "family"), clock.now())
    # consent alone moves no text; the next answer shows it
    assert phone(client, MARIA)["stopped"] is True


def test_an_idle_look_costs_no_body_and_news_change_the_mark(
    client: FlaskClient, company: QuietCompany, sqlite_database: Database, clock: FixedClock
) -> None:
    first = client.get("/simulator/state")
    idle = client.get("/simulator/state", headers={"If-None-Match": first.headers["ETag"]})
    assert (idle.status_code, idle.data) == (304, b"")
    hear(sqlite_database, MARIA, "hola", clock.now())
    news = client.get("/simulator/state", headers={"If-None-Match": first.headers["ETag"]})
    assert news.status_code == 200 and news.headers["ETag"] != first.headers["ETag"]
    say(sqlite_database, company, MARIA, "hola", clock.now(), state="queued")
    assert client.get("/simulator/state", headers={"If-None-Match": news.headers["ETag"]}).status_code == 200


def _booked(database: Database, clock: FixedClock) -> int:
    with database.write() as session:
        teacher = StaffMember(source_id="t", given_name="Emma", family_name="Washington", role="teacher")
        student = Student(source_id="l", given_name="Lucía", family_name="Ramos", birth_date=date(2017, 1, 1))
        maria = Guardian(source_id="m", given_name="María", family_name="Ramos", language="es")
        session.add_all([teacher, student, maria])
        session.flush()
        session.add(Contact(guardian_id=maria.id, channel="sms", address=MARIA, language="es"))
        starts = clock.now() + timedelta(days=5)
        opening = Opening(staff_id=teacher.id, starts_at=starts, ends_at=starts + timedelta(minutes=20))
        session.add(opening)
        session.flush()
        booked = Appointment(
            opening_id=opening.id,
            student_id=student.id,
            guardian_id=maria.id,
            mode="phone",
            booked_at=clock.now(),
        )
        session.add(booked)
        session.flush()
        for distance, days in (("1d", 1), ("3d", 3)):
            due = starts - timedelta(days=days)
            session.add(
                Reminder(appointment_id=booked.id, occurrence=distance, due_at=due, worthless_at=starts)
            )
        session.flush()
        return booked.id


def test_coming_reminders_are_listed_soonest_first_and_one_can_be_made_due(
    client: FlaskClient, sqlite_database: Database, clock: FixedClock
) -> None:
    _booked(sqlite_database, clock)
    before = client.get("/simulator/state")
    coming = before.get_json()["reminders"]
    assert [(one["occurrence"], one["phone"], one["student"], one["teacher"]) for one in coming] == [
        ("3d", "María Ramos", "Lucía", "Emma Washington"), ("1d", "María Ramos", "Lucía", "Emma Washington"),
    ]  # fmt: skip
    assert post(client, f"/simulator/reminders/{coming[1]['id']}/now").status_code == 204
    after = client.get("/simulator/state", headers={"If-None-Match": before.headers["ETag"]})
    assert after.get_json()["reminders"][0]["occurrence"] == "1d"
    with sqlite_database.read() as session:
        reminder = session.get(Reminder, coming[1]["id"])
        assert reminder is not None and reminder.due_at == clock.now()


def test_a_reminder_that_waits_no_more_cannot_be_made_due(
    client: FlaskClient, sqlite_database: Database, clock: FixedClock
) -> None:
    _booked(sqlite_database, clock)
    reminder_id = client.get("/simulator/state").get_json()["reminders"][0]["id"]
    with sqlite_database.write() as session:
        reminder = session.get(Reminder, reminder_id)
        assert reminder is not None
        reminder.status = "cancelled"
    assert post(client, f"/simulator/reminders/{reminder_id}/now").status_code == 404
