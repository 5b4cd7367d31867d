"""The console in a real browser: on a telephone and on a desk, from left and from right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.console import passwords
from bot.console.review_words import WHY
from bot.storage.cases import CaseEvent
from bot.storage.deliveries import Delivery
from bot.storage.review_texts import ReviewText
from bot.storage.session import Database
from tests.browser.checks import check_page
from tests.conftest import FixedClock
from tests.console.house import HASHER, PASSWORD, Cast, hear, make_app, open_case, settle_cast

pytestmark = pytest.mark.slow

SIZES = {"telephone": (390, 844), "small": (320, 640), "desk": (1280, 900)}
MATTERS = (
    ("es", "concern", "Mi hija tiene miedo en el autobús porque unos niños mayores la empujan todos los días y el chofer no hace nada."),
    ("ar", "question", "متى تبدأ عطلة الشتاء؟ وهل تفتح المدرسة أبوابها يوم الجمعة؟"),
    ("vi", "complaint", "Tôi muốn khiếu nại chính thức về việc con tôi bị cấm ăn trưa."),
    ("zh-Hans", "progress", "请告诉我孩子的数学成绩怎么样。"),
    ("en", "person", "Can somebody please call me back after 3? I can't talk at work."),
    ("so", "volunteer", "Waxaan rabaa inaan ka caawiyo maktabadda dugsiga."),
)  # fmt: skip


def fill(database: Database, cast: Cast, clock: FixedClock) -> int:
    """A lively day; the key of the case that everybody looks at."""
    now = clock.now()
    first = hear(database, cast, MATTERS[0][2], now - timedelta(hours=3))
    hear(database, cast, "Gracias, espero su llamada", now - timedelta(minutes=20))
    key = open_case(database, cast, now - timedelta(hours=3), turn_id=first, words=MATTERS[0][2], urgent=True,
                    kind="crisis", due_at=now + timedelta(minutes=10))  # fmt: skip
    for number in range(30):
        language, kind, words = MATTERS[number % len(MATTERS)]
        open_case(
            database, cast, now - timedelta(hours=number), language=language, kind=kind, words=words,
            due_at=now + timedelta(hours=number - 4), status="answered" if number % 7 == 6 else "open",
            owner_id=(cast.rosa, cast.emma, None)[number % 3],
        )  # fmt: skip
    _say(database, cast, key, now)
    add_texts_to_review(database, now)
    return key


def add_texts_to_review(database: Database, now: Any) -> None:
    """A text in each language, with two guesses."""
    with database.write() as session:
        session.add_all(
            ReviewText(
                fingerprint=str(number), text=f"{words} [name] [phone]", language=language, why=why, first_at=now,
                last_at=now - timedelta(hours=number), times=len(MATTERS) - number, status="open", guessed=guessed,
                confidence=0.41, second="out_of_scope", second_confidence=0.33,
                suggested="check_status" if why == "clarified" else None,
            )
            for number, ((language, _, words), why, guessed) in enumerate(
                zip(MATTERS, (*WHY, "unsure"), ("greet", "volunteer", "check_progress", "help", "crisis", "thank"), strict=True)
            )
        )  # fmt: skip


def _say(database: Database, cast: Cast, case: int, now: Any) -> None:
    with database.write() as session:
        for number, (kind, state, body, reason) in enumerate((
            ("crisis", "delivered", "Si alguien está en peligro ahora, llame al 911. Para hablar con alguien: 988.", None),
            ("staff", "sent", "[Este mensaje no está traducido]\nI have spoken with the bus company. Can I call you at noon?", None),
            ("reply", "failed", "Su referencia es HL-1001.", "The number is not in service."),
            ("staff", "held", "Good evening, one more question.", None),
        )):  # fmt: skip
            session.add(Delivery(
                dedupe_key=f"k{number}", kind=kind, channel="sms", recipient="+15105550199", conversation_id=cast.line,
                case_id=case, language="es", body=body, original=body.split("\n")[-1] if kind == "staff" else None,
                original_language="en" if kind == "staff" else None, segments=1 + number % 2, state=state, reason=reason,
                due_at=now + timedelta(hours=15), created_at=now - timedelta(minutes=170 - 40 * number),
            ))  # fmt: skip
        for kind, text in (
            ("assigned", "Emma Washington"),
            ("note", "Bus company: driver of route 12, call back at 11."),
        ):
            session.add(
                CaseEvent(case_id=case, kind=kind, at=now - timedelta(minutes=60), actor="rosa", text=text)
            )


@pytest.fixture(params=["en", "es", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the console."""
    return str(request.param)


