"""The bot's words in the family's language."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.model.dialogue import Choice, PersonText, Phrase, Response, Say, Verbatim
from bot.model.errors import BadFlow, TranslationError
from bot.outbox.phrasebook import Phrasebook

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("America/Los_Angeles")
MOMENT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

ENGLISH = {
    "utter_booked": "You will meet {teacher} on {when}.\n",
    "utter_ask_mode": "How would you like to meet?",
    "utter_count": "{count} messages wait.",
    "utter_nested": "About your child: {about}",
    "utter_only_english": "Only in English, on {when}.",
    "utter_stale": "This one has changed.",
    "utter_other_braces": "Bring {thing}.",
    "utter_ask_mode.1": "In person",
    "utter_ask_mode.2": "By phone",
}
SPANISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "You will meet {teacher} on {when}."
msgstr "Tiene una reunión con {teacher} el {when}."

msgid "How would you like to meet?"
msgstr "¿Cómo prefiere reunirse?"

msgid "In person"
msgstr "En persona"

#, fuzzy
msgid "This one has changed."
msgstr "Esto ya no es cierto."

msgid "Bring {thing}."
msgstr "Traiga {cosa}."

msgid "The message below was written in {language_name} and could not be translated."
msgstr "El mensaje siguiente está escrito en {language_name} y no se pudo traducir."
"""
ARABIC = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "You will meet {teacher} on {when}."
msgstr "ستقابل {teacher} يوم {when}."

