"""Writing to a family in a real browser: what is told while one types, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from bot.console import passwords
from bot.school import consent
from bot.storage.session import Database
from tests.browser.test_console import signed_in
from tests.conftest import FixedClock
from tests.console.house import HASHER, PASSWORD, make_app, open_case, settle_cast

pytestmark = pytest.mark.slow


@pytest.fixture
def room(sqlite_database: Database, clock: FixedClock, serve: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the page of a case."""
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)
    cast = settle_cast(sqlite_database, clock.now())
    case = open_case(sqlite_database, cast, clock.now())
    return f"{serve(make_app(sqlite_database, clock))}/console/cases/{case}"


def origin(room: str) -> str:
    return room.partition("/console")[0]


def done(page: Any) -> None:
    """Wait for the page that says that it was done, and for its script: that is what puts half-typed texts back."""
    page.wait_for_selector(".said-success")
    page.wait_for_load_state("load")


def test_that_a_reply_will_not_be_sent_is_told_to_who_does_not_see_it(
    chromium: Any, room: str, sqlite_database: Database, clock: FixedClock
) -> None:
    context = chromium.new_context()
    page = signed_in(context, origin(room), "en")
    page.goto(room)
    assert page.inner_text("[data-leaving-told]") == ""
    with sqlite_database.write() as session:
        consent.stop(
            session, "sms", "+15105550199", consent.Will("ALTO", "es", "message", "family"), clock.now()
        )
    page.fill("#reply-text", "We will call you.")
    page.wait_for_selector(
        "[data-leaving-told]:has-text('It will not be sent: this family said STOP.')", state="attached"
    )
    context.close()


def test_what_is_half_typed_is_kept_until_it_is_sent_or_who_typed_it_signs_out(
    chromium: Any, room: str
) -> None:
    context = chromium.new_context()
    page = signed_in(context, origin(room), "en")
    page.goto(room)
    page.fill("#reply-text", "We are looking into it")
    page.click("details.closing summary")
    page.fill("#close-text", "All is settled")
    page.fill("#note-text", "Call the bus company.")
    page.click("text=Keep the note")
    done(page)
    assert page.input_value("#reply-text") == "We are looking into it"
    assert page.locator("#close-text").is_visible() and page.input_value("#close-text") == "All is settled"
    assert page.input_value("#note-text") == ""
    page.wait_for_selector("#leaving details")
    page.click("text=Send to the family")
    done(page)
    assert page.input_value("#reply-text") == ""
    page.fill("#reply-text", "One more thing")
    page.click("text=Sign out")
    page.wait_for_selector("#username")
    page.fill("#username", "rosa")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{origin(room)}/console/")
    page.goto(room)
    assert page.input_value("#reply-text") == page.input_value("#close-text") == ""
    context.close()


def test_nobody_finds_what_another_has_half_typed_in_the_same_window(chromium: Any, room: str) -> None:
    context = chromium.new_context()
    page = signed_in(context, origin(room), "en")
    page.goto(room)
    page.fill("#reply-text", "We are looking into it")
    context.clear_cookies()  # the session has ended
    page.goto(f"{origin(room)}/console/log-in")
    page.fill("#username", "ada")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{origin(room)}/console/")
    assert page.evaluate("sessionStorage.length") == 0
    context.close()
