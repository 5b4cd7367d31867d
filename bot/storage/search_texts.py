"""Full-text search: the words of each text as a row, indexed by SQLite's FTS5 or PostgreSQL's tsvector.

The words come folded (`bot.school.search_words`), so that both databases find the same whatever their locale and
extensions. The index itself follows the rows within the same statement: by triggers, or as an index does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import DDL, Text, TextClause, UniqueConstraint, delete, event, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Keyed

MOST_WORDS = 32
"""Different words of a question that are looked up; what goes beyond says nothing new."""


class SearchText(Keyed, Base):
    """The folded words of one owner in one language, tied to the version of the text they were made of."""

    __tablename__ = "search_texts"
    __table_args__ = (UniqueConstraint("owner_kind", "owner_id", "language"),)

    owner_kind: Mapped[str]  # article | resource
    owner_id: Mapped[int]
    language: Mapped[str]
    version: Mapped[str]
    words: Mapped[str] = mapped_column(Text)  # with one blank between them


_FTS5 = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_texts', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_words_put AFTER INSERT ON search_texts BEGIN "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_words_drop AFTER DELETE ON search_texts BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_words_change AFTER UPDATE ON search_texts BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
)
_TSVECTOR = (
    # No parser and no dictionary: the words are split at blanks, as they were put together.
    "ALTER TABLE search_texts ADD COLUMN search_words tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX search_words_gin ON search_texts USING gin (search_words)",
)

for _dialect, _statements in (("sqlite", _FTS5), ("postgresql", _TSVECTOR)):
    for _statement in _statements:
        _made = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(SearchText.__table__, "after_create", _made)


@dataclass(frozen=True, slots=True)
class Hit:
    """A word that a text of an owner has, in one language."""

    word: str
    owner_id: int
    language: str


def find_words(session: Session, kind: str, languages: Sequence[str], words: Sequence[str]) -> Sequence[Hit]:
    """Where each of the words stands, in texts of these languages. Words must be folded, of letters and digits."""
    wanted = tuple(dict.fromkeys(words))[:MOST_WORDS]
    tags = tuple(dict.fromkeys(languages))
    if not wanted or not tags:
        return ()
    values: dict[str, Any] = {"kind": kind, **{f"l{n}": tag for n, tag in enumerate(tags)}}
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        values.update({f"w{number}": f'"{word}"' for number, word in enumerate(wanted)})
        query = _in_sqlite(len(wanted), len(tags))
    else:
        values["words"] = [f"'{word}'" for word in wanted]
        query = _in_postgresql(len(tags))
    # Not through the session: to it a statement in words may write anything, and it forgets all that it knows.
    return [Hit(wanted[n], owner_id, tag) for n, owner_id, tag in connection.execute(query, values)]


@lru_cache(maxsize=256)
def _in_sqlite(words: int, tags: int) -> TextClause:
    # CROSS JOIN: the word first, then its rows. SQLite would rather ask the index anew for every row.
    part = (
        "SELECT {n}, t.owner_id, t.language FROM search_words "
        "CROSS JOIN search_texts t ON t.id = search_words.rowid "
        "WHERE search_words MATCH :w{n} AND t.owner_kind = :kind AND t.language IN ({tags})"
    ).replace("{tags}", _names(tags))
    return text(" UNION ALL ".join(part.replace("{n}", str(number)) for number in range(words)))


@lru_cache(maxsize=256)
def _in_postgresql(tags: int) -> TextClause:
    return text(
        "SELECT w.n - 1, t.owner_id, t.language FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS w(word, n) "
        "JOIN search_texts t ON t.search_words @@ CAST(w.word AS tsquery) "
        f"WHERE t.owner_kind = :kind AND t.language IN ({_names(tags)})"
    )


def _names(tags: int) -> str:
    return ", ".join(f":l{n}" for n in range(tags))


def text_versions(session: Session, kind: str) -> dict[tuple[int, str], str]:
    """The version of every indexed text of this kind, by owner and language."""
    query = select(SearchText.owner_id, SearchText.language, SearchText.version).where(
        SearchText.owner_kind == kind
    )
    return {(owner, language): version for owner, language, version in session.execute(query)}


def drop_text(session: Session, kind: str, owner_id: int, language: str) -> None:
    """Forget one text."""
    session.execute(
        delete(SearchText).where(
            SearchText.owner_kind == kind, SearchText.owner_id == owner_id, SearchText.language == language
        )
    )
