"""What families are answered with is indexed once, and again when it changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.jobs.indexing import Indexing
from bot.storage.knowledge import Embedding
from bot.storage.search_texts import SearchText, find_words
from bot.storage.session import Database
from tests import cast_world
from tests.conftest import FixedClock


class CountingEmbedder(cast_world.ConceptEmbedder):
    """Counts the texts that are embedded."""

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Any:
        """As always, and count."""
        self.texts += len(texts)
        return super().embed(texts)


def test_new_articles_are_indexed_once_and_changed_ones_again(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        session.query(Embedding).delete()
    embedder = CountingEmbedder()
    indexing = Indexing(database, clock, embedder)
    indexing.index()
    made = embedder.texts
    indexing.index()
    assert made > 0
    assert embedder.texts == made
    with database.write() as session:
        before = session.query(Embedding).count()
        session.query(Embedding).filter_by(owner_id=1).delete()
    indexing.index()
    with database.read() as session:
        assert session.query(Embedding).count() == before
    assert made < embedder.texts < 2 * made, "only the article that lost its vectors is made again"


def test_without_an_embedder_nothing_is_indexed(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        session.query(Embedding).delete()
    Indexing(database, clock, None).index()
    with database.read() as session:
        assert session.query(Embedding).count() == 0


def test_the_full_text_index_catches_up_with_what_was_written_by_other_means(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        cast_world.add_services(session)
        session.query(SearchText).delete()
    Indexing(database, clock, None).index()
    with database.read() as session:
        assert find_words(session, "article", ("es",), ("almue",))
        assert find_words(session, "resource", ("en",), ("pantr",))
