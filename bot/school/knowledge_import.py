"""Take in the school's answers: one YAML file each (or a list of them) → articles and their translations."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.model.errors import BadInput
from bot.school.knowledge_files import ArticleFile, read_articles
from bot.school.knowledge_sources import index_texts
from bot.school.tabular.problems import Findings, ImportReport, Tally
from bot.storage.knowledge import Article, ArticleTranslation


def load_articles(session: Session, folder: Path, now: datetime) -> ImportReport:
    """Bring the stored articles up to the `*.yml` files in `folder`; articles of other origin stay.

    A translation whose English title or text has changed since it was made is stale until the file brings
    a new one. Bad files, keys and translations are reported and left out. BadInput when there is no folder.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder with articles (*.yml).")
    findings = Findings()
    query = select(Article).options(selectinload(Article.translations))
    stored = {row.slug: row for row in session.scalars(query)}
    outcomes = {"new": 0, "changed": 0, "same": 0}
    met: set[str] = set()
    for file, source in read_articles(folder, findings):
        if source.slug in met:
            findings.add("article-twice", file, None, "slug", source.slug)
            continue
        met.add(source.slug)
        outcomes[_put(session, stored.get(source.slug), source)] += 1
    session.flush()
    index_texts(session)
    return ImportReport({"articles": Tally(**outcomes)}, findings.by_place())


def _put(session: Session, row: Article | None, source: ArticleFile) -> str:
    words = source.words
    values = {
        "topic": words["topic"],
        "title": words["title"],
        "text": words["text"],
        "questions": words["questions"],
        "questions_in": dict(source.questions_in),
        "source": words["source"],
        "link": words.get("link"),
        "checked_on": words["checked"],
        "version": source.version,
    }
    if row is None:
        row = Article(slug=source.slug, **values)
        row.translations = [
            ArticleTranslation(language=tag, source_version=source.version, **parts)
            for tag, parts in source.translations.items()
        ]
        session.add(row)
        return "new"
    same_words = (row.title, row.text) == (values["title"], values["text"])
    was = row.version
    stale = [name for name, value in values.items() if getattr(row, name) != value]
    for name in stale:
        setattr(row, name, values[name])
    changed = _put_translations(row, source, was if same_words else None)
    return "changed" if stale or changed else "same"


def _put_translations(row: Article, source: ArticleFile, was: str | None) -> bool:
    """True when something changed. `was`: the article's version before, if only its questions differ from it.

    A translation stands for the English it was made from: it moves along with new example questions, not
    with new English, and becomes current again when its own words change.
    """
    stored = {translation.language: translation for translation in row.translations}
    changed = False
    for tag, parts in source.translations.items():
        translation = stored.get(tag)
        if translation is None:
            new = ArticleTranslation(language=tag, source_version=source.version, **parts)
            row.translations.append(new)
            changed = True
            continue
        differs = [name for name in parts if getattr(translation, name) != parts[name]]
        for name in differs:
            setattr(translation, name, parts[name])
        if {"title", "text"} & set(differs) or translation.source_version == was:
            changed |= translation.source_version != source.version
            translation.source_version = source.version
        changed |= bool(differs)
    return changed
