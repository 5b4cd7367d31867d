"""The full-text index follows the texts in the same transaction and weighs rare words more."""

from __future__ import annotations

import pytest

from bot.school.text_index import Document, is_current, refresh, shares
from bot.storage.search_texts import find_words
from bot.storage.session import Database

BUS = Document(1, "en", "Where is the school bus?")
LUNCH = Document(2, "en", "Where is lunch at school?")
BUS_ES = Document(1, "es", "¿Dónde está el autobús de la escuela?")
ALL = (BUS, LUNCH, BUS_ES)


def test_what_changes_in_a_text_changes_in_the_index(database: Database) -> None:
    with database.write() as session:
        assert refresh(session, "article", ALL) == 3
        assert refresh(session, "article", ALL) == 0
        changed = (Document(1, "en", "Trains"), BUS_ES)
        assert not is_current(session, "article", changed)
        assert refresh(session, "article", changed) == 2
        assert is_current(session, "article", changed)
        assert [hit.owner_id for hit in find_words(session, "article", ("en",), ("train",))] == [1]
        assert not find_words(session, "article", ("en",), ("lunch", "bus"))


def test_nothing_is_indexed_when_the_transaction_fails(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        refresh(session, "article", ALL)
        raise RuntimeError("the texts were not written either")
    with database.read() as session:
        assert not find_words(session, "article", ("en",), ("bus",))


def test_kinds_and_languages_are_kept_apart(database: Database) -> None:
    with database.write() as session:
        refresh(session, "article", ALL)
        refresh(session, "resource", (Document(7, "en", "Bus passes"),))
        assert {hit.owner_id for hit in find_words(session, "resource", ("en",), ("bus",))} == {7}
        assert not find_words(session, "article", ("es",), ("bus",))
        assert not find_words(session, "article", (), ("bus",))


def test_a_rare_word_weighs_more_than_a_common_one(database: Database) -> None:
    with database.write() as session:
        refresh(session, "article", ALL)
        found = shares(session, "article", "school bus", "en", 2)
        assert found[1] == pytest.approx(1.0)
        assert found[2] < 0.4


def test_english_words_count_in_every_language_but_short_ones_do_not(database: Database) -> None:
    with database.write() as session:
        refresh(session, "article", (*ALL, Document(3, "en", "is it so")))
        found = shares(session, "article", "so lunch goorma", "so", 3)
        assert set(found) == {2}


@pytest.mark.parametrize(
    "asked", ["", "?!", "'; DROP TABLE search_texts --", '" OR *', "a & b | !c", "NEAR(x y)"]
)
def test_no_text_breaks_the_search(database: Database, asked: str) -> None:
    with database.write() as session:
        refresh(session, "article", ALL)
        assert shares(session, "article", asked, "en", 2) == {}
        assert shares(session, "article", asked + " bus " * 500 + " x1 x2 x3" * 300, "en", 2)[1] > 0
