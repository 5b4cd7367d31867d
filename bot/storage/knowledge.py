"""The school's answers, their translations, and the vectors they are found by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Keyed


class Article(Keyed, Base):
    """One answer to a family's question. `version` is a hash of title, text and questions."""

    __tablename__ = "articles"

    slug: Mapped[str] = mapped_column(unique=True)
    topic: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text)  # one a line
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
    __table_args__ = (UniqueConstraint("owner_kind", "owner_id", "part", "embedder"),)

    owner_kind: Mapped[str]  # article | category
    owner_id: Mapped[int]
    part: Mapped[int]  # 0 the text itself, 1… its example questions
    version: Mapped[str]
    embedder: Mapped[str]
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
