"""Children and teachers by the names and words a family writes: its own children and their teachers, nobody else."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model.plain_letters import plain
from bot.school.calling import Word, places, words_of
from bot.school.spelling import script

_SURE = 6
"""Letters from which a family name stands for a teacher without a title or a capital: "park" is a place as well."""

_NAMELESS = 3
"""Letters a part of a first name must have to stand for the whole, if it is not its beginning."""


@dataclass(frozen=True, slots=True)
class Person:
    """A child or a teacher: what a family may call them by, and what sets children apart.

    `year` is the school year (kindergarten 0); `classes` are a teacher's class titles by the child's key.
    """

    id: object
    given: str
    family: str
    called: str = ""
    sex: str = ""
    year: int | None = None
    born: date | None = None
    classes: Mapping[object, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Who may be meant. `together`: all of them are; else one of them is, and the family is asked which."""

    ids: tuple[object, ...] = ()
    together: bool = False

    @property
    def one(self) -> object | None:
        """The one who is meant, if it is certain."""
        return self.ids[0] if len(self.ids) == 1 else None


def find_children(children: Sequence[Person], text: str, kin: str = "") -> Found:
    """The children a text names, or else describes ("my older one"). `kin`: the marks read from its kin words."""
    words = words_of(text)
    named = [child.id for child in children if _is_named(child, text, words)]
    marks = frozenset(kin.split())
    if named and not ("all" in marks and len(named) == 1):
        return Found(tuple(named), together=len(named) > 1)
    return _described(children, marks)


def _is_named(child: Person, text: str, words: Sequence[Word]) -> bool:
    return any(any(places(text, words, name)) for name in _names(child))


def _names(child: Person) -> list[str]:
    """What a child answers to: the name at home, the first names together, the first of them, a later one of some length."""
    parts = child.given.split()
    later = [part for part in parts[1:] if len(part) >= _NAMELESS and not _too_short(part)]
    return [name for name in (child.called, child.given, *parts[:1], *later) if name]


def _too_short(part: str) -> bool:
    return script(part) == "latin" and plain(part) in {"anh", "del", "los", "las", "van", "bin", "ben"}


def _described(children: Sequence[Person], marks: Collection[str]) -> Found:
    sexes = {"female", "male"} & set(marks)
    pool = [child for child in children if len(sexes) != 1 or child.sex in ("", *sexes)]
    grades = {int(mark.split(":")[1]) for mark in marks if mark.startswith("grade:")}
    if grades:
        pool = [child for child in pool if child.year in grades]
    ranked = sorted(pool, key=_age, reverse=True)
    if "all" in marks:
        return Found(tuple(child.id for child in pool), together=True) if len(pool) > 1 else Found()
    for rank, place in (("oldest", 0), ("youngest", -1)):
        if rank in marks and ranked:
            return Found((ranked[place].id,))
    if "middle" in marks:
        ranked = sorted(children, key=_age, reverse=True)
        return Found((ranked[1].id,)) if len(ranked) == 3 else Found()
    if not (sexes or grades):
        return Found()
    return Found(tuple(child.id for child in pool))


def _age(child: Person) -> tuple[int, int]:
    """Older first: by birthday, else by school year."""
    return (-child.born.toordinal() if child.born else 0, child.year or 0)


def find_teachers(
    teachers: Sequence[Person], text: str, said: Mapping[str, str], children: Sequence[object] = ()
) -> Found:
    """The teachers a text names, or else means ("her science teacher"): of the children in question, if there are any.

    `said`: `teacher_words` (the titles that stand in the text) and `teaches` (a subject, or "any").
    """
    words = words_of(text)
    titles = [title for title in said.get("teacher_words", "").split("|") if title]
    named = [teacher.id for teacher in teachers if _teacher_named(teacher, text, words, titles)]
    if named:
        return Found(tuple(named))
    taught = said.get("teaches")
    pool = [t for t in teachers if not children or set(t.classes or ()) & set(children)]
    if taught and taught != "any":
        pool = [t for t in pool if _teaches(t, taught, children)]
        return Found(tuple(t.id for t in pool)) if children or len(pool) == 1 else Found()
    return Found(tuple(t.id for t in pool)) if taught and children else Found()


def _teacher_named(teacher: Person, text: str, words: Sequence[Word], titles: Sequence[str]) -> bool:
    for word in places(text, words, teacher.family, loose=bool(titles)):
        capital = word.text[:1].isupper() and script(word.text) == "latin"
        foreign = script(word.text) in ("arabic", "cyrillic") and len(word.text) >= _NAMELESS
        if capital or foreign or len(word.text) >= _SURE or _beside_title(text, word, titles):
            return True
    return any(
        _beside_title(text, word, titles) for word in places(text, words, teacher.given, loose=bool(titles))
    )


def _beside_title(text: str, word: Word, titles: Sequence[str]) -> bool:
    before = re.sub(r"[\s.]+$", "", plain(text[: word.start]))
    after = re.sub(r"^[\s]+", "", plain(text[word.end :]))
    return any(before.endswith(plain(title)) or after.startswith(plain(title)) for title in titles)


_SUBJECTS = {
    "math": ("math", "algebra", "geometry", "calculus"),
    "science": ("science", "biology", "chemistry", "physics"),
    "history": ("history", "social studies", "civics"),
    "english": ("english", "reading", "language arts", "literature"),
    "art": ("art",),
    "music": ("music", "band", "choir", "orchestra"),
    "pe": ("pe", "physical education", "gym"),
}


def _teaches(teacher: Person, subject: str, children: Sequence[object]) -> bool:
    titles = [title for key, title in (teacher.classes or {}).items() if not children or key in children]
    return any(
        re.search(rf"\b{word}", title.casefold()) for title in titles for word in _SUBJECTS.get(subject, ())
    )
