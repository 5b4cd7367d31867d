"""Texts that did not arrive, in a real browser: on a telephone and on a desk, from both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.twilio.errors import ERRORS
from bot.console import passwords
from bot.outbox.sending import NOBODY_KNOWS
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests.browser.checks import check_page
from tests.browser.test_console import SIZES, signed_in
from tests.conftest import FixedClock
from tests.console.house import HASHER, Cast, make_app, settle_cast

ROOM = "/console/not-arrived"
LONG = "Mañana no hay clases por la tormenta. Los autobuses no salen y la cafetería queda cerrada. " * 3


@pytest.fixture
def town(sqlite_database: Database, clock: FixedClock, serve: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A served console with lost texts of every sort; its address."""
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)
    _lose(sqlite_database, settle_cast(sqlite_database, clock.now()), clock)
    return str(serve(make_app(sqlite_database, clock)))


def _lose(database: Database, cast: Cast, clock: FixedClock) -> None:
    now = clock.now()
    common = {"channel": "sms", "recipient": "+15105550199", "language": "es", "conversation_id": cast.line,
              "created_at": now - timedelta(hours=30), "due_at": now, "state": "undelivered"}  # fmt: skip
    texts = [
        {"kind": "staff", "body": LONG, "reason": ERRORS[30003].reason, "original": "No school tomorrow.", "original_language": "en"},
        {"kind": "reminder", "body": "Recordatorio: mañana a las 15:00.", "reason": ERRORS[30006].reason, "expires_at": now},
        {"kind": "reply", "body": "Gracias. La oficina le responde hoy.", "state": "unresolved", "reason": NOBODY_KNOWS},
        {"kind": "staff", "body": "شكرًا لكم، نراكم غدًا.", "language": "ar", "state": "failed", "reason": ERRORS[21211].reason,
         "recipient": "+15105550333", "conversation_id": None},
        {"kind": "staff", "body": "La reunión es el lunes.", "reason": ERRORS[30008].reason},
    ]  # fmt: skip
    with database.write() as session:
        rows = [Delivery(dedupe_key=f"t{n}", **{**common, **text}) for n, text in enumerate(texts)]
        session.add_all(rows)
        session.flush()
        session.add(Delivery(dedupe_key="later", **{**common, "kind": "staff", "body": "La reunión es el lunes.", "state": "held",
                                                    "due_at": now + timedelta(hours=4), "resend_of": rows[-1].id, "resends": 1}))  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_lists_fit_every_screen_and_every_reader(
    chromium: Any, town: str, language: str, look: Any
) -> None:
    context = chromium.new_context()
    page = signed_in(context, town, language)
    for name, address in (("lost", ROOM), ("again", f"{ROOM}?tab=again"), ("none", f"{ROOM}?day=2020-01-01")):
        page.goto(town + address)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if name == "lost":
                page.evaluate("document.querySelector('.lost-deed details').open = true")
            measured = check_page(page)
            assert (measured["lang"], measured["dir"]) == (language, "rtl" if language == "ar" else "ltr")
            look(page, f"not-arrived-{name}-{language}-{size}")
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_marked_texts_are_sent_again_with_and_without_scripts(
    chromium: Any, town: str, scripts: bool, sqlite_database: Database
) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    page = signed_in(context, town, "en")
    page.goto(town + ROOM)
    for box in page.locator("input[name=marked]").all():
        box.check()
    page.get_by_role("button", name="Send the marked ones again").click()
    page.wait_for_selector(".said")
    assert "2 texts are sent again." in page.inner_text("main")
    assert page.locator("input[name=marked]").count() == 0
    context.close()
    with sqlite_database.read() as session:
        assert session.query(Delivery).filter(Delivery.state == "queued").count() == 2


def test_the_enter_key_on_a_mark_sends_only_what_is_marked(
    chromium: Any, town: str, sqlite_database: Database
) -> None:
    context = chromium.new_context()
    page = signed_in(context, town, "en")
    page.goto(town + ROOM)
    box = page.locator("input[name=marked]").nth(1)
    box.check()
    box.press("Enter")
    page.wait_for_selector(".said")
    assert "1 text is sent again." in page.inner_text("main")
    context.close()
    with sqlite_database.read() as session:
        [sent] = session.query(Delivery).filter(Delivery.state == "queued").all()
    assert sent.body == LONG
