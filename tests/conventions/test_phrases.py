"""Every phrase is there in every full language, with the same braces, and says whether it was reviewed."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from bot.actions.registry import discover
from bot.app import FLOWS, LOCALES
from bot.commands.phrases import PENDING, TRANSLATED, read_catalogue, texts_of
from bot.conversation.loading import load_flows

BRACES = re.compile(r"\{(\w+)\}")


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read_catalogue(LOCALES / request.param / "LC_MESSAGES" / "bot.po", request.param)


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
