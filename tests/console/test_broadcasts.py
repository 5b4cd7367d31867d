"""Watching broadcasts in the console: lists, exact counts, progress, results."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from bot.console.broadcast_words import EMPTY, LEFT_OUT, RESULTS, STATES, TABS
from bot.console.broadcasts import RESULTS_PAGE
from bot.model.delivery import DeliveryState
from bot.outbox.resending import resend_later
from bot.school.broadcasts import reasons
from bot.storage import broadcast_list
from bot.storage.broadcasts import Broadcast
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.broadcasting import (
    FATES,
    ROOM,
    newest,
    plain,
    press,
    under_way,
    write,
)
from tests.console.house import Cast, SignIn


def plain_spaces(page: str) -> str:
    return re.sub(r"\s+", " ", page)


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
    assert f'data-marker="{told["marker"]}"' in page and '<table class="counts">' in told["parts"]["progress"]
    assert "Is being sent" in told["parts"]["state"] and not told["final"]
    assert '<noscript><meta http-equiv="refresh"' in page
    press(rosa, key, "pause")
    later = rosa.client.get(f"{ROOM}/{key}/progress").get_json()
    assert later["marker"] != told["marker"] and "Paused" in later["parts"]["state"] and not later["final"]
    press(rosa, key, "cancel")
    assert rosa.client.get(f"{ROOM}/{key}/progress").get_json()["final"]
    assert "data-live" not in rosa.read(f"{ROOM}/{key}")


def test_each_recipient_has_a_result_with_the_reason_in_plain_words(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    page = plain_spaces(plain(signed_in("rosa").client.get(f"{ROOM}/{key}/recipients")))
    assert "Could not be sent: <bdi>The number is not in service.</bdi>" in page
    assert "Left out: The family said STOP." in page and "Ana0 Vega" in page and "<bdi>Lucía</bdi>" in page
    assert "+1510555" not in page


def test_a_further_try_after_a_failure_is_not_said_to_wait_for_the_morning(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock, fates=[("undelivered", None), ("held", None)])
    with sqlite_database.write() as session:
        lost = session.query(Delivery).filter_by(state="undelivered").one()
        assert resend_later(session, lost, 3, clock.now())
    rosa = signed_in("rosa")
    page = plain_spaces(rosa.read(f"{ROOM}/{key}/recipients")).partition("<ol")[2]
    assert page.count("It is tried again Mon, Nov 16") == 1
    assert page.count("Waits for the morning: families are not texted at night") == 1
    assert "Waits for the morning, or for another try" in rosa.read(f"{ROOM}/{key}")


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


def test_what_people_wrote_is_text_and_not_markup(signed_in: SignIn, sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    write(rosa, text="<b>Hello</b>")
    key = newest(sqlite_database).id
    for address in (f"{ROOM}/{key}", f"{ROOM}?tab=drafts", f"{ROOM}/new?like={key}"):
        assert "<b>Hello" not in rosa.read(address)


@pytest.mark.parametrize("key", ["999", "0"])
def test_an_unknown_number_leads_nowhere(app: Flask, signed_in: SignIn, key: str) -> None:
    assert signed_in("rosa").client.get(f"{ROOM}/{key}").status_code == 404
