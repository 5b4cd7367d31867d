"""The room of texts that did not arrive: which, why, and one more try."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bot.channels.twilio.errors import ERRORS, UNKNOWN
from bot.console.lost_reasons import PROMISES, REASONS, sentences
from bot.outbox.sending import NEVER_ANSWERED, NOBODY_KNOWS
from bot.outbox.statuses import NO_REASON
from bot.school.consent import Will, stop
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests.conftest import FixedClock
from tests.console.house import Cast, SignIn

PAGE = "/console/not-arrived"
SEND = f"{PAGE}/again"
OFF = ERRORS[30003].reason
LANDLINE = ERRORS[21635].reason
MARIA = "+15105550199"


@pytest.fixture
def lose(sqlite_database: Database, cast: Cast, clock: FixedClock) -> Any:
    """Lose a text to María, or as changed; its key."""
    count = 0

    def lose_one(**changes: Any) -> int:
        nonlocal count
        count += 1
        usual = {
            "dedupe_key": f"lost:{count}", "kind": "staff", "channel": "sms", "recipient": MARIA, "language": "es",
            "conversation_id": cast.line, "body": f"Texto {count} <b>", "state": "undelivered", "error_code": 30003,
            "reason": OFF, "created_at": clock.now(), "due_at": clock.now(), "finished_at": clock.now(),
        }  # fmt: skip
        with sqlite_database.write() as session:
            row = Delivery(**{**usual, **changes})
            session.add(row)
            session.flush()
            return row.id

    return lose_one


def tries_of(database: Database, key: int) -> list[Delivery]:
    with database.read() as session:
        found = list(session.scalars(select(Delivery).where(Delivery.resend_of == key)))
        session.expunge_all()
        return found


def shown(page: str) -> list[int]:
    """The numbers of the texts a page shows, in its order."""
    return [int(number) for number in re.findall(r"Texto (\d+) ", page)]


def test_an_empty_list_says_that_all_is_well(signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    assert "Every text of this time arrived" in rosa.read(PAGE)
    assert "No text is being tried again right now." in rosa.read(f"{PAGE}?tab=again")


def test_the_list_shows_whom_what_when_and_why_newest_first(
    signed_in: SignIn, lose: Any, clock: FixedClock
) -> None:
    lose()
    clock.advance(timedelta(hours=1))
    lose(kind="reminder", state="failed", reason=LANDLINE, error_code=21635)
    page = signed_in("rosa").read(PAGE)
    assert shown(page) == [2, 1]
    assert "María Ramos" in page and MARIA in page and "Texto 1 &lt;b&gt;" in page
    assert "Did not reach the phone" in page and "The phone was off, out of range" in page
    assert "Was not sent" in page and "This is a landline. Call the family instead." in page
    assert "School staff" in page and "Reminder" in page
    assert "1 to 2 of 2" in page


def test_a_number_nobody_knows_is_called_so(signed_in: SignIn, lose: Any) -> None:
    lose(conversation_id=None, recipient="+15105550333")
    assert "Unknown number" in signed_in("rosa").read(PAGE)


def test_what_arrived_or_was_somebodys_will_is_not_on_it(signed_in: SignIn, lose: Any) -> None:
    for state in ("delivered", "sent", "queued", "held", "suppressed", "cancelled", "expired"):
        lose(state=state)
    assert shown(signed_in("rosa").read(PAGE)) == []


def test_filters_narrow_and_nonsense_does_not(signed_in: SignIn, lose: Any, clock: FixedClock) -> None:
    lose()
    clock.advance(timedelta(days=1))
    lose(kind="broadcast", reason=LANDLINE)
    rosa = signed_in("rosa")
    assert shown(rosa.read(f"{PAGE}?kind=staff")) == [1]
    assert shown(rosa.read(f"{PAGE}?kind=broadcast")) == [2]
    assert shown(rosa.client.get(PAGE, query_string={"reason": LANDLINE}).get_data(as_text=True)) == [2]
    assert shown(rosa.read(f"{PAGE}?day={clock.now().date() - timedelta(days=1)}")) == [1]
    assert shown(rosa.read(f"{PAGE}?day=2020-01-01")) == []
    assert "No text fits your search." in rosa.read(f"{PAGE}?day=2020-01-01")
    for nonsense in ("kind=x", "day=x", "day=0001-01-01", "tab=x", "page=0", "page=99"):
        assert shown(rosa.read(f"{PAGE}?{nonsense}")) == [2, 1], nonsense


def test_a_long_list_has_pages_and_keeps_the_filters(signed_in: SignIn, lose: Any) -> None:
    for _ in range(27):
        lose()
    rosa = signed_in("rosa")
    assert "1 to 25 of 27" in rosa.read(f"{PAGE}?kind=staff")
    last = rosa.read(f"{PAGE}?kind=staff&page=2")
    assert (shown(last), "26 to 27 of 27" in last) == ([2, 1], True)
    assert "kind=staff" in last.split('rel="prev"')[1][:200]


def test_one_press_sends_a_text_again_as_it_was(
    signed_in: SignIn, lose: Any, sqlite_database: Database
) -> None:
    key = lose()
    rosa = signed_in("rosa")
    answer = rosa.press(SEND, PAGE, one=str(key), kind="staff")
    assert "1 text is sent again." in answer.get_data(as_text=True)
    assert 'value="staff" selected' in answer.get_data(as_text=True)
    [again] = tries_of(sqlite_database, key)
    assert (again.state, again.body, again.resends) == ("queued", "Texto 1 <b>", 1)
    with sqlite_database.read() as session:
        [told] = session.scalars(select(AuditEvent).where(AuditEvent.deed == "send_again")).all()
    assert (told.actor, told.subject_id, told.detail) == ("rosa", key, {"as": again.id})
    assert shown(rosa.read(PAGE)) == []
    waiting = rosa.read(f"{PAGE}?tab=again")
    assert (shown(waiting), "about to be sent again" in waiting) == ([1], True)


def test_a_planned_try_says_when(signed_in: SignIn, lose: Any, clock: FixedClock) -> None:
    first = lose()
    lose(resend_of=first, resends=1, state="held", due_at=clock.now() + timedelta(hours=4), reason=None)
    page = signed_in("rosa").read(f"{PAGE}?tab=again")
    assert "It is tried again" in page and "Mark this text" not in page and 'name="one"' not in page


def test_of_several_tries_the_last_one_stands_for_the_text(signed_in: SignIn, lose: Any) -> None:
    first = lose()
    lose(resend_of=first, resends=1)
    page = signed_in("rosa").read(PAGE)
    assert (shown(page), "It was sent 2 times." in page) == ([2], True)


def test_marked_texts_are_sent_and_what_bars_the_others_is_said(
    signed_in: SignIn, lose: Any, sqlite_database: Database, clock: FixedClock
) -> None:
    good, also, stale = lose(), lose(), lose(expires_at=clock.now())
    stopped, unclear = lose(recipient="+15105550333"), lose(state="unresolved", reason=NOBODY_KNOWS)
    with sqlite_database.write() as session:
        stop(session, "sms", "+15105550333", Will("STOP", "es", "message", "family"), clock.now())
    rosa = signed_in("rosa")
    page = rosa.read(PAGE)
    assert "The family said STOP. Nothing is sent until they text START." in page
    assert "its time is over" in page
    data = {
        "csrf_token": rosa.token(PAGE),
        "marked": [str(key) for key in (good, also, stale, stopped, unclear)],
    }
    told = rosa.client.post(SEND, data=data, follow_redirects=True).get_data(as_text=True)
    assert "2 texts are sent again." in told
    assert told.count("1 text was not sent.") == 3
    assert "It may have arrived. Ask the family first" in told
    sent = {key: len(tries_of(sqlite_database, key)) for key in (good, also, stale, stopped, unclear)}
    assert sent == {good: 1, also: 1, stale: 0, stopped: 0, unclear: 0}


def test_what_may_have_arrived_is_sent_only_by_who_takes_that_upon_himself(
    signed_in: SignIn, lose: Any, sqlite_database: Database
) -> None:
    key = lose(state="unresolved", reason=NOBODY_KNOWS)
    rosa = signed_in("rosa")
    page = rosa.read(PAGE)
    assert f'name="unclear" value="{key}"' in page and f'name="one" value="{key}"' not in page
    assert "It may have arrived." in rosa.press(SEND, PAGE, one=str(key)).get_data(as_text=True)
    assert tries_of(sqlite_database, key) == []
    assert "1 text is sent again." in rosa.press(SEND, PAGE, unclear=str(key)).get_data(as_text=True)
    with sqlite_database.read() as session:
        [told] = session.scalars(select(AuditEvent).where(AuditEvent.deed == "send_again")).all()
    assert told.detail["although_unclear"] is True


def test_of_two_who_press_the_second_is_told(signed_in: SignIn, lose: Any, sqlite_database: Database) -> None:
    key = lose()
    rosa, ada = signed_in("rosa"), signed_in("ada")
    rosa.press(SEND, PAGE, one=str(key))
    assert "Somebody has already had it sent again." in ada.press(SEND, PAGE, one=str(key)).get_data(
        as_text=True
    )
    assert len(tries_of(sqlite_database, key)) == 1


def test_nothing_marked_is_said_and_unknown_keys_are_refused(signed_in: SignIn, lose: Any) -> None:
    lose()
    rosa = signed_in("rosa")
    assert "Mark at least one text first." in rosa.press(SEND, PAGE).get_data(as_text=True)
    assert "Mark at least one text first." in rosa.press(SEND, PAGE, one="x").get_data(as_text=True)
    assert rosa.press(SEND, PAGE, one="999").status_code == 404


def test_teachers_do_not_enter(signed_in: SignIn, lose: Any) -> None:
    emma = signed_in("emma")
    assert emma.client.get(PAGE).status_code == 403
    assert emma.press(SEND, "/console/", one=str(lose())).status_code == 403
    assert PAGE not in emma.read("/console/") and PAGE in signed_in("ada").read("/console/")


def test_every_reason_on_a_row_is_known_sentence_by_sentence(app: Flask) -> None:
    reasons = [known.reason for known in (*ERRORS.values(), UNKNOWN)] + [
        NO_REASON,
        NEVER_ANSWERED,
        NOBODY_KNOWS,
    ]
    told = {sentence for reason in reasons for sentence in sentences(reason)}
    assert told == set(REASONS) | PROMISES


def test_reasons_speak_the_readers_language_and_promise_nothing(signed_in: SignIn, lose: Any) -> None:
    lose()
    lose(reason=ERRORS[30022].reason)
    lose(reason="Something new.")
    rosa = signed_in("rosa")
    assert "tried again by itself" not in re.sub(r'value="[^"]*"', "", rosa.read(PAGE))
    rosa.press("/console/language", "/console/", language="ar")
    page = re.sub(r'value="[^"]*"', "", rosa.read(PAGE))
    assert "كان الهاتف مغلقًا" in page and "The phone was off, out" not in page and "Something new." in page
