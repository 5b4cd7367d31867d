"""All that is searched by words: what the clock compares with the full-text index, and brings up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from bot.school import knowledge_sources, service_names
from bot.school.text_index import Document, is_current, refresh

DOCUMENTS: dict[str, Callable[[Session], Sequence[Document]]] = {
    knowledge_sources.KIND: knowledge_sources.documents,
    service_names.KIND: service_names.documents,
}


def stale_kinds(session: Session) -> list[str]:
    """The kinds of texts of which the index says something else than the texts: written by other means, or older."""
    return [
        kind for kind, documents in DOCUMENTS.items() if not is_current(session, kind, documents(session))
    ]


def refresh_kind(session: Session, kind: str) -> int:
    """Bring the index of one kind up to its texts; how many changed."""
    return refresh(session, kind, DOCUMENTS[kind](session))
