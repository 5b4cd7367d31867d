"""The vectors of the demo's articles, made once and shipped, so that a fresh demo answers at once.

They are tied to the texts and the embedder they were made of: whatever does not fit is left out,
and the clock makes it anew.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.school import knowledge_sources, retrieval
from bot.storage.knowledge import Article, list_vectors

FILE = "vectors.npz"


def save_vectors(session: Session, folder: Path, embedder: str) -> int:
    """Write all stored vectors of articles to `vectors.npz` in the folder; how many."""
    slugs: dict[int, str] = {key: slug for key, slug in session.execute(select(Article.id, Article.slug))}
    rows = list_vectors(session, knowledge_sources.KIND, embedder)
    np.savez_compressed(
        folder / FILE,
        embedder=np.array(embedder),
        slugs=np.array([slugs[row.owner_id] for row in rows]),
        versions=np.array([row.version for row in rows]),
        parts=np.array([row.part for row in rows], dtype=np.int32),
        vectors=np.stack([np.frombuffer(row.vector, dtype="<f4") for row in rows]).astype("<f2"),
    )
    return len(rows)


def load_vectors(session: Session, folder: Path, now: datetime) -> int:
    """Store the shipped vectors of those articles whose text is still the one they were made of; how many."""
    path = folder / FILE
    if not path.exists():
        return 0
    with np.load(path, allow_pickle=False) as shipped:
        made = {name: shipped[name] for name in shipped.files}
    ids: dict[str, int] = {slug: key for key, slug in session.execute(select(Article.id, Article.slug))}
    rows: dict[int | None, list[int]] = {}
    for number, slug in enumerate(made["slugs"].tolist()):
        rows.setdefault(ids.get(slug), []).append(number)
    stored = 0
    for source in knowledge_sources.sources(session):
        mine = rows.get(source.owner_id, [])
        if not mine or {str(made["versions"][n]) for n in mine} != {source.version}:
            continue
        vectors = tuple((int(made["parts"][n]), made["vectors"][n].astype("<f4").tobytes()) for n in mine)
        retrieval.store(session, retrieval.Made(source, str(made["embedder"]), vectors), now)
        stored += len(vectors)
    return stored