msgid "{count} messages wait."
msgstr "عدد الرسائل: {count}."
"""


class Provider:
    """Translates what it was told to."""

    name = "fake"

    def __init__(self, answers: dict[str, str] | None = None, *, fails: bool = False) -> None:
        self.answers, self.fails = answers or {}, fails

    def translate(self, text: str, source: str, target: str) -> str | None:
        if self.fails:
            raise TranslationError("down")
        return self.answers.get(text)


def responses() -> dict[str, Response]:
    own = yaml.safe_load((ROOT / "flows" / "delivery.yml").read_text(encoding="utf-8"))["responses"]
    texts = {**ENGLISH, **{name: variants[0]["text"] for name, variants in own.items()}}
    return {name: Response(name, text) for name, text in texts.items()}


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    for tag, text in (("es", SPANISH), ("ar", ARABIC)):
        folder = tmp_path / tag / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "bot.po").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def book(locales: Path) -> Phrasebook:
    return Phrasebook(responses(), locales, ZONE)


BOOKED = Say((Phrase("utter_booked", {"teacher": "Ms. O'Neil", "when": MOMENT}),))


def body(book: Phrasebook, say: Say, language: str) -> str:
    return book.render(say, language).body


def test_a_phrase_is_said_in_the_readers_language_with_their_dates(book: Phrasebook) -> None:
    assert body(book, BOOKED, "en") == "You will meet Ms. O'Neil on Wednesday, November 25, 3:30 PM."
    assert (
        body(book, BOOKED, "es")
        == "Tiene una reunión con Ms. O'Neil el miércoles, 25 de noviembre, 3:30 p.m."
    )
    assert body(book, BOOKED, "es-MX") == body(book, BOOKED, "es")


def test_inserts_in_right_to_left_texts_are_kept_together_unless_that_is_switched_off(
    book: Phrasebook, locales: Path
) -> None:
    assert (
        body(book, BOOKED, "ar")
        == "ستقابل \u2068Ms. O'Neil\u2069 يوم \u2068الأربعاء، 25 نوفمبر، 3:30 م\u2069."
    )
    plain = Phrasebook(responses(), locales, ZONE, isolates=False)
    assert "\u2068" not in body(plain, BOOKED, "ar")


def test_a_phrase_that_a_language_lacks_is_said_in_english_with_english_dates(book: Phrasebook) -> None:
    say = Say((Phrase("utter_only_english", {"when": MOMENT}),))
    for language in ("ar", "es", "ko"):
        assert body(book, say, language) == "Only in English, on Wednesday, November 25, 3:30 PM."


def test_a_stale_or_mismatched_translation_is_not_used(book: Phrasebook) -> None:
    assert body(book, Say((Phrase("utter_stale"),)), "es") == "This one has changed."
    assert body(book, Say((Phrase("utter_other_braces", {"thing": "lunch"}),)), "es") == "Bring lunch."


def test_choices_are_numbered_below_and_their_labels_are_given_back(book: Phrasebook) -> None:
    choices = (
        Choice("in_person", Phrase("utter_ask_mode.1")),
        Choice("t1", Verbatim("Ms. O'Neil")),
        Choice("phone", Phrase("utter_ask_mode.2")),
    )
    rendered = book.render(Say((Phrase("utter_ask_mode"),), choices), "es")
    assert rendered.body == "¿Cómo prefiere reunirse?\n1. En persona\n2. Ms. O'Neil\n3. By phone"
    assert rendered.labels == ("En persona", "Ms. O'Neil", "By phone")
    assert rendered.segments == 1


def test_values_of_every_kind_are_written_the_readers_way(book: Phrasebook) -> None:
    assert body(book, Say((Phrase("utter_count", {"count": 1234}),)), "en") == "1,234 messages wait."
    assert body(book, Say((Phrase("utter_count", {"count": time(9, 5)}),)), "en") == "9:05 AM messages wait."
    assert body(book, Say((Phrase("utter_count", {"count": MOMENT.date()}),)), "en").startswith("Wednesday")
    assert body(book, Say((Phrase("utter_count", {"count": None}),)), "ar") == "عدد الرسائل: ."  # type: ignore[dict-item]


def test_phrases_and_names_may_stand_in_phrases(book: Phrasebook) -> None:
    say = Say(
        (
            Phrase("utter_nested", {"about": Phrase("utter_count", {"count": Verbatim("7")})}),
            Verbatim("C-123"),
        )
    )
    assert body(book, say, "en") == "About your child: 7 messages wait.\nC-123"


def test_a_phrase_may_ask_for_a_language_of_its_own(book: Phrasebook) -> None:
    spanish = Phrase("utter_ask_mode", language="es")
    say = Say((spanish, Phrase("utter_ask_mode")), (Choice(1, Phrase("utter_ask_mode.1", language="es")),))
    assert (
        book.render(say, "en").body == "¿Cómo prefiere reunirse?\nHow would you like to meet?\n1. En persona"
    )


def test_braces_in_what_people_write_are_left_alone(book: Phrasebook) -> None:
    say = Say((Phrase("utter_nested", {"about": "{teacher} {0} %s"}),))
    assert body(book, say, "en") == "About your child: {teacher} {0} %s"


def test_an_unknown_response_and_a_missing_value_are_named(book: Phrasebook) -> None:
    with pytest.raises(BadFlow, match="no response In person"):
        book.render(Say((Phrase("In person"),)), "en")
    with pytest.raises(BadFlow, match="utter_nowhere"):
        book.render(Say((Phrase("utter_nowhere"),)), "en")
    with pytest.raises(BadFlow, match="utter_booked needs a value for {when}"):
        book.render(Say((Phrase("utter_booked", {"teacher": "x"}),)), "en")


@pytest.mark.parametrize(
    ("written", "read"),
    [("اتصل على +1 510 555 0154.", "اتصل على \u2068+1 510 555 0154\u2069."),
     ("اتصل على (510) 555-0154 أو 911", "اتصل على \u2068(510) 555-0154\u2069 أو 911"),
     ("الموعد 2026-11-30 الساعة 15:30", "الموعد \u20682026-11-30\u2069 الساعة 15:30"),
     ("انظر https://a.example/2026-11-30/5105550154?n=510-555-0154", "انظر https://a.example/2026-11-30/5105550154?n=510-555-0154"),
     ("لديه 25 كتابًا و3 أقلام", "لديه 25 كتابًا و3 أقلام")],
)  # fmt: skip
def test_numbers_of_several_groups_stay_in_order_among_right_to_left_words(
    book: Phrasebook, written: str, read: str
) -> None:
    assert body(book, Say((PersonText(written, "ar"),)), "ar") == read
    translated = PersonText("Call us.", "en", {"ar": written})
    assert body(book, Say((translated,)), "ar") == read


def test_numbers_among_left_to_right_words_are_left_alone(book: Phrasebook) -> None:
    english = PersonText("Call +1 510 555 0154.", "en")
    assert body(book, Say((english,)), "en") == english.text
    assert body(book, Say((english,)), "ar").splitlines()[-1] == english.text


def test_the_original_goes_out_and_the_reader_is_told_in_their_language(book: Phrasebook) -> None:
    rendered = book.render(Say((PersonText("Bring a coat.", "en"),)), "es")
    assert rendered.body == (
        "El mensaje siguiente está escrito en inglés y no se pudo traducir.\nBring a coat."
    )
    assert (rendered.original, rendered.original_language) == (None, None)


def test_the_note_names_the_language_in_the_language_the_note_is_in(book: Phrasebook) -> None:
    assert body(book, Say((PersonText("Traiga un abrigo.", "es"),)), "ko").startswith(
        "The message below was written in Spanish and"
    )


def test_the_same_language_needs_no_note(book: Phrasebook) -> None:
    assert body(book, Say((PersonText("Traiga un abrigo.", "es-MX"),)), "es") == "Traiga un abrigo."


def test_a_kept_translation_wins_over_any_provider_and_the_original_is_remembered(locales: Path) -> None:
    book = Phrasebook(responses(), locales, ZONE, Provider({"Bring a coat.": "machine"}))
    text = PersonText("Bring a coat.", "en", {"es": "Traiga un abrigo."})
    rendered = book.render(Say((text,)), "es-MX")
    assert rendered.body == "Traiga un abrigo."
    assert (rendered.original, rendered.original_language) == ("Bring a coat.", "en")


def test_a_kept_translation_that_nobody_checked_says_so(book: Phrasebook) -> None:
    text = PersonText("Bring a coat.", "en", {"es": "Traiga un abrigo."}, frozenset({"es"}))
    assert body(book, Say((text,)), "es") == (
        "A speaker of your language has not checked the translation below yet.\nTraiga un abrigo."
    )


def test_english_readers_get_kept_english(book: Phrasebook) -> None:
    text = PersonText("Traiga un abrigo.", "es", {"en": "Bring a coat."})
    assert body(book, Say((text,)), "en") == "Bring a coat."


def test_a_providers_translation_is_marked_as_machine_made(locales: Path) -> None:
    book = Phrasebook(responses(), locales, ZONE, Provider({"Bring a coat.": "코트를 가져오세요."}))
    rendered = book.render(Say((PersonText("Bring a coat.", "en"),)), "ko")
    assert rendered.body == (
        "The message below was translated from English by a computer. It may contain mistakes.\n코트를 가져오세요."
    )
    assert (rendered.original, rendered.original_language) == ("Bring a coat.", "en")


def test_a_provider_that_fails_holds_nobody_up(locales: Path) -> None:
    book = Phrasebook(responses(), locales, ZONE, Provider(fails=True))
    assert body(book, Say((PersonText("Bring a coat.", "en"),)), "es").endswith("\nBring a coat.")


def test_one_note_is_enough_for_several_texts_and_stands_above_the_first(book: Phrasebook) -> None:
    note = "El mensaje siguiente está escrito en inglés y no se pudo traducir."
    say = Say(
        (
            Phrase("utter_ask_mode"),
            PersonText("One.", "en"),
            Phrase("utter_nested", {"about": PersonText("Two.", "en")}),
        ),
    )
    assert body(book, say, "es") == f"¿Cómo prefiere reunirse?\n{note}\nOne.\nAbout your child: Two."


def test_a_note_for_the_choices_stands_on_top(book: Phrasebook) -> None:
    say = Say((Phrase("utter_ask_mode"),), (Choice(1, PersonText("Coat drive", "en")),))
    lines = body(book, say, "es").splitlines()
    assert lines == [
        "El mensaje siguiente está escrito en inglés y no se pudo traducir.",
        "¿Cómo prefiere reunirse?",
        "1. Coat drive",
    ]


def test_an_empty_text_leaves_no_empty_line(book: Phrasebook) -> None:
    assert body(book, Say((Verbatim(""), Phrase("utter_ask_mode"))), "en") == "How would you like to meet?"


def test_languages_can_be_prepared_before_anybody_writes(book: Phrasebook, locales: Path) -> None:
    book.prepare(["es", "en", "hmn"])
    (locales / "es" / "LC_MESSAGES" / "bot.po").unlink()
    assert body(book, BOOKED, "es").startswith("Tiene una reunión")


def test_a_language_without_a_catalogue_is_read_for_only_once(book: Phrasebook, locales: Path) -> None:
    body(book, BOOKED, "vi")
    folder = locales / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "bot.po").write_text(SPANISH, encoding="utf-8")
    assert body(book, BOOKED, "vi").startswith("You will meet")


@pytest.mark.parametrize("answer", ["Estimada familia de {niño}:", "Estimada familia:", "{child} {child2}:"])
def test_a_translation_that_lost_what_stands_in_braces_is_not_used(locales: Path, answer: str) -> None:
    """Each family's own words are put there afterwards: a text would leave without the child's name."""
    text = "Dear family of {child}:"
    book = Phrasebook(responses(), locales, ZONE, Provider({text: answer}))
    assert book.render(Say((PersonText(text, "en"),)), "es").original is None
    book = Phrasebook(responses(), locales, ZONE, Provider({text: "Estimada familia de {child}:"}))
    assert book.render(Say((PersonText(text, "en"),)), "es").body.endswith("\nEstimada familia de {child}:")