@pytest.fixture
def town(
    sqlite_database: Database, clock: FixedClock, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, int, int]:
    """A served console on a lively day: its address, a case, a line."""
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)
    cast = settle_cast(sqlite_database, clock.now())
    key = fill(sqlite_database, cast, clock)
    return serve(make_app(sqlite_database, clock)), key, cast.line


def signed_in(context: Any, address: str, language: str) -> Any:
    page = context.new_page()
    page.goto(f"{address}/console/log-in?language={language}")
    page.fill("#username", "rosa")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{address}/console/")
    return page


def test_every_page_fits_every_screen_and_every_reader(
    chromium: Any, town: tuple[str, int, int], language: str, look: Any
) -> None:
    address, case, line = town
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, address, language)
    for room, path in (
        ("cases", "/console/"), ("empty", "/console/?q=nothing-like-this"), ("case", f"/console/cases/{case}"),
        ("conversations", "/console/conversations"), ("conversation", f"/console/conversations/{line}"),
        ("languages", "/console/languages"), ("review", "/console/review"),
        ("nothing-to-review", "/console/review?status=labelled"), ("mistake", "/console/nowhere"),
    ):  # fmt: skip
        page.goto(address + path)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            measured = check_page(page)
            assert (measured["lang"], measured["dir"]) == (language, "rtl" if language == "ar" else "ltr")
            look(page, f"console-{room}-{language}-{size}")
    context.close()


def test_the_door_fits_every_screen(
    chromium: Any, town: tuple[str, int, int], language: str, look: Any
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{town[0]}/console/log-in?language={language}")
    page.fill("#username", "rosa")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    page.wait_for_selector('[role="alert"]')
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        check_page(page)
        look(page, f"console-door-{language}-{size}")
    context.close()


def test_a_reply_shows_how_it_will_leave_while_it_is_typed_and_is_sent_with_the_keyboard(
    chromium: Any, town: tuple[str, int, int], look: Any
) -> None:
    address, case, _ = town
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, address, "en")
    page.goto(f"{address}/console/cases/{case}")
    page.fill(
        "#reply-text", "We have looked into it, and the driver will speak to the children tomorrow morning."
    )
    page.wait_for_selector("#leaving details")
    assert "As 2 SMS." in page.inner_text("#leaving")
    look(page, "console-reply-en-desk")
    page.focus("#reply-text")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said-success")
    assert "Your reply is on its way." in page.inner_text(".said-success")
    context.close()


def test_the_first_tab_stop_skips_to_the_content_and_focus_is_seen(
    chromium: Any, town: tuple[str, int, int]
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, town[0], "en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert width >= 2
    context.close()


def test_keys_choose_in_peace_and_a_button_sends_what_was_chosen(
    chromium: Any, town: tuple[str, int, int]
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, town[0], "en")
    page.focus("#console-language")
    assert not page.locator(".me-language button").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert (page.input_value("#console-language"), page.get_attribute("html", "lang")) == ("ar", "en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=ar]")
    page.select_option("#console-language", "en")  # as a finger on a list: no key is pressed
    page.wait_for_selector("html[lang=en]")
    context.close()


def test_the_console_works_without_scripts(chromium: Any, town: tuple[str, int, int]) -> None:
    address, case, _ = town
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = signed_in(context, address, "en")
    page.goto(f"{address}/console/cases/{case}")
    page.fill("#reply-text", "Without a script.")
    page.click("text=Send to the family")
    assert "Your reply is on its way." in page.inner_text(".said-success")
    context.close()


def test_a_page_loads_nothing_from_elsewhere_and_breaks_no_rule_of_its_own(
    chromium: Any, town: tuple[str, int, int]
) -> None:
    address, case, _ = town
    context = chromium.new_context()
    page = signed_in(context, address, "en")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{address}/console/cases/{case}")
    assert all(url.startswith(address) for url in asked)
    assert complaints == []
    context.close()


def test_texts_are_reviewed_with_the_keyboard_and_on_a_telephone(
    chromium: Any, town: tuple[str, int, int], look: Any
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = signed_in(context, town[0], "en")
    page.goto(f"{town[0]}/console/review")
    first = page.locator(".review").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.locator(".review-intents button").count() == 21
    check_page(page)
    look(page, "console-review-open-en-telephone")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said-success")
    assert "the family asks a question" in page.inner_text(".said-success")
    assert page.locator(".review").count() == len(MATTERS) - 1
    page.click(".review-undo button")
    page.wait_for_selector("text=back on the list")
    assert page.locator(".review").count() == len(MATTERS)
    context.close()
