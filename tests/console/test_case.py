"""One case: reading it and acting on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.school import consent
from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from bot.storage.staff import Account, AuditEvent
from tests.conftest import FixedClock
from tests.console.house import Cast, PlainLine, SignIn, hear, open_case


@pytest.fixture
def case(sqlite_database: Database, cast: Cast, clock: FixedClock) -> int:
    """María's concern about the bus, with the turn it came from."""
    turn = hear(
        sqlite_database, cast, "Mi hija tiene miedo en el autobús.", clock.now() - timedelta(minutes=1)
    )
    return open_case(sqlite_database, cast, clock.now(), turn_id=turn)


def stored(database: Database, case: int) -> Case:
    with database.read() as session:
        found = session.get(Case, case)
        assert found is not None
        session.expunge(found)
        return found


def deliveries(database: Database) -> list[Delivery]:
    with database.read() as session:
        found = list(session.scalars(select(Delivery).order_by(Delivery.id)))
        session.expunge_all()
        return found


def deeds(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        query = select(AuditEvent).where(AuditEvent.subject_kind == "case").order_by(AuditEvent.id)
        return [(event.actor, event.deed) for event in session.scalars(query)]


def events(database: Database, case: int) -> list[str]:
    with database.read() as session:
        query = select(CaseEvent.kind).where(CaseEvent.case_id == case).order_by(CaseEvent.id)
        return list(session.scalars(query))


def once(page: str, action: str) -> str:
    """The `once` of the form that goes to `action`."""
    form = page.split(f'action="{action}"')[1]
    return form.split('name="once" type="hidden" value="')[1].split('"')[0]


def reply(person, case: int, text: str, **fields: str):  # type: ignore[no-untyped-def]
    page = person.read(f"/console/cases/{case}")
    address = f"/console/cases/{case}/reply"
    return person.press(
        address, f"/console/cases/{case}", **{"text": text, "once": once(page, address), **fields}
    )


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


def test_a_reply_becomes_a_delivery_and_the_bot_falls_silent(
    signed_in: SignIn, case: int, sqlite_database: Database, cast: Cast
) -> None:
    page = reply(signed_in("rosa"), case, "We will look into it today.").get_data(as_text=True)
    assert "Your reply is on its way." in page
    [sent] = deliveries(sqlite_database)
    assert (sent.kind, sent.state, sent.case_id, sent.original) == (
        "staff",
        "queued",
        case,
        "We will look into it today.",
    )
    assert stored(sqlite_database, case).status == "answered"
    with sqlite_database.read() as session:
        line = session.get(Conversation, cast.line)
        assert line is not None and line.with_staff and line.case_id == case
    assert ("rosa", "replied") in deeds(sqlite_database)


def test_a_reply_shows_in_the_thread_with_its_writer_its_state_and_the_original(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    reply(rosa, case, "We will look into it today.")
    for state, words in (
        ("delivered", "Arrived on the phone"),
        ("unresolved", "Nobody can tell whether it arrived"),
    ):
        with sqlite_database.write() as session:
            session.scalars(select(Delivery)).one().state = state
        thread = rosa.read(f"/console/cases/{case}").split('id="thread-title"')[1].split("</section>")[0]
        assert words in thread and "rosa" in thread and "As it was written (English)" in thread


def test_the_same_form_sent_twice_makes_one_delivery(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    reply(rosa, case, "Once.", once="same-form-1")
    again = reply(rosa, case, "Once.", once="same-form-1").get_data(as_text=True)
    assert "it was not sent twice" in again
    assert len(deliveries(sqlite_database)) == 1 and events(sqlite_database, case) == ["opened", "reply"]


def test_an_empty_or_endless_reply_is_handed_back_with_a_reason_and_nothing_lost(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    empty = reply(rosa, case, "   \r\n ")
    assert empty.status_code == 422 and "Write something to the family first." in empty.get_data(as_text=True)
    endless = reply(rosa, case, "a" * 1201)
    assert endless.status_code == 422 and "a" * 1201 in endless.get_data(as_text=True)
    assert deliveries(sqlite_database) == []


def test_a_reply_without_its_token_is_refused_and_what_was_typed_is_shown_again(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    answer = signed_in("rosa").client.post(
        f"/console/cases/{case}/reply", data={"text": "My long answer", "once": "12345678"}
    )
    assert answer.status_code == 400 and "My long answer" in answer.get_data(as_text=True)
    assert deliveries(sqlite_database) == []


def test_after_stop_the_page_says_that_nothing_reaches_the_family(
    signed_in: SignIn, case: int, sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        will = consent.Will("ALTO", "es", "message", "family")
        consent.stop(session, "sms", "+15105550199", will, clock.now())
    rosa = signed_in("rosa")
    page = rosa.read(f"/console/cases/{case}")
    assert "This family said STOP." in page and "It will not be sent: this family said STOP." in page
    answer = reply(rosa, case, "Hello").get_data(as_text=True)
    assert "Not sent: the family does not want texts (STOP)" in answer
    [kept] = deliveries(sqlite_database)
    assert (kept.state, kept.reason) == ("suppressed", "the family said STOP")


def test_at_night_the_page_says_when_the_reply_will_leave(
    signed_in: SignIn, case: int, line: PlainLine, clock: FixedClock
) -> None:
    line.night = clock.now() + timedelta(hours=23)
    rosa = signed_in("rosa")
    assert "it will leave on Tue, Nov 17, 8:00" in rosa.read(f"/console/cases/{case}")
    assert "Waits for the morning" in reply(rosa, case, "Good morning").get_data(as_text=True)


def test_the_preview_shows_segments_the_note_and_what_the_phone_will_show(
    signed_in: SignIn, case: int
) -> None:
    rosa = signed_in("rosa")
    answer = rosa.client.post(
        f"/console/cases/{case}/preview",
        data={"csrf_token": rosa.token(f"/console/cases/{case}"), "text": "x" * 100 + "<b>"},
    )
    page = answer.get_json()["html"]
    assert "As 2 SMS." in page and "It is not translated. The family reads Spanish" in page
    assert "[not translated]" in page and "&lt;b&gt;" in page


def test_a_staff_member_who_writes_spanish_is_not_warned_of_a_missing_translation(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "rosa")).one().language = "es"
    assert "No está traducido" not in signed_in("rosa").read(f"/console/cases/{case}")


def test_a_note_is_kept_for_colleagues_and_never_leaves(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    page = rosa.press(f"/console/cases/{case}/note", f"/console/cases/{case}", text="Called the bus company.")
    assert "Called the bus company." in page.get_data(as_text=True)
    assert deliveries(sqlite_database) == [] and events(sqlite_database, case)[-1] == "note"
    assert rosa.press(f"/console/cases/{case}/note", f"/console/cases/{case}", text=" ").status_code == 422


def test_a_case_is_given_to_a_colleague(
    signed_in: SignIn, case: int, sqlite_database: Database, cast: Cast
) -> None:
    rosa = signed_in("rosa")
    page = rosa.press(
        f"/console/cases/{case}/assign", f"/console/cases/{case}", owner=str(cast.emma)
    ).get_data(as_text=True)
    assert "Emma Washington looks after this case now." in page
    assert stored(sqlite_database, case).owner_id == cast.emma
    assert "Please choose somebody from the list." in rosa.press(
        f"/console/cases/{case}/assign", f"/console/cases/{case}", owner="9999"
    ).get_data(as_text=True)


def test_a_teacher_who_gives_a_case_away_is_led_back_to_her_list(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    case = open_case(sqlite_database, cast, clock.now(), owner_id=cast.emma)
    answer = signed_in("emma").press(
        f"/console/cases/{case}/assign", f"/console/cases/{case}", owner=str(cast.rosa)
    )
    assert answer.status_code == 200 and "Rosa Delgado looks after this case now." in answer.get_data(
        as_text=True
    )


def test_closing_with_a_last_word_sends_it_and_gives_the_line_back(
    signed_in: SignIn, case: int, sqlite_database: Database, cast: Cast
) -> None:
    rosa = signed_in("rosa")
    page = rosa.press(
        f"/console/cases/{case}/close", f"/console/cases/{case}", text="All is settled.", once="closing-1"
    )
    assert "is closed." in page.get_data(as_text=True)
    assert [sent.original for sent in deliveries(sqlite_database)] == ["All is settled."]
    found = stored(sqlite_database, case)
    assert found.status == "closed" and found.closed_at is not None
    with sqlite_database.read() as session:
        line = session.get(Conversation, cast.line)
        assert line is not None and not line.with_staff


def test_closing_without_a_word_sends_nothing_and_the_case_can_be_opened_again(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    rosa.press(f"/console/cases/{case}/close", f"/console/cases/{case}", text="", once="closing-1")
    assert deliveries(sqlite_database) == []
    rosa.press(f"/console/cases/{case}/reopen", f"/console/cases/{case}")
    assert stored(sqlite_database, case).status == "open"
    assert events(sqlite_database, case) == ["opened", "closed", "reopened"]


def test_a_person_takes_the_line_over_and_hands_it_back(
    signed_in: SignIn, case: int, sqlite_database: Database, cast: Cast
) -> None:
    rosa = signed_in("rosa")
    rosa.press(f"/console/cases/{case}/take-over", f"/console/cases/{case}")
    assert "Hand the line back to the bot" in rosa.read(f"/console/cases/{case}")
    page = rosa.press(f"/console/cases/{case}/hand-back", f"/console/cases/{case}").get_data(as_text=True)
    assert "The bot answers on this line again." in page and "Take over from the bot" in page
    assert events(sqlite_database, case) == ["opened", "taken", "returned"]


def test_an_alarm_is_acknowledged_once_and_the_second_one_is_told(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    case = open_case(sqlite_database, cast, clock.now(), kind="crisis", urgent=True)
    rosa, ada = signed_in("rosa"), signed_in("ada")
    address, page = f"/console/cases/{case}/acknowledge", f"/console/cases/{case}"
    assert "Urgent: somebody must act now" in rosa.read(page)
    assert "Thank you." in rosa.press(address, page).get_data(as_text=True)
    assert "saw the alarm before you" in ada.press(address, page).get_data(as_text=True)
    assert "Urgent: somebody must act now" not in ada.read(page)


def test_every_deed_is_audited_under_its_own_name(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    for deed in ("take-over", "hand-back", "acknowledge", "reopen"):
        rosa.press(f"/console/cases/{case}/{deed}", f"/console/cases/{case}")
    done = [deed for _, deed in deeds(sqlite_database) if deed != "read_case"]
    assert done == ["take_over", "hand_back", "acknowledge", "reopen"]


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
