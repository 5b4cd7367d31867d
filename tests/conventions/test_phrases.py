"""Every phrase is there in every full language, with the same braces, and says whether it was reviewed."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from babel.messages.catalog import Catalog

from bot.actions.registry import discover
from bot.app import FLOWS, LOCALES, LOOKUPS
from bot.commands.phrases import PENDING, TRANSLATED, read_catalogue, texts_of
from bot.conversation.loading import load_flows
from bot.outbox.segments import GSM7, alphabet_of
from bot.school.policy import LANGUAGES, in_order_of_offer
from bot.understanding.lookups import Lookups, load_lookups

BRACES = re.compile(r"\{(\w+)\}")
KEYWORD = re.compile(r"\b(MENU|PERSON|CANCEL|STOP|START|HELP)\b")
WORD, CAPITALS = re.compile(r"\w+"), re.compile(r"[A-Z]{3,}")


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read_catalogue(LOCALES / request.param / "LC_MESSAGES" / "bot.po", request.param)


def test_the_languages_of_the_product_are_those_with_a_catalogue() -> None:
    assert (
        set(LANGUAGES)
        == {"en", *TRANSLATED}
        == {"en", *(file.parts[-3] for file in LOCALES.glob("*/*/bot.po"))}
    )
    assert set(LANGUAGES) == set(load_lookups(LOOKUPS).tags)
    assert in_order_of_offer(["xx", *TRANSLATED, "en"]) == (*LANGUAGES, "xx")


@pytest.fixture(scope="module")
def english() -> list[str]:
    return [text for text, _, _ in texts_of(load_flows(FLOWS, discover()).responses.values())]


def test_no_phrase_is_missing(catalogue: Catalog, english: list[str]) -> None:
    missing = [text for text in english if not (catalogue.get(text) and catalogue.get(text).string)]
    assert missing == [], "run `make phrases`, then translate what is new"


def test_translations_keep_the_braces(catalogue: Catalog) -> None:
    wrong = [
        m.id for m in catalogue if m.id and sorted(BRACES.findall(m.id)) != sorted(BRACES.findall(m.string))
    ]
    assert wrong == []


def test_every_translation_says_whether_it_was_reviewed(catalogue: Catalog) -> None:
    silent = [m.id for m in catalogue if m.id and not any(c.startswith("review: ") for c in m.user_comments)]
    assert silent == []
    assert not any(m.fuzzy for m in catalogue if m.id)
    assert PENDING.startswith("review: pending")


def test_no_phrase_is_left_over(catalogue: Catalog, english: list[str]) -> None:
    assert [m.id for m in catalogue if m.id and m.id not in english] == []


def test_emergency_numbers_stand_in_every_language(catalogue: Catalog) -> None:
    crisis = [m for m in catalogue if m.id and "911" in m.id]
    assert crisis
    assert all("911" in m.string and ("988" not in m.id or "988" in m.string) for m in crisis)


@pytest.fixture(scope="module")
def lookups() -> Lookups:
    return load_lookups(LOOKUPS)


def test_words_to_text_back_are_words_the_line_understands(catalogue: Catalog, lookups: Lookups) -> None:
    language = str(catalogue.locale).replace("_", "-")
    silent = []
    for message in catalogue:
        words = WORD.findall(str(message.string))
        # "NHÂN VIÊN" is two words; Korean writes its endings on to STOP.
        either = {*words, *map(" ".join, pairwise(words)), *CAPITALS.findall(str(message.string))}
        offered = {word for word in either if word == word.upper()}
        said = {command for word in offered for command in lookups.commands(word, language)}
        silent += [message.id for word in KEYWORD.findall(str(message.id)) if word.lower() not in said]
    assert silent == []


@pytest.mark.parametrize("tag", ["so", "ht"])
def test_phrases_keep_to_the_letters_that_cost_one_text_message(tag: str) -> None:
    """One capital with an accent turns 160 characters a message into 70; small è and ò cost nothing."""
    phrases = read_catalogue(LOCALES / tag / "LC_MESSAGES" / "bot.po", tag)
    assert [m.string for m in phrases if m.id and alphabet_of(str(m.string)) is not GSM7] == []
