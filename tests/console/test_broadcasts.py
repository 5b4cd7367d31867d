"""Watching and stopping broadcasts in the console: lists, exact counts, results, pause, resume, cancel, approve."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from bot.console.broadcast_words import EMPTY, LEFT_OUT, RESULTS, STATES, TABS
from bot.console.broadcasts import RESULTS_PAGE
from bot.model.delivery import DeliveryState
from bot.school.broadcasts import reasons
from bot.school.policy import Policy
from bot.storage import broadcast_list
from bot.storage.broadcasts import Broadcast, BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.people import Enrollment
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.broadcasting import FATES, ROOM, deeds, newest, plain, stored, under_way, write
from tests.console.house import Browser, Cast, SignIn, make_app


def press(person: Browser, key: int, deed: str) -> str:
    return plain(person.press(f"{ROOM}/{key}/{deed}", f"{ROOM}/{key}"))


def plain_spaces(page: str) -> str:
    return re.sub(r"\s+", " ", page)


def sent(person: Browser, database: Database, **fields: object) -> int:
    """Written and sent; its key."""
    write(person, **fields)
    key = newest(database).id
    press(person, key, "send")
    return key


def test_every_state_and_every_reason_has_plain_words() -> None:
    assert reasons.WORDS == LEFT_OUT
    assert set(RESULTS) == {"pending", "skipped", *DeliveryState}
    assert tuple(TABS) == tuple(EMPTY) == broadcast_list.TABS
    assert set(STATES) >= {
        "draft",
        "scheduled",
        "expanding",
        "sending",
        "paused",
        "done",
        "cancelled",
        "expired",
    }


def test_an_empty_list_says_what_to_do(signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    assert "No broadcast is under way. Write one" in rosa.read(ROOM) and "Write a broadcast" in rosa.read(
        ROOM
    )
    for tab in ("approval", "drafts", "ended"):
        assert EMPTY[tab][:20] in rosa.read(f"{ROOM}?tab={tab}")


def test_the_list_shows_state_author_audience_counts_and_time(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    under_way(sqlite_database, cast, clock)
    page = plain(signed_in("ada").client.get(ROOM))
    assert "Is being sent" in page and "by Rosa Delgado" in page and "<bdi>Spanish</bdi>" in page
    assert f"{len(FATES)} recipients" in page and "2 went out" in page and "Begun 5 minutes ago" in page


def test_the_list_has_pages_and_nonsense_in_the_address_does_no_harm(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    for number in range(12):
        under_way(
            sqlite_database,
            cast,
            clock,
            fates=(),
            text=f"Text {number}.",
            state="done",
            finished_at=clock.now(),
        )
    rosa = signed_in("rosa")
    first, second = rosa.read(f"{ROOM}?tab=ended"), rosa.read(f"{ROOM}?tab=ended&page=2")
    assert "Text 11." in first and "Text 0." not in first and "Page 1 of 2" in first
    assert "Text 0." in second and "Text 11." not in second
    assert "Text 0." in rosa.read(f"{ROOM}?tab=ended&page=99")
    assert rosa.client.get(f"{ROOM}?tab=x&page=x").status_code == 200


def test_the_counts_are_exact_and_add_up(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    page = signed_in("rosa").read(f"{ROOM}/{key}")
    table = page.split('<table class="counts">')[1].split("</table>")[0]
    numbers = [int(number) for number in re.findall(r"<td>(\d+)</td>", table)]
    assert sum(numbers[:-1]) == numbers[-1] == len(FATES)
    assert "Arrived on the phone" in table and "Waits for its turn" in table and "Left out" in table
    assert (
        "The family said STOP. <span" in page and f"{len(FATES) - 3} of {len(FATES)} no longer wait" in page
    )


@pytest.mark.parametrize(
    ("state", "paused_from"), [("expanding", None), ("paused", "expanding"), ("cancelled", "expanding")]
)
def test_while_the_list_is_made_the_page_says_so_and_looks_again(
    signed_in: SignIn,
    sqlite_database: Database,
    cast: Cast,
    clock: FixedClock,
    state: str,
    paused_from: str | None,
) -> None:
    facts = {"state": state, "paused_from": paused_from}
    making = under_way(sqlite_database, cast, clock, resolved=False, **facts)
    page = signed_in("rosa").read(f"{ROOM}/{making}")
    assert "The list of recipients is still being made" in page and "data-live" in page
    with sqlite_database.write() as session:
        session.get_one(Broadcast, making).resolved = True
    page = signed_in("rosa").read(f"{ROOM}/{making}")
    assert "still being made" not in page and ("data-live" in page) == (state == "expanding")


def test_progress_is_told_afresh_and_says_when_the_page_is_out_of_date(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    rosa = signed_in("rosa")
    page = rosa.read(f"{ROOM}/{key}")
    told = rosa.client.get(f"{ROOM}/{key}/progress").get_json()
    assert f'data-marker="{told["marker"]}"' in page and '<table class="counts">' in told["html"]
    assert '<noscript><meta http-equiv="refresh"' in page
    press(rosa, key, "pause")
    later = rosa.client.get(f"{ROOM}/{key}/progress").get_json()
    assert later["marker"] != told["marker"]
    assert "data-live" not in rosa.read(f"{ROOM}/{key}")


def test_each_recipient_has_a_result_with_the_reason_in_plain_words(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    page = plain_spaces(plain(signed_in("rosa").client.get(f"{ROOM}/{key}/recipients")))
    assert 'Could not be sent: <bdi lang="en" dir="ltr">The number is not in service.</bdi>' in page
    assert "Left out: The family said STOP." in page and "Ana0 Vega" in page and "<bdi>Lucía</bdi>" in page
    assert "+1510555" not in page


def test_results_are_filtered_by_state_and_come_in_pages(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    many = RESULTS_PAGE + 5
    key = under_way(
        sqlite_database, cast, clock, fates=[("delivered", None)] * many + [("skipped", "stopped")]
    )
    rosa, address = signed_in("rosa"), f"{ROOM}/{key}/recipients"
    page = rosa.read(f"{address}?state=delivered")
    assert page.count('<li class="case">') == RESULTS_PAGE and "Page 1 of 2" in page
    assert rosa.read(f"{address}?state=delivered&page=2").count('<li class="case">') == 5
    skipped = rosa.read(f"{address}?state=skipped")
    assert skipped.count('<li class="case">') == 1 and "Arrived on the phone <span" in skipped
    assert "Nobody stands like this any more." in rosa.read(f"{address}?state=failed")
    assert rosa.read(f"{address}?state=x").count('<li class="case">') == RESULTS_PAGE


def test_it_is_sent_and_the_time_to_undo_is_shown(
    signed_in: SignIn, sqlite_database: Database, clock: FixedClock
) -> None:
    rosa = signed_in("rosa")
    write(rosa)
    key = newest(sqlite_database).id
    told = press(rosa, key, "send")
    assert "It goes to 1 telephone." in told and "Scheduled" in told
    assert "Nothing leaves within the next 30 seconds" in told and "Not begun yet" in rosa.read(ROOM)
    clock.advance(timedelta(seconds=29, milliseconds=500))
    assert "Nothing leaves within the next 1 second:" in rosa.read(f"{ROOM}/{key}")
    clock.advance(timedelta(seconds=1))
    assert "Nothing leaves within" not in rosa.read(f"{ROOM}/{key}")
    assert deeds(sqlite_database) == [("rosa", "compose_broadcast"), ("rosa", "schedule_broadcast")]


def test_it_is_cancelled_whole_while_nothing_has_left(signed_in: SignIn, sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    key = sent(rosa, sqlite_database)
    told = press(rosa, key, "cancel")
    assert "Cancelled. Nothing had left." in told and "Nobody has been texted." in told
    assert "Write another like it" in told and "Cancel it" not in told
    assert "No school on Friday." in rosa.read(f"{ROOM}?tab=ended")


def test_what_is_under_way_is_paused_resumed_and_cancelled_with_exact_counts(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    rosa = signed_in("rosa")
    told = press(rosa, key, "pause")
    assert "Paused." in told and "Waits until the broadcast goes on" in told and "at night</a>" not in told
    results = rosa.read(f"{ROOM}/{key}/recipients?state=held")
    assert "Waits until the broadcast goes on" in results and "The broadcast is paused." not in results
    assert "It goes on." in press(rosa, key, "resume") and stored(sqlite_database, key).state == "sending"
    told = press(rosa, key, "cancel")
    assert "Cancelled. 4 texts had left or were leaving." in told
    with sqlite_database.read() as session:
        states = [row.state for row in session.query(Delivery)]
        assert "queued" not in states and "held" not in states and states.count("cancelled") == 3
        assert session.query(BroadcastRecipient).filter_by(state="pending").count() == 0
    assert [deed for _, deed in deeds(sqlite_database)] == [
        "pause_broadcast", "resume_broadcast", "cancel_broadcast"
    ]  # fmt: skip


def test_of_two_who_press_at_once_the_second_sees_how_it_stands(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa, ada = signed_in("rosa"), signed_in("ada")
    key = sent(rosa, sqlite_database)
    press(ada, key, "cancel")
    assert "It has changed meanwhile." in press(rosa, key, "pause")
    assert "It has changed meanwhile." in press(rosa, key, "send")


def test_an_urgent_one_waits_for_a_second_person_of_the_office(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    rosa, ada = signed_in("rosa"), signed_in("ada")
    write(rosa, category="urgent")
    key = newest(sqlite_database).id
    assert "It needs approval by a second person" in rosa.read(f"{ROOM}/{key}")
    told = press(rosa, key, "send")
    assert "It leaves as soon as a second person has approved it." in told and "Approve it" not in told
    assert "This could not be done." in press(rosa, key, "approve")
    waiting = ada.read(f"{ROOM}?tab=approval")
    assert "No school on Friday." in waiting and "waits for an approval" in waiting
    assert "Leaves once it is approved" in waiting
    page = ada.read(f"{ROOM}/{key}")
    assert "Approve it" in page and "1 telephone" in page
    assert "Why it cannot wait for the end of the hours of rest" in page
    assert "This could not be done." in press(ada, key, "approve")
    told = ada.press(f"{ROOM}/{key}/approve", f"{ROOM}/{key}", why="A pipe has burst.")
    assert "Approved. It leaves at its time." in plain(told) and "A pipe has burst." in plain(told)
    found = stored(sqlite_database, key)
    assert found.approved_by not in (None, cast.rosa) and found.approved_at is not None
    page = rosa.read(f"{ROOM}/{key}")
    assert "Ada Chen" in page and "Nothing leaves within the next 30 seconds" in page
    assert "Nothing waits for an approval." in ada.read(f"{ROOM}?tab=approval")


def test_a_large_one_needs_approval_and_the_price_is_shown_where_one_is_set(
    sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    policy = Policy(district="Harbor Unified", approval_above=0, segment_price=Decimal("0.0079"))
    rosa = Browser(make_app(sqlite_database, clock, policy=policy).test_client())
    rosa.sign_in("rosa")
    page = plain(write(rosa))
    assert "It needs approval by a second person" in page and "about $0.01" in page


def test_only_who_wrote_it_sends_it(signed_in: SignIn, sqlite_database: Database) -> None:
    write(signed_in("rosa"))
    key, ada = newest(sqlite_database).id, signed_in("ada")
    assert "Send it now" not in ada.read(f"{ROOM}/{key}")
    assert ada.press(f"{ROOM}/{key}/send", f"{ROOM}/{key}").status_code == 403
    assert "The draft is thrown away." in press(ada, key, "cancel")


def test_a_teacher_sees_and_stops_own_broadcasts_only_and_approves_none(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa, emma = signed_in("rosa"), signed_in("emma")
    theirs, own = sent(rosa, sqlite_database), sent(emma, sqlite_database, text="Bring boots.")
    page = emma.read(ROOM)
    assert "Bring boots." in page and "No school on Friday." not in page and "To approve" not in page
    for address in ("", "/progress", "/recipients"):
        assert emma.client.get(f"{ROOM}/{theirs}{address}").status_code == 404
    for deed in ("send", "pause", "resume", "cancel"):
        assert emma.press(f"{ROOM}/{theirs}/{deed}", ROOM).status_code == 404
    assert emma.press(f"{ROOM}/{own}/approve", ROOM).status_code == 403
    assert stored(sqlite_database, theirs).state == "scheduled"
    assert "Cancelled." in press(emma, own, "cancel")
    assert "Bring boots." in rosa.read(f"{ROOM}?tab=ended")


def test_a_teacher_who_lost_the_class_meanwhile_sends_nothing(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    emma = signed_in("emma")
    write(emma)
    with sqlite_database.write() as session:
        session.query(Enrollment).filter(Enrollment.staff_id.is_not(None)).update({"active": False})
    assert "This could not be done." in press(emma, newest(sqlite_database).id, "send")
    assert newest(sqlite_database).state == "draft"


def test_what_people_wrote_is_text_and_not_markup(signed_in: SignIn, sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    write(rosa, text="<b>Hello</b>")
    key = newest(sqlite_database).id
    for address in (f"{ROOM}/{key}", f"{ROOM}?tab=drafts", f"{ROOM}/new?like={key}"):
        assert "<b>Hello" not in rosa.read(address)


@pytest.mark.parametrize("key", ["999", "0"])
def test_an_unknown_number_leads_nowhere(app: Flask, signed_in: SignIn, key: str) -> None:
    assert signed_in("rosa").client.get(f"{ROOM}/{key}").status_code == 404
