"""Finding by words: texts as rows of the full-text index, and how much of a question's words an owner has."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from sqlalchemy.orm import Session

from bot.school.search_words import search_words
from bot.storage.search_texts import SearchText, drop_text, find_words, text_versions

SHORT = 2
"""Words of so few letters mean something else in another language: they count in the question's own only."""


@dataclass(frozen=True, slots=True)
class Document:
    """All that one owner says in one language."""

    owner_id: int
    language: str
    text: str

    @property
    def version(self) -> str:
        """Changes with the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def refresh(session: Session, kind: str, documents: Sequence[Document]) -> int:
    """Bring the full-text index of a kind up to these documents, in the caller's transaction; how many changed."""
    have = text_versions(session, kind)
    wanted = {(document.owner_id, document.language): document for document in documents}
    stale = [key for key, version in have.items() if key not in wanted or wanted[key].version != version]
    for owner_id, language in stale:
        drop_text(session, kind, owner_id, language)
    missing = [document for key, document in wanted.items() if key in stale or key not in have]
    session.add_all(_row(kind, document) for document in missing)
    session.flush()
    return len(set(stale) | {(document.owner_id, document.language) for document in missing})


def is_current(session: Session, kind: str, documents: Sequence[Document]) -> bool:
    """Whether the index says exactly what the documents say."""
    wanted = {(document.owner_id, document.language): document.version for document in documents}
    return text_versions(session, kind) == wanted


def shares(session: Session, kind: str, asked: str, language: str, owners: int) -> dict[int, float]:
    """How much of what a question says each owner's texts say too, 0 to 1; rare words weigh more.

    Looked for in the question's own language, and in English, whose words ("FAFSA", "IEP") all languages borrow.
    `owners`: how many there are in all. Owners that have none of the words are left out.
    """
    words = search_words(asked)
    where: dict[str, dict[str, set[int]]] = {word: defaultdict(set) for word in words}
    for hit in find_words(session, kind, (language, "en"), words):
        if hit.language == language or len(hit.word) > SHORT:
            where[hit.word][hit.language].add(hit.owner_id)
    weights = {
        word: max(0.0, log((owners + 1) / (max((len(ids) for ids in found.values()), default=0) + 0.5)))
        for word, found in where.items()
    }
    total = sum(weights.values())
    scores: dict[int, float] = defaultdict(float)
    for word, found in where.items():
        for owner_id in set().union(*found.values()):
            scores[owner_id] += weights[word] / total if total else 0.0
    return dict(scores)


def _row(kind: str, document: Document) -> SearchText:
    return SearchText(
        owner_kind=kind,
        owner_id=document.owner_id,
        language=document.language,
        version=document.version,
        words=" ".join(search_words(document.text)),
    )
