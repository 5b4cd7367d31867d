"""The simulator in a real browser: typing, ticks, what was understood, on a telephone and on a desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.storage.session import Database
from tests.browser.checks import check_page
from tests.conftest import FixedClock
from tests.simulator.house import AMINA, MARIA, QuietCompany, hear, make_app, say

UNDERSTOOD = {
    "language": "es", "written_in": "es", "intent": "book_conference", "confidence": 0.8731, "decision": "model",
    "ranking": [["book_conference", 0.8731], ["change_conference", 0.0712], ["talk_to_human", 0.0201]],
    "commands": [], "flow": ["book_conference/start", "book_conference/ask_child", "book_conference/ask_opening"],
    "slots": {"child_id": 12, "mode": "in_person"}, "took_ms": 34,
}  # fmt: skip


def taken(answer: Any) -> bool:
    """Whether the product has taken a text: its bubble stands on the page before that."""
    return "/texts" in answer.url


@pytest.fixture
def company() -> QuietCompany:
    """The telephone company."""
    return QuietCompany()


@pytest.fixture
def address(sqlite_database: Database, clock: FixedClock, company: QuietCompany, serve: Any) -> str:
    """A served simulator with some talk on two telephones."""
    now = clock.now()
    hear(sqlite_database, MARIA, "Quiero una cita con la maestra de mi hija", now, **UNDERSTOOD)
    say(sqlite_database, company, MARIA, "¿Qué hora le conviene?\n1. lun, 23 nov, 3:00 p. m.\n2. mar, 24 nov, 5:30 p. m.\nResponda con el número.", now + timedelta(seconds=2))  # fmt: skip
    say(sqlite_database, company, MARIA, "Recordatorio de su cita.", now + timedelta(seconds=60), state="held",
        kind="reminder", provider_id=None)  # fmt: skip
    hear(
        sqlite_database,
        AMINA,
        "متى تبدأ عطلة الشتاء؟",
        now,
        **{**UNDERSTOOD, "language": "ar", "written_in": "ar"},
    )
    say(sqlite_database, company, AMINA, "تبدأ عطلة الشتاء يوم الاثنين 21 ديسمبر. المصدر: تقويم المدرسة.", now + timedelta(seconds=2), language="ar")  # fmt: skip
    say(sqlite_database, company, AMINA, "رقم غير صالح", now + timedelta(seconds=90), language="ar", state="undelivered",
        reason="The telephone is switched off or out of reach", error_code=30003)  # fmt: skip
    return str(serve(make_app(sqlite_database, clock, company)))


def opened(chromium: Any, address: str, width: int, height: int) -> Any:
    page = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(f"{address}/simulator/")
    page.wait_for_selector(".text-me", state="attached")
    return page


@pytest.mark.parametrize(
    ("size", "width", "height"), [("desk", 1280, 900), ("telephone", 390, 844), ("small", 320, 640)]
)
def test_the_page_fits_every_screen(
    chromium: Any, address: str, look: Any, size: str, width: int, height: int
) -> None:
    page = opened(chromium, address, width, height)
    check_page(page)
    look(page, f"simulator-{size}")
    shown = page.locator(".phone:visible").count()
    assert shown == (3 if size == "desk" else 1)
    page.context.close()


def test_on_a_telephone_the_picker_changes_the_phone(chromium: Any, address: str) -> None:
    page = opened(chromium, address, 390, 844)
    page.select_option("#picker", "1")
    assert page.locator(".phone:visible h2").inner_text() == "أمينة حسن"
    page.context.close()


def test_a_phone_that_is_picked_shows_its_latest_texts(chromium: Any, address: str) -> None:
    page = opened(chromium, address, 390, 844)
    page.evaluate(
        "const tall = document.createElement('p'); tall.style.minHeight = '3000px';"
        "document.querySelectorAll('[data-log]')[1].append(tall)"
    )
    page.select_option("#picker", "1")
    left = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
    assert page.locator(".phone:visible [data-log]").evaluate(left) < 2
    page.context.close()


def test_enter_sends_and_shift_enter_makes_a_line(
    chromium: Any, address: str, company: QuietCompany, sqlite_database: Database, clock: FixedClock
) -> None:
    page = opened(chromium, address, 1280, 900)
    page.focus("#text-0")
    page.keyboard.type("uno")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("dos")
    assert page.inner_text("#count-0") == "7 / 1600"
    with page.expect_response(taken):
        page.keyboard.press("Enter")
    assert company.written == [(MARIA, "uno\ndos", False)]
    assert page.input_value("#text-0") == "" and page.inner_text("#count-0") == "0 / 1600"
    hear(sqlite_database, MARIA, "uno\ndos", clock.now() + timedelta(seconds=99))
    page.wait_for_selector(".text-sending", state="detached")
    assert page.inner_text('[data-number="+15105550199"] .text-me:last-of-type .bubble') == "uno\ndos"
    page.context.close()


def test_the_quick_buttons_send_and_the_photo_has_no_words(
    chromium: Any, address: str, company: QuietCompany
) -> None:
    page = opened(chromium, address, 1280, 900)
    for name in ("STOP", "START", "HELP", "Photo without words"):
        with page.expect_response(taken):
            page.locator(".phone").nth(1).get_by_role("button", name=name).click()
    assert page.locator(".text-sending").count() == 4  # none of them has landed yet
    assert company.written == [
        (AMINA, "STOP", False),
        (AMINA, "START", False),
        (AMINA, "HELP", False),
        (AMINA, "", True),
    ]
    page.context.close()


def test_the_panel_tells_what_was_understood_and_follows_the_phone(chromium: Any, address: str) -> None:
    page = opened(chromium, address, 1280, 900)
    panel = page.locator("[data-understood]")
    assert (
        "book_conference" in panel.inner_text()
        and "87%" in panel.inner_text()
        and "34 ms" in panel.inner_text()
    )
    assert "book_conference/ask_child → book_conference/ask_opening" in panel.inner_text()
    page.focus("#text-1")
    assert "متى تبدأ عطلة الشتاء؟" in panel.inner_text()
    assert page.get_attribute(".phone >> nth=1 >> [data-log]", "aria-live") == "polite"
    assert page.get_attribute(".phone >> nth=0 >> [data-log]", "aria-live") == "off"
    page.context.close()


def test_what_families_write_never_becomes_markup(
    chromium: Any, address: str, sqlite_database: Database, clock: FixedClock
) -> None:
    page = opened(chromium, address, 1280, 900)
    hear(
        sqlite_database,
        MARIA,
        "<img src=x onerror=document.title='broken'>",
        clock.now() + timedelta(seconds=200),
    )
    page.wait_for_selector("text=<img src=x")
    assert page.title() == "Simulator · Homeline"
    page.context.close()
