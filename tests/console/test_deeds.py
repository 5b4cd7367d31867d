"""What else is done with a case."""

from __future__ import annotations

import re

from bot.school import consent
from bot.storage.conversations import Conversation
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.broadcasting import plain
from tests.console.house import Cast, SignIn, open_case
from tests.console.records import deeds, deliveries, events, stored


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
        f"/console/cases/{case}/assign", f"/console/cases/{case}", owner=str(cast.emma), seen=str(cast.rosa)
    ).get_data(as_text=True)
    assert "Emma Washington looks after this case now." in page
    assert stored(sqlite_database, case).owner_id == cast.emma
    assert "Please choose somebody from the list." in rosa.press(
        f"/console/cases/{case}/assign", f"/console/cases/{case}", owner="9999"
    ).get_data(as_text=True)


def test_who_gives_a_case_away_does_not_undo_what_a_colleague_did_since_the_page_was_opened(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    rosa, ada = signed_in("rosa"), signed_in("ada")
    for owner in (None, cast.rosa):
        page = f"/console/cases/{open_case(sqlite_database, cast, clock.now(), owner_id=owner)}"
        [seen] = set(re.findall(r'name="seen" type="hidden" value="(\d*)"', rosa.read(page)))
        assert seen == str(owner or "")
        ada.press(f"{page}/assign", page, owner=str(cast.emma), seen=seen)
        answer = rosa.press(f"{page}/assign", page, owner=str(cast.rosa + 2), seen=seen)
        assert answer.status_code == 409 and "Somebody else was faster" in plain(answer)
        assert stored(sqlite_database, int(page.rpartition("/")[2])).owner_id == cast.emma


def test_a_teacher_who_gives_a_case_away_is_led_back_to_her_list(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    case = open_case(sqlite_database, cast, clock.now(), owner_id=cast.emma)
    answer = signed_in("emma").press(
        f"/console/cases/{case}/assign", f"/console/cases/{case}", owner=str(cast.rosa), seen=str(cast.emma)
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


def test_closing_says_what_became_of_the_last_word_where_the_family_said_stop(
    signed_in: SignIn, case: int, sqlite_database: Database, clock: FixedClock
) -> None:
    rosa, address, page = signed_in("rosa"), f"/console/cases/{case}/close", f"/console/cases/{case}"
    assert "Your reply is on its way." in plain(rosa.press(address, page, text="Goodbye.", once="closing-1"))
    rosa.press(f"{page}/reopen", page)
    with sqlite_database.write() as session:
        will = consent.Will("ALTO", "es", "message", "family")
        consent.stop(session, "sms", "+15105550199", will, clock.now())
    told = plain(rosa.press(address, page, text="All is settled.", once="closing-2"))
    assert "Not sent: the family does not want texts (STOP)" in told and "is closed." in told
    assert events(sqlite_database, case)[-2:] == ["barred", "closed"]


def test_a_last_word_for_a_case_that_a_colleague_has_closed_is_not_lost(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa, address, page = signed_in("rosa"), f"/console/cases/{case}/close", f"/console/cases/{case}"
    signed_in("ada").press(address, page, text="", once="closing-1")
    answer = rosa.press(address, page, text="All is settled.", once="closing-2", written_in="es")
    told = plain(answer)
    assert answer.status_code == 409 and "your text was not sent" in told
    box = told.split('id="reply-text"')[1].split("</textarea>")[0]
    assert "All is settled." in box and '<option value="es" selected>' in told
    assert deliveries(sqlite_database) == [] and stored(sqlite_database, case).status == "closed"


def test_a_last_word_sent_twice_by_one_press_is_told_as_sent(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa, address, page = signed_in("rosa"), f"/console/cases/{case}/close", f"/console/cases/{case}"
    for _ in range(2):
        told = plain(rosa.press(address, page, text="All is settled.", once="closing-1"))
    assert "it was not sent twice" in told and "is closed." in told
    assert len(deliveries(sqlite_database)) == 1


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
