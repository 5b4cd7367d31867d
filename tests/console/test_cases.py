"""The list of cases."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.house import Cast, SignIn, open_case


def references(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('<span class="reference"><bdi>')[1:]]


def test_an_empty_list_says_so_kindly(signed_in: SignIn) -> None:
    assert "No open cases" in signed_in("rosa").read("/console/")


def test_urgent_comes_first_then_the_one_due_soonest_then_what_is_answered(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    now = clock.now()
    for reference, hours, values in (
        ("LATE", 30, {}), ("SOON", 2, {}), ("DONE", 1, {"status": "answered"}), ("FIRE", 40, {"urgent": True, "kind": "crisis"}),
    ):  # fmt: skip
        open_case(
            sqlite_database, cast, now, reference=reference, due_at=now + timedelta(hours=hours), **values
        )
    assert references(signed_in("rosa").read("/console/")) == ["FIRE", "SOON", "LATE", "DONE"]


def test_due_times_stand_in_words_and_in_full(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(sqlite_database, cast, clock.now(), due_at=clock.now() + timedelta(hours=3))
    open_case(sqlite_database, cast, clock.now(), due_at=clock.now() - timedelta(hours=5))
    page = signed_in("rosa").read("/console/")
    assert "Due in 3 hours" in page and "Mon, Nov 16, 12:00" in page
    assert "Overdue by 5 hours" in page and "Mon, Nov 16, 4:00" in page


def test_a_time_in_another_year_names_the_year(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(sqlite_database, cast, clock.now(), due_at=clock.now() - timedelta(days=365))
    open_case(sqlite_database, cast, clock.now(), due_at=clock.now() + timedelta(days=60))
    rosa = signed_in("rosa")
    page = rosa.read("/console/")
    assert "Sun, Nov 16, 2025, 9:00" in page and "Fri, Jan 15, 2027, 9:00" in page
    for language, year in (("es", "nov de 2025"), ("ar", "نوفمبر 2025")):
        rosa.press("/console/language", "/console/", language=language)
        assert year in rosa.read("/console/")


def test_day_and_time_keep_their_order_within_an_arabic_sentence(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(sqlite_database, cast, clock.now(), status="answered")
    rosa = signed_in("rosa")
    rosa.press("/console/language", "/console/", language="ar")
    when = rosa.read("/console/").split("كان مستحقًا ")[1].split("<")[0]
    first_strong = when.removeprefix("\u2068")[0]  # what stands apart within has no say in the direction
    assert unicodedata.bidirectional(first_strong) == "R"


def test_each_tab_counts_its_cases(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    now = clock.now()
    open_case(sqlite_database, cast, now)
    open_case(sqlite_database, cast, now, owner_id=cast.emma, due_at=now - timedelta(hours=1))
    open_case(sqlite_database, cast, now, urgent=True, owner_id=None)
    open_case(sqlite_database, cast, now, status="closed", closed_at=now)
    rosa = signed_in("rosa")
    counts = rosa.client.get("/console/cases/counts").get_json()
    assert counts == {"open": 3, "mine": 1, "overdue": 1, "urgent": 1, "closed": 1}
    assert len(references(rosa.read("/console/?tab=overdue"))) == 1


def test_an_answered_case_is_never_overdue(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(sqlite_database, cast, clock.now(), status="answered", due_at=clock.now() - timedelta(days=1))
    assert "Nothing is overdue." in signed_in("rosa").read("/console/?tab=overdue")


def test_a_teacher_sees_only_the_cases_given_to_her(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    theirs = open_case(sqlite_database, cast, clock.now(), reference="ROSAS")
    open_case(sqlite_database, cast, clock.now(), reference="EMMAS", owner_id=cast.emma)
    emma = signed_in("emma")
    assert references(emma.read("/console/")) == ["EMMAS"]
    assert emma.client.get("/console/cases/counts").get_json()["open"] == 1
    hidden = emma.client.get(f"/console/cases/{theirs}")
    assert hidden.status_code == 404 and "ROSAS" not in hidden.get_data(as_text=True)


def test_twenty_five_cases_make_a_page_and_a_page_too_far_is_the_last(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    for number in range(60):
        open_case(sqlite_database, cast, clock.now(), due_at=clock.now() + timedelta(minutes=number))
    rosa = signed_in("rosa")
    first, second = rosa.read("/console/"), rosa.read("/console/?page=2")
    assert "1 to 25 of 60" in first and "26 to 50 of 60" in second
    assert not set(references(first)) & set(references(second))
    for page in ("3", "99", "9999999999999"):
        assert "51 to 60 of 60" in rosa.read(f"/console/?page={page}")
    for page in ("0", "-1", "x", "²"):
        assert "1 to 25 of 60" in rosa.read(f"/console/?page={page}")


def test_pages_keep_the_filter(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    for _ in range(26):
        open_case(sqlite_database, cast, clock.now(), words="sobre el autobús")
    page = signed_in("rosa").read("/console/?q=autobús&kind=concern&language=es")
    assert "page=2&amp;tab=open&amp;kind=concern&amp;language=es&amp;q=autob" in page


def test_the_search_finds_words_names_references_and_numbers(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(sqlite_database, cast, clock.now(), reference="HL-7", words="Der Bus kam 100% zu spät", language="de",
              guardian_id=None, student_id=None, conversation_id=None)  # fmt: skip
    open_case(
        sqlite_database, cast, clock.now(), reference="HL-8", kind="question", words="¿Qué hay de comer?"
    )
    rosa = signed_in("rosa")
    for words, found in (
        ("BUS", ["HL-7"]), ("100%", ["HL-7"]), ("%", ["HL-7"]), ("_", []), ("hl-8", ["HL-8"]), ("ramos", ["HL-8"]),
        ("Lucía comer", ["HL-8"]), ("5550199", ["HL-8"]), ("comer bus", []),
    ):  # fmt: skip
        page = rosa.client.get("/console/", query_string={"q": words}).get_data(as_text=True)
        assert references(page) == found, words
    assert references(rosa.read("/console/?kind=question")) == ["HL-8"]
    assert references(rosa.read("/console/?language=de")) == ["HL-7"]
    assert "No case fits your search." in rosa.read("/console/?language=vi")


def test_a_filter_that_makes_no_sense_is_left_out(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(sqlite_database, cast, clock.now(), reference="HL-7")
    assert references(signed_in("rosa").read("/console/?tab=secret&kind=%27;drop")) == ["HL-7"]


def test_the_familys_words_carry_their_language_and_cannot_become_markup(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    open_case(
        sqlite_database, cast, clock.now(), words="<script>alert(1)</script> ابنتي خائفة", language="ar"
    )
    page = signed_in("rosa").read("/console/")
    assert '<span lang="ar" dir="auto">&lt;script&gt;' in page
    assert "Arabic" in page


def test_closed_cases_stand_the_latest_first(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    now = clock.now()
    open_case(sqlite_database, cast, now, reference="OLD", status="closed", closed_at=now - timedelta(days=3))
    open_case(
        sqlite_database, cast, now, reference="NEW", status="closed", closed_at=now - timedelta(hours=1)
    )
    page = signed_in("rosa").read("/console/?tab=closed")
    assert references(page) == ["NEW", "OLD"]
    assert "Closed 1 hour ago" in page
