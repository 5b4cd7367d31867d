"""As a stranger at the simulator: four families, four languages, from the first question to STOP."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.house import PATIENCE, House, wait_for

pytestmark = pytest.mark.slow

MOST_ANSWERS = 14
"""Questions a booking may ask before it counts as lost."""

HELPLINE = re.compile(r"\+1.?510.?555.?0\d{3}")
"""Every service of the demo's directory has such a number."""


@dataclass(frozen=True)
class Family:
    """One telephone and what its owner types."""

    number: str
    letters: str  # a pattern of the family's script or language
    lunch: str
    concern: str
    food: str
    conference: str
    stop: str = "ALTO"


FAMILIES = {
    "en": Family("+15105550178", r"lunch", "How much is school lunch?",
                 "I am worried, the other kids make fun of my son every day at recess",
                 "we need help with food", "I would like to book a conference with the teacher"),
    "es": Family("+19165550113", r"almuerzo", "¿Cuánto cuesta el almuerzo en la escuela?",
                 "estoy preocupada, los otros niños se burlan de mi hijo todos los dias en el recreo",
                 "necesitamos ayuda con comida", "quiero pedir una cita con la maestra"),
    "ar": Family("+12095550188", r"[\u0600-\u06ff]{3}", "هل الغداء في المدرسة مجاني وكم يكلف؟",
                 "أنا قلقة لأن التلاميذ يسخرون من ابنتي كل يوم في الفسحة",
                 "نحتاج مساعدة في الطعام", "أريد حجز اجتماع مع المعلمة"),
    "vi": Family("+12095550175", r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệ]", "Bữa trưa ở trường bao nhiêu tiền?",
                 "tôi lo vì các bạn trêu chọc con tôi mỗi ngày trong giờ ra chơi",
                 "gia đình tôi cần giúp đỡ về thực phẩm", "tôi muốn hẹn gặp giáo viên của con"),
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("stranger")
    made = House(folder, f"sqlite:///{folder}/homeline.db", inner_carrier=True)
    made.start_product(ready=False)
    wait_for(f"{made.base}/readyz")
    yield made
    made.stop()


PROMISED = """select count(*) from deliveries d join cases c on instr(d.body, c.reference) > 0
              where c.kind = 'concern'"""
"""Texts that tell a family which case holds its concern."""


class Phone:
    """A telephone on the simulator's page."""

    def __init__(self, page: Any, house: House, number: str) -> None:
        self.page, self.house, self.number = page, house, number
        self.card = page.locator(f"article[data-number='{number}']")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says."""
        with sqlite3.connect(self.house.folder / "homeline.db", timeout=10) as connection:
            return connection.execute(sql, values).fetchall()

    def type(self, text: str) -> str:
        """Type a text, send it with Enter, and read what the phone shows in answer."""
        before = self.last_turn()
        self.card.locator("textarea").fill(text)
        self.card.locator("textarea").press("Enter")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            turn = self.last_turn()
            if turn and turn != before:
                bodies = self.rows("select body from deliveries where turn_id = ? and recipient = ? order by id",
                                   turn, self.number)  # fmt: skip
                self._shown(len(bodies) and str(bodies[-1][0]))
                return "\n".join(str(body) for (body,) in bodies)
            time.sleep(0.05)
        raise AssertionError(f"{text!r} was not answered")

    def last_turn(self) -> int | None:
        """The last finished turn of this phone."""
        found = self.rows(
            "select max(id) from turns where line = ? and status = 'done'", f"sms:{self.number}"
        )
        return found[0][0]

    def name(self) -> str:
        """Whose phone it is, as the page says it."""
        return str(self.card.locator("h2").inner_text()).strip()

    def reminded(self) -> int:
        """How many reminders this phone was sent."""
        sent = "select count(*) from deliveries where kind = 'reminder' and recipient = ?"
        return int(self.rows(sent, self.number)[0][0])

    def _shown(self, body: object) -> None:
        if body:
            start = str(body).splitlines()[0][:25]
            self.card.locator("[data-log]").get_by_text(re.compile(re.escape(start))).last.wait_for(
                timeout=10_000
            )


@pytest.mark.parametrize("language", FAMILIES)
def test_a_family_gets_through_in_its_own_language(
    chromium: Any, house: House, look: Callable[[object, str], None], language: str
) -> None:
    family = FAMILIES[language]
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{house.base}/simulator/")
    phone = Phone(page, house, family.number)

    answer = phone.type(family.lunch)
    assert "riovista.example.org/meals" in answer and re.search(family.letters, answer, re.I), answer
    look(page, f"stranger-{language}-lunch")

    _answer_until(phone, family.concern, PROMISED)
    reference = phone.rows("select reference from cases order by id desc limit 1")[0][0]
    assert (
        phone.rows(
            "select count(*) from deliveries where recipient = ? and body like ?",
            family.number,
            f"%{reference}%",
        )[0][0]
        >= 1
    )

    food = phone.type(family.food)
    for _ in range(3):
        if HELPLINE.search(food):
            break
        food = phone.type("1")
    assert HELPLINE.search(food), food
    look(page, f"stranger-{language}-food")

    _answer_until(phone, family.conference, "select count(*) from appointments where status = 'booked'")
    look(page, f"stranger-{language}-booked")
    _remind(page, phone)
    phone.type("C")
    assert phone.rows("select count(*) from appointments where status = 'confirmed'")[0][0] >= 1
    look(page, f"stranger-{language}-reminded")

    phone.type(family.stop)
    assert phone.rows(
        "select verdict, source from consent_events where address = ? order by id desc limit 1", family.number
    ) == [("revoked", "message")]
    silence = phone.type(family.lunch)
    assert silence == ""
    look(page, f"stranger-{language}-stopped")
    page.close()


def _answer_until(phone: Phone, first: str, count: str) -> None:
    """Say what is wanted, then take the first choice of every question until there is one row more."""
    before = phone.rows(count)[0][0]
    said = [phone.type(first)]
    for _ in range(MOST_ANSWERS):
        if phone.rows(count)[0][0] > before:
            return
        said.append(phone.type("Spanish" if "interpreter speak" in said[-1] else "1"))
    raise AssertionError("\n---\n".join(said))


def _remind(page: Any, phone: Phone) -> None:
    """Have this phone's next reminder fire now and see it arrive.

    Which reminder is the soonest of all depends on the day the test runs: another family's later one
    may come before this family's first, so the button is found by the telephone it rings.
    """
    known = phone.reminded()
    button = page.get_by_role("button", name=re.compile(rf"reminder to {re.escape(phone.name())} now$")).first
    button.wait_for(timeout=10_000)
    button.click()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if phone.reminded() > known:
            return
        time.sleep(0.1)
    waiting = phone.rows("select id, appointment_id, occurrence, due_at, status, settled_at from reminders")
    alive = phone.rows("select name, at from heartbeats")
    said = page.locator("[data-connection]").inner_text()
    log = (phone.house.folder / "product.log").read_text().splitlines()[-15:]
    raise AssertionError("\n".join(("no reminder came", *map(str, (*waiting, *alive, said)), *log)))
