"""The page of languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.commands.phrases import TRANSLATED
from bot.console.languages import LanguageState, read_states
from bot.console.services import ConsoleServices
from bot.school.policy import Policy
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.house import LOCALES, ZONE, PlainLine, PlainWording, SignIn

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

# review: pending (not yet checked by a native speaker)
msgid "Hello"
msgstr "Hola"

# review: done, by a teacher
msgid "Thank you"
msgstr "Gracias"

msgid "Goodbye"
msgstr ""
"""


def test_each_language_says_how_complete_and_how_far_checked_it_is(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "es" / "LC_MESSAGES" / "bot.po").write_text(CATALOGUE, encoding="utf-8")
    services = ConsoleServices(
        sqlite_database,
        clock,
        ZONE,
        Policy(languages=("en", "vi", "es")),
        PlainLine(clock),
        tmp_path,
        PlainWording(),
    )
    states = read_states(services)
    assert states == [LanguageState("en", 3, 3, 3), LanguageState("es", 3, 2, 1), LanguageState("vi")]
    assert not states[1].complete and replace(states[1], translated=3).complete


def test_the_page_names_every_language_of_the_district(signed_in: SignIn) -> None:
    page = signed_in("rosa").read("/console/languages")
    for name in ("English", "Spanish", "Chinese", "Vietnamese", "Arabic", "Somali", "Haitian Creole", "Portuguese",
                 "Russian", "French", "Korean", "Filipino"):  # fmt: skip
        assert name in page
    assert "No phrases yet: these families read English." not in page
    assert page.count("still to check") == len(TRANSLATED)


def test_the_phrases_of_every_language_of_the_product_are_counted(
    sqlite_database: Database, clock: FixedClock
) -> None:
    services = ConsoleServices(
        sqlite_database, clock, ZONE, Policy(), PlainLine(clock), LOCALES, PlainWording()
    )
    states = {state.tag: state for state in read_states(services)}
    assert set(states) == {"en", *TRANSLATED}
    assert {state.total for state in states.values()} == {states["en"].total}


def test_teachers_are_not_shown_it(signed_in: SignIn) -> None:
    assert signed_in("emma").client.get("/console/languages").status_code == 403
