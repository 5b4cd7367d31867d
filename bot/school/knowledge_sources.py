"""What the articles are found by: their texts, titles and example questions, in every language they have."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from bot.school import retrieval, text_index
from bot.school.retrieval import Question
from bot.storage.knowledge import Article, list_articles

KIND = "article"


def sources(session: Session) -> list[retrieval.Source]:
    """What vectors are made of: text, example questions and titles of each article that may be answered from."""
    found = []
    for article in list_articles(session):
        passage = Question(article.language, f"{article.title}. {article.text}")
        asked = tuple(dict.fromkeys([*_questions(article), *_titles(article)]))
        found.append(retrieval.Source(KIND, article.id, passage, asked))
    return found


def documents(session: Session) -> list[text_index.Document]:
    """What the full-text index holds: all that an article says in one language, as one document."""
    return [document for article in list_articles(session) for document in _documents(article)]


def index_texts(session: Session) -> int:
    """Bring the full-text index up to the articles, in the transaction that changed them; how many texts changed.

    Whatever writes articles calls this; the clock does it too, for what was written by other means.
    """
    return text_index.refresh(session, KIND, documents(session))


def _questions(article: Article) -> Iterator[Question]:
    lines = (line.strip() for line in article.questions.splitlines())
    yield from (Question(article.language, line) for line in lines if line)
    for language, asked in sorted((article.questions_in or {}).items()):
        yield from (Question(language, str(line)) for line in asked)


def _titles(article: Article) -> Iterator[Question]:
    yield Question(article.language, article.title)
    # sorted: databases give them back in different orders, and the version must be the same
    titles = {translation.language: translation.title for translation in article.translations}
    yield from (Question(language, title) for language, title in sorted(titles.items()))


def _documents(article: Article) -> Iterator[text_index.Document]:
    texts: dict[str, list[str]] = {article.language: [article.text]}
    for translation in article.translations:
        texts.setdefault(translation.language, []).append(translation.text)
    for question in (*_questions(article), *_titles(article)):
        texts.setdefault(question.language, []).append(question.text)
    for language, parts in texts.items():
        yield text_index.Document(article.id, language, "\n".join(parts))
