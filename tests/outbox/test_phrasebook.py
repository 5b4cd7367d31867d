"""The bot's words in the family's language."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.model.dialogue import Choice, PersonText, Phrase, Say, Verbatim
from bot.model.errors import BadFlow
from bot.outbox.phrasebook import Phrasebook
from tests.outbox.phrases import MOMENT, SPANISH, ZONE, body, responses

BOOKED = Say((Phrase("utter_booked", {"teacher": "Ms. O'Neil", "when": MOMENT}),))


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
