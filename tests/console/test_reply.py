"""Writing to a family from a case."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.outbox.gate import STOPPED
from bot.outbox.resending import ARRIVED, resend_later
from bot.school import consent
from bot.school.broadcasts.course import PAUSED
from bot.storage.cases import Case
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from bot.storage.staff import Account
from tests.conftest import FixedClock
from tests.console.house import Cast, PlainLine, SignIn
from tests.console.records import deeds, deliveries, events, once, reply, stored


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


def test_a_page_shown_again_with_a_mistake_leads_back_to_itself(signed_in: SignIn, case: int) -> None:
    rosa, page = signed_in("rosa"), f"/console/cases/{case}"
    shown = reply(rosa, case, " ").get_data(as_text=True)
    assert f'name="next" type="hidden" value="{page}"' in shown
    assert f'<a href="{page}">Show it</a>' in shown
    landed = rosa.press("/console/language", page, language="es", next=f"{page}/reply")
    assert landed.status_code == 200 and landed.request.path == page


def test_a_reply_without_its_token_is_refused_and_what_was_typed_is_shown_again(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    answer = signed_in("rosa").client.post(
        f"/console/cases/{case}/reply", data={"text": "My long answer", "once": "12345678"}
    )
    assert answer.status_code == 400 and "My long answer" in answer.get_data(as_text=True)
    assert deliveries(sqlite_database) == []


def test_after_stop_the_page_says_that_nothing_reaches_the_family(
    signed_in: SignIn, case: int, sqlite_database: Database, cast: Cast, clock: FixedClock
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
    found = stored(sqlite_database, case)
    assert (found.status, found.acknowledged_at) == ("open", None)  # nobody has answered it
    assert events(sqlite_database, case) == ["opened", "barred"]
    thread = rosa.read(f"/console/cases/{case}").split('id="thread-title"')[1].split("</section>")[0]
    assert thread.count("Hello</p>") == 2 and "rosa" in thread  # as it would have read, as it was written
    with sqlite_database.read() as session:
        line = session.get(Conversation, cast.line)
        assert line is not None and not line.with_staff


def test_why_a_text_did_not_arrive_is_said_in_the_readers_language(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa, page = signed_in("rosa"), f"/console/cases/{case}"
    reply(rosa, case, "We will call you.")
    rosa.press("/console/language", page, language="es")
    for reason in ("This is a landline. Call the family instead.", ARRIVED, STOPPED, PAUSED):
        with sqlite_database.write() as session:
            session.scalars(select(Delivery)).one().reason = reason
        shown = rosa.read(page)
        assert reason not in shown and reason.partition(".")[0] not in shown
    long = rosa.press(f"{page}/note", page, text="x" * 4001).get_data(as_text=True)
    assert "Tiene más de 4000 caracteres." in long


def test_an_answer_that_never_arrives_is_marked_in_the_list_and_on_the_case_until_another_try_is_made(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa, told = signed_in("rosa"), "The answer did not arrive"
    pages = ("/console/", f"/console/cases/{case}")

    def settle(text: int, state: str) -> list[bool]:
        with sqlite_database.write() as session:
            session.get_one(Delivery, text).state = state
        return [told in rosa.read(page) for page in pages]

    reply(rosa, case, "We will call you.")
    [first] = deliveries(sqlite_database)
    assert settle(first.id, "sent") == settle(first.id, "unresolved") == [False, False]
    assert settle(first.id, "failed") == settle(first.id, "undelivered") == [True, True]
    with sqlite_database.write() as session:
        resend_later(session, session.get_one(Delivery, first.id), 3, first.created_at)
    page = rosa.read(f"/console/cases/{case}")
    assert told not in rosa.read("/console/") and "It is tried again Mon, Nov 16" in page
    assert "Waits for the morning" not in page
    again = deliveries(sqlite_database)[-1].id
    assert settle(again, "failed") == [True, True] and settle(again, "delivered") == [False, False]
    settle(again, "failed")
    with sqlite_database.write() as session:  # as the clock does
        session.get_one(Case, case).status = "open"
    assert [told in rosa.read(page) for page in pages] == [True, True]
    reply(rosa, case, "Once more.")
    assert told not in rosa.read("/console/")


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


def test_spanish_typed_under_the_english_console_reaches_a_spanish_family_as_it_is(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    page = rosa.read(f"/console/cases/{case}")
    assert "Written in" in page and '<option value="en" selected>English</option>' in page
    reply(rosa, case, "Le llamamos a mediodía.", written_in="es")
    [sent] = deliveries(sqlite_database)
    assert (sent.body, sent.original_language) == ("Le llamamos a mediodía.", "es")


def test_the_language_written_last_is_proposed_for_the_next_text(signed_in: SignIn, case: int) -> None:
    rosa = signed_in("rosa")
    reply(rosa, case, "Le llamamos a mediodía.", written_in="es")
    page = rosa.read(f"/console/cases/{case}")
    assert page.count('<option value="es" selected>Spanish</option>') == 2  # a reply, and a last text
    assert "It is not translated" not in page


def test_the_language_is_at_first_that_of_the_account(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "rosa")).one().language = "es"
    rosa = signed_in("rosa")
    assert '<option value="es" selected>español</option>' in rosa.read(f"/console/cases/{case}")
    reply(rosa, case, "Le llamamos a mediodía.")
    assert deliveries(sqlite_database)[0].original_language == "es"


def test_a_language_that_is_not_offered_is_refused(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    assert reply(signed_in("rosa"), case, "Hello", written_in="xx").status_code == 422
    assert deliveries(sqlite_database) == []


def test_the_preview_follows_the_language_written_in(signed_in: SignIn, case: int) -> None:
    rosa = signed_in("rosa")
    fields = {"csrf_token": rosa.token(f"/console/cases/{case}"), "text": "Le llamamos."}
    for written_in, foreign in (("es", False), ("en", True), ("xx", True)):
        data = {**fields, "written_in": written_in}
        page = rosa.client.post(f"/console/cases/{case}/preview", data=data).get_json()["html"]
        assert ("It is not translated" in page) is foreign


def test_a_last_text_is_sent_in_the_language_it_is_written_in(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa, address = signed_in("rosa"), f"/console/cases/{case}/close"
    page = rosa.read(f"/console/cases/{case}")
    key = once(page, address)
    rosa.press(address, f"/console/cases/{case}", text="Ya está resuelto.", written_in="es", once=key)
    [sent] = deliveries(sqlite_database)
    assert (sent.body, sent.original_language) == ("Ya está resuelto.", "es")
