"""What people wrote, in a text to a family: translated, kept, or left as it is with a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.dialogue import Choice, PersonText, Phrase, Say
from bot.outbox.phrasebook import Phrasebook
from tests.outbox.phrases import ZONE, Provider, body, responses


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


@pytest.mark.parametrize("answer", ["Estimada familia de {niño}:", "Estimada familia:", "{child} {child2}:"])
def test_a_translation_that_lost_what_stands_in_braces_is_not_used(locales: Path, answer: str) -> None:
    """Each family's own words are put there afterwards: a text would leave without the child's name."""
    text = "Dear family of {child}:"
    book = Phrasebook(responses(), locales, ZONE, Provider({text: answer}))
    assert book.render(Say((PersonText(text, "en"),)), "es").original is None
    book = Phrasebook(responses(), locales, ZONE, Provider({text: "Estimada familia de {child}:"}))
    assert book.render(Say((PersonText(text, "en"),)), "es").body.endswith("\nEstimada familia de {child}:")
