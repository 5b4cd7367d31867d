"""The school's answers, their translations, and the vectors they are found by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from bot.storage.base import Base, Keyed


class Article(Keyed, Base):
    """One answer to a family's question. `version` is a hash of title, text and questions."""

    __tablename__ = "articles"

    slug: Mapped[str] = mapped_column(unique=True)
    topic: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text)  # in the article's own language, one a line
    questions_in: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}"
    )  # tag → list of questions
    source: Mapped[str]
    link: Mapped[str | None]
    checked_on: Mapped[date]
    language: Mapped[str] = mapped_column(default="en")
    version: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    translations: Mapped[list[ArticleTranslation]] = relationship(cascade="all, delete-orphan")


class ArticleTranslation(Keyed, Base):
    """An article in another language, by a person. Stale (unused) once the article's version has moved on."""

    __tablename__ = "article_translations"
    __table_args__ = (UniqueConstraint("article_id", "language"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    language: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    review: Mapped[str] = mapped_column(default="pending")  # pending | reviewed
    source_version: Mapped[str]


class Embedding(Keyed, Base):
    """One vector of one text of one owner, tied to the text's version and the embedder's."""

    __tablename__ = "embeddings"
    __table_args__ = (
        UniqueConstraint("owner_kind", "owner_id", "part", "embedder"),
        Index("ix_embeddings_mark", "owner_kind", "made_at", "id"),
    )

    owner_kind: Mapped[str]  # article
    owner_id: Mapped[int]
    part: Mapped[int]  # 0 the text itself; 1, 3, … its example questions; 2, 4, … these without accents
    language: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[str]
    embedder: Mapped[str]
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


def list_articles(session: Session) -> Sequence[Article]:
    """The articles that may be answered from."""
    query = select(Article).where(Article.active).options(selectinload(Article.translations))
    return session.scalars(query.order_by(Article.id)).all()


def list_article_ids(session: Session) -> Sequence[int]:
    """The keys of the articles that may be answered from."""
    return session.scalars(_ACTIVE).all()


_ACTIVE = select(Article.id).where(Article.active).order_by(Article.id)  # built once: every question asks


def list_vectors(session: Session, kind: str, embedder: str) -> Sequence[Embedding]:
    """All vectors of one kind of owner, made by one version of the embedder."""
    query = select(Embedding).where(Embedding.owner_kind == kind, Embedding.embedder == embedder)
    return session.scalars(query.order_by(Embedding.owner_id, Embedding.part)).all()


def vector_versions(session: Session, kind: str, embedder: str) -> Sequence[tuple[int, str]]:
    """Owner and version of every vector of one kind, without the vectors."""
    query = select(Embedding.owner_id, Embedding.version)
    query = query.where(Embedding.owner_kind == kind, Embedding.embedder == embedder)
    return [(owner_id, version) for owner_id, version in session.execute(query)]


def vectors_mark(session: Session, kind: str) -> tuple[int, int, datetime | None]:
    """Changes whenever vectors of this kind come or go: how many, the highest key, the latest making.

    The key alone would not do: SQLite gives the key of a deleted last row again.
    """
    row = session.execute(_MARK, {"of_kind": kind}).one()
    return int(row[0]), int(row[1] or 0), row[2]


_MARK = select(func.count(Embedding.id), func.max(Embedding.id), func.max(Embedding.made_at)).where(
    Embedding.owner_kind == bindparam("of_kind")  # built once: every question asks
)


def add_vectors(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows of Embedding, by the names of their columns, in one go."""
    if rows:
        session.execute(insert(Embedding), rows)


def delete_vectors(session: Session, kind: str, owner_ids: Sequence[int], embedder: str) -> None:
    """Forget the vectors of these owners made by this version of the embedder."""
    session.execute(
        delete(Embedding).where(
            Embedding.owner_kind == kind, Embedding.owner_id.in_(owner_ids), Embedding.embedder == embedder
        )
    )
