"""The school's answers: found across languages, given with source and date, or honestly not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bot.model.dialogue import PersonText, Phrase, Say, Text, Verbatim
from bot.school import text_index, vector_index
from bot.school.knowledge_sources import KIND
from bot.storage.knowledge import Article, list_article_ids

WORDS = 0.3
"""What all of a question's words are worth beside the nearness of its meaning."""
SURE_LEAD = 0.185
"""How far the best article must be ahead of the average of the next ten to be given as the answer."""
SURE_MARGIN = 0.03
"""… and ahead of the second best."""
POSSIBLE_LEAD = 0.09
"""From here on the best three are offered by title; below, a person is asked."""
POSSIBLE_SHARE = 0.3
"""Where nothing can embed, or most vectors are still to be made, of articles with so much of a question's words the best
three are offered."""

COMPLETE = 0.9
"""Share of the articles that must have vectors: a half-made index finds the wrong answer."""

OFFERED = 3
_NEXT = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its words, the tag of the language they are in, and their vector (None where nothing can embed)."""

    text: str
    language: str
    vector: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: `answer` when sure; otherwise `candidates`, best first, when something came near."""

    answer: Article | None
    candidates: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The articles' keys, best first, and how well each fits."""

    keys: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()

    @property
    def lead(self) -> float:
        """How far the best is ahead of the average of the next ten."""
        return self.scores[0] - float(np.mean(self.scores[1 : _NEXT + 1] or (0.0,)))

    @property
    def sure(self) -> bool:
        """Whether the best is far enough ahead to be given as the answer."""
        margin = self.scores[0] - (self.scores[1] if len(self.scores) > 1 else 0.0)
        return self.lead >= SURE_LEAD and margin >= SURE_MARGIN


def find(session: Session, asked: Asked, embedder: str) -> Finding:
    """The article that answers a question whose vector was made by that version of the embedder."""
    ranking = rank(session, asked, embedder) if asked.vector is not None else Ranking()
    if not ranking.keys:
        return Finding(None, _get(session, _by_words(session, asked)))
    if ranking.sure:
        return Finding(session.get_one(Article, ranking.keys[0]))
    return Finding(None, _get(session, ranking.keys[:OFFERED] if ranking.lead >= POSSIBLE_LEAD else ()))


def rank(session: Session, asked: Asked, embedder: str) -> Ranking:
    """All articles by how well they fit, meaning and words together; empty while too few have vectors."""
    wanted = list_article_ids(session)
    index = vector_index.load(session, KIND, embedder)
    there = np.isin(index.owners, np.array(wanted, dtype=np.int64))
    if not there.any() or there.sum() < COMPLETE * len(wanted):
        return Ranking()
    shares = text_index.shares(session, KIND, asked.text, asked.language, len(wanted))
    owners = [int(owner) for owner in index.owners[there]]
    words = np.array([shares.get(owner, 0.0) for owner in owners])
    scores = index.scores(asked.vector, asked.language)[there] + WORDS * words
    order = np.argsort(-scores, kind="stable")
    return Ranking(tuple(owners[n] for n in order), tuple(float(scores[n]) for n in order))


def _by_words(session: Session, asked: Asked) -> Sequence[int]:
    wanted = list_article_ids(session)
    shares = text_index.shares(session, KIND, asked.text, asked.language, len(wanted))
    near = [key for key in wanted if shares.get(key, 0.0) >= POSSIBLE_SHARE]
    return sorted(near, key=lambda key: -shares[key])[:OFFERED]


def _get(session: Session, keys: Sequence[int]) -> tuple[Article, ...]:
    return tuple(session.get_one(Article, key) for key in keys)


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
