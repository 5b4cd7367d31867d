"""Broadcasts in a real browser: written, looked at, sent and stopped, on a telephone and on a desk, from both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.console import passwords
from bot.school.policy import Policy
from bot.storage.people import StaffMember
from bot.storage.session import Database
from tests.browser.checks import check_page
from tests.browser.test_console import SIZES, signed_in
from tests.conftest import FixedClock
from tests.console.broadcasting import ROOM, move_to_district, under_way
from tests.console.house import HASHER, Cast, make_app, settle_cast

pytestmark = pytest.mark.slow

POLICY = Policy(district="Harbor Unified", segment_price=Decimal("0.0083"))


@pytest.fixture
def cast(sqlite_database: Database, clock: FixedClock) -> Cast:
    """The people; Rosa works for the whole district."""
    found = settle_cast(sqlite_database, clock.now())
    move_to_district(sqlite_database, found.rosa)
    return found


@pytest.fixture
def town(
    sqlite_database: Database, clock: FixedClock, cast: Cast, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A served console; its address."""
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)
    return str(serve(make_app(sqlite_database, clock, policy=POLICY)))


def seen_on(page: Any, language: str, look: Any, name: str) -> set[tuple[str, str]]:
    """Look at the page on every screen, where it has to fit. The languages and directions it says it has."""
    told = set()
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        measured = check_page(page)
        told.add((measured["lang"], measured["dir"]))
        look(page, f"broadcast-{name}-{language}-{size}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return told


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_every_page_fits_every_screen_and_every_reader(
    chromium: Any,
    town: str,
    language: str,
    look: Any,
    sqlite_database: Database,
    cast: Cast,
    clock: FixedClock,
) -> None:
    key = under_way(sqlite_database, cast, clock, text="No school on Friday, because of the storm. " * 5)
    paused = under_way(
        sqlite_database, cast, clock, fates=[("held", None)], state="paused", paused_from="scheduled",
        category="urgent", needs_approval=True,
    )  # fmt: skip
    with sqlite_database.write() as session:
        ada = session.query(StaffMember).filter_by(given_name="Ada").one().id
    waits = under_way(
        sqlite_database, cast, clock, fates=(), state="scheduled", needs_approval=True, author_id=ada
    )
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, town, language)
    right = {(language, "rtl" if language == "ar" else "ltr")}
    for name, path in (
        ("list", ROOM), ("empty", f"{ROOM}?tab=ended"), ("new", f"{ROOM}/new"), ("like", f"{ROOM}/new?like={key}"),
        ("under-way", f"{ROOM}/{key}"), ("recipients", f"{ROOM}/{key}/recipients"), ("paused", f"{ROOM}/{paused}"),
        ("nobody", f"{ROOM}/{key}/recipients?state=expired&page=9"), ("waits", f"{ROOM}/{waits}"),
    ):  # fmt: skip
        page.goto(town + path)
        assert seen_on(page, language, look, name) == right
    page.goto(f"{town}{ROOM}/new")
    page.fill("#broadcast-text", "{parent}")
    page.click("main form .btn-primary")
    page.wait_for_selector(".field-mistake")
    assert seen_on(page, language, look, "mistakes") == right
    page.fill("#broadcast-text", "{teacher}: {child}")
    page.check("#who-all")
    page.click("main form .btn-primary")
    page.wait_for_selector(".deeds")
    assert seen_on(page, language, look, "problems") == right
    context.close()


def write_and_send(page: Any, town: str, look: Any) -> None:
    """As a person does it, up to the moment it is scheduled."""
    page.goto(f"{town}{ROOM}")
    page.click("text=Write a broadcast")
    page.fill("#broadcast-text", "No school on Friday for {child}.")
    page.check("text=Bayview Elementary")
    page.click("text=Show the classes of the chosen schools")
    page.wait_for_selector("input[name=classes]")
    page.check("#classes input")
    page.check("#who-chosen")
    page.click("text=See what it would do")
    page.wait_for_selector("text=Send it now")
    look(page, "broadcast-draft-en-desk")
    assert "No school on Friday for Lucía." in page.inner_text(".share")
    page.click("text=Send it now")
    page.wait_for_selector(".said-success")
    assert "Nothing leaves within the next 30 seconds" in page.inner_text("main")


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_written_sent_paused_and_cancelled_with_and_without_scripts(
    chromium: Any, town: str, look: Any, scripts: bool
) -> None:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripts, locale="en-US"
    )
    page = signed_in(context, town, "en")
    write_and_send(page, town, look)
    for deed, told in (("pause", "Paused."), ("resume", "It goes on."), ("cancel", "Nothing had left.")):
        page.click(f".deed-{deed} summary")
        page.click(f".deed-{deed} button")
        page.wait_for_selector(f".said-success:has-text('{told}')")
        assert page.locator(f".deed-{deed}").count() == 0, "what is done is not offered again"
    context.close()


def test_choosing_families_or_a_time_chooses_the_way_that_goes_with_it(chromium: Any, town: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = signed_in(context, town, "en")
    page.goto(f"{town}{ROOM}/new")
    page.check("#who-all")
    page.check("input[name=grades] >> nth=0")
    page.fill("#send_at", "2026-11-20T10:00")
    assert page.is_checked("#who-chosen") and page.is_checked("#when-later")
    context.close()


def test_the_counts_stay_fresh_and_the_page_breaks_no_rule_of_its_own(
    chromium: Any, town: str, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, town, "en")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.clock.install()
    page.goto(f"{town}{ROOM}/{key}")
    assert page.locator(".counts").is_visible()
    other = context.new_page()
    other.goto(f"{town}{ROOM}/{key}")
    other.click(".deed-pause summary")
    other.click(".deed-pause button")
    other.wait_for_selector(".said-success")
    page.bring_to_front()
    page.clock.run_for(6000)
    page.wait_for_selector("[data-fresh]:not([hidden])")
    page.wait_for_selector("text=Waits until the broadcast goes on")
    page.wait_for_selector(".case-state:has-text('Paused')")
    other.click(".deed-cancel summary")
    other.click(".deed-cancel button")
    other.wait_for_selector(".said-success")
    page.bring_to_front()
    page.clock.run_for(6000)
    page.wait_for_selector(".case-state:has-text('Cancelled')")
    assert complaints == []
    context.close()
