"""Job: what families may be answered with is made findable, by meaning and by words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.ports import Clock, Embedder
from bot.school import full_text, knowledge_sources, retrieval
from bot.storage.advisory_locks import INDEXING, one_at_a_time
from bot.storage.session import Database

INDEX_KNOWLEDGE = "index_knowledge"
"""The job's name. Its row is 0: it looks for itself what is new."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """Articles and services to index, with the embedding (None where its library cannot load)."""

    database: Database
    clock: Clock
    embedder: Embedder | None

    def run(self, _row_id: int) -> None:
        """As a job."""
        self.index()

    def index(self) -> None:
        """Index new and changed articles, each vector in its own transaction so that nobody waits for them.

        Of several processes one does it; the others wait, and then find nothing left.
        """
        if not self._anything_stale():
            return
        with one_at_a_time(self.database, INDEXING):
            self._index_texts()
            self._make_vectors()

    def _anything_stale(self) -> bool:
        with self.database.read() as session:
            if full_text.stale_kinds(session):
                return True
            return self.embedder is not None and bool(
                retrieval.stale(session, knowledge_sources.sources(session), self.embedder.version)
            )

    def _make_vectors(self) -> None:
        if self.embedder is None:
            return
        with self.database.read() as session:
            waiting = retrieval.stale(session, knowledge_sources.sources(session), self.embedder.version)
        for source in waiting:
            made = retrieval.make(source, self.embedder)
            with self.database.write() as session:
                retrieval.store(session, made, self.clock.now())

    def _index_texts(self) -> None:
        with self.database.read() as session:
            kinds = full_text.stale_kinds(session)
        for kind in kinds:
            with self.database.write() as session:
                full_text.refresh_kind(session, kind)
