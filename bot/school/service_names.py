"""Community services asked for by name ("Boys and Girls Club", "WIC"), found by the words of their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from bot.school.needs import NEEDS, fold
from bot.school.search_words import search_words
from bot.school.text_index import Document, refresh
from bot.storage.resources import Resource, list_by_ids, list_offered
from bot.storage.search_texts import find_words

KIND = "resource"
FEW = 3
"""A name that more services answer to is none: "food pantry" is a kind of help."""
LETTERS = 8
"""Two words in a row with so many letters are a name; a shorter one must be in capitals as it stands ("WIC")."""
_ACRONYM = range(3, 7)
_LOOKED_AT = 20


def documents(session: Session) -> list[Document]:
    """What the full-text index holds: the name of each service that is offered now, and of its organization."""
    return [
        Document(service.id, "en", f"{service.name}\n{service.organization}")
        for service in list_offered(session)
    ]


def index_names(session: Session) -> int:
    """Bring the full-text index up to the directory, in the transaction that changed it; how many names changed."""
    return refresh(session, KIND, documents(session))


def named_services(session: Session, text: str) -> Sequence[Resource]:
    """The services that a text names; empty when it names none, or only a kind of help."""
    words = search_words(text)
    hits = Counter(hit.owner_id for hit in find_words(session, KIND, ("en",), words))
    likely = [owner_id for owner_id, _ in hits.most_common(_LOOKED_AT)]
    said = _words(text)
    named = [service for service in list_by_ids(session, likely) if _is_named(service, said)]
    return named if len(named) <= FEW else ()


def _is_named(service: Resource, said: Sequence[str]) -> bool:
    return any(_names(name, said) for name in (service.name, service.organization))


def _names(name: str, said: Sequence[str]) -> bool:
    if any(_is_acronym(word) and fold(word) in said for word in name.split()):
        return True
    words = _words(name)
    runs = (
        words[start : start + length] for length in range(2, len(words) + 1) for start in range(len(words))
    )
    return any(_is_name(run) and _contains(said, run) for run in runs)


def _is_acronym(word: str) -> bool:
    return word.isupper() and word.isalpha() and len(word) in _ACRONYM


def _is_name(run: Sequence[str]) -> bool:
    """Whether these words say more than a kind of help, which the words of the needs do."""
    said = [word for word in run if len(word) >= _ACRONYM.start and not word.isdecimal()]
    return sum(map(len, run)) >= LETTERS and any(word not in _COMMON for word in said)


def _contains(said: Sequence[str], run: Sequence[str]) -> bool:
    return any(list(said[at : at + len(run)]) == list(run) for at in range(len(said) - len(run) + 1))


def _words(text: str) -> list[str]:
    """Folded words; a plural is its singular, so that "Boys & Girls Clubs" answers to "Boys and Girls Club"."""
    plain = fold(text.replace("&", " and ")).replace("-", " ").replace("'", "").split()
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in plain]


def _vocabulary(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _words(text))


_COMMON = _vocabulary(text for need in NEEDS for text in (*need.examples, *need.words)) | _vocabulary(
    [
        "program center centre service community county city school district office aid assistance line help youth"
    ]
)
