"""What a text says besides its wish: days, hours, kin, a need, a reason, a language, a telephone number, a reference.

Nothing here knows the school: which child "my older one" is, bot/school/naming.py finds out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time

from bot.model.utterance import Utterance
from bot.understanding.days import read_days
from bot.understanding.hours import read_hours
from bot.understanding.language import written_in
from bot.understanding.phones import read_phone
from bot.understanding.wording import Hit, Table, accented, counts_accents, table

LONGEST = 600
"""Letters of a text that are searched: who, when and what stand at its beginning, and a turn must not wait."""

ANSWER_WORDS, ANSWER_LETTERS = 6, 40
"""What is longer is no answer to "How would you like to meet?"."""

_CASE = re.compile(r"(?<![0-9A-Z])HL[-\s]?([23456789CDFHJKMNPQRTVWX]{5,7})(?![0-9A-Z])", re.ASCII)
_LATIN = re.compile(r"[a-z]{2}", re.IGNORECASE)
_BESIDE_APPOINTMENT = frozenset({"dental", "clinic", "counsel"})
"""Needs that are none where the text tells of an appointment: "she has the dentist at nine"."""


READ = frozenset({"model", "fallback", "unavailable", "crisis_model"})
"""Decisions that leave something to read: a number, a STOP or words of danger say no more than that. A call for a
person may: "call me" answers "How would you like to meet?"."""


def with_entities(utterance: Utterance, now: datetime) -> Utterance:
    """The utterance, and each of its parts, with all that the text says; what was read before is kept.

    `now`: the time at the schools.
    """
    if utterance.decision not in READ and "person" not in utterance.commands:
        return utterance
    found = read_entities(utterance.text, utterance.language, now)
    parts = tuple(with_entities(part, now) for part in utterance.parts)
    return replace(utterance, entities={**found, **utterance.entities}, parts=parts)


def read_entities(text: str, language: str, now: datetime) -> dict[str, str]:
    """What a text says, by name: date, until, time, after, before, part, reason, need, language, phone, case, kin,
    together, teacher_words, teaches, conference, mode and extra. `language` is the family's; days are reckoned from
    `now`, the time at the schools."""
    short = text[:LONGEST]
    found = _numbers(short)
    plain = short.replace(found.get("_phone", "\0"), " ")
    for words in _tables(plain, language):
        found = {**_worded(words, plain, now), **found}
    return {name: value for name, value in found.items() if value and not name.startswith("_")}


def _numbers(text: str) -> dict[str, str]:
    """What needs no language: the reference of a case and a telephone number."""
    found: dict[str, str] = {}
    case = _CASE.search(text.upper())
    if case:
        found["case"] = f"HL-{case.group(1)}"
    phone = read_phone(text)
    if phone is not None:
        found["phone"], found["_phone"] = phone.number, phone.written
    return found


def _tables(text: str, language: str) -> Iterable[Table]:
    """The tables a text is read with: that of the language it is surely written in, or the family's own; and English
    for what these do not find, where a text is taken for English or mixes its letters into another script."""
    seen = written_in(text, language)
    known = [tag for tag in (seen, language) if tag and table(tag) is not None]
    main = next((tag for tag in known if tag != "en" or language not in known), "en")
    mixed = main in _OTHER_SCRIPTS and _LATIN.search(text) is not None
    also = ["en"] if main != "en" and (mixed or seen == "en") else []
    return [_table(text, tag) for tag in (main, *also)]


_OTHER_SCRIPTS = frozenset({"ar", "ru", "ko", "zh-Hans"})


def _table(text: str, tag: str) -> Table:
    found = table(tag, accents=counts_accents(tag) and accented(text))
    assert found is not None
    return found


def _worded(words: Table, text: str, now: datetime) -> dict[str, str]:
    folded = words.folded(text)
    parts = words.hits("parts", folded)
    days = read_days(words, folded, now.date(), parts)
    rest = _without(folded, days.spans)
    parts = [part for part in parts if not any(s < part.start and part.end <= e or s <= part.start and part.end < e
                                               for s, e in days.counted)]  # fmt: skip
    hours = read_hours(words, rest, parts)
    rest = _without(rest, hours.spans)
    found = {
        "date": days.first.isoformat() if days.first else "",
        "until": days.last.isoformat() if days.last else "",
        "time": _clock(hours.at),
        "after": _clock(hours.after),
        "before": _clock(hours.before),
        "part": hours.part or "",
        "language": _language(words, folded),
        "kin": _kin(words, rest),
        "conference": _conference(words, folded),
        "together": _together(words, folded),
        **_about(words, rest),
        **_answers(words, folded),
        **_teacher(words, folded),
    }
    if found["need"] == "after_school" and not found["date"]:
        found["part"] = ""  # "something after school" is the help that is looked for, no hour
    return {name: value for name, value in found.items() if value}


def _clock(moment: time | None) -> str:
    return moment.strftime("%H:%M") if moment is not None else ""


def _without(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with its days blotted out, every letter in its place."""
    letters = list(folded)
    for start, end in spans:
        letters[start:end] = ["¦" if sign != " " else " " for sign in letters[start:end]]
    return "".join(letters)


def _language(words: Table, folded: str) -> str:
    """A language that is asked for, not one that is taught or not understood."""
    return next((str(hit.values[0]) for hit in words.hits("language_wish", folded) if hit.values), "")


def _kin(words: Table, folded: str) -> str:
    """Kin words: "female oldest", "all male", "grade:3"."""
    marks = [_mark(hit) for hit in words.hits("kin", folded)]
    return " ".join(dict.fromkeys(" ".join(marks).split()))


def _together(words: Table, folded: str) -> str:
    """That the whole text says no more than "all of them" or "both"."""
    kin = [hit for hit in words.hits("kin", folded) if hit.name.startswith("all")]
    spans = [(hit.start, hit.end) for hit in (*words.hits("together", folded), *kin)]
    return "all" if spans and not _without(folded, spans).strip(" ¦") else ""


def _mark(hit: Hit) -> str:
    rank = next((value for value in hit.values if isinstance(value, int)), None)
    return f"grade:{rank}" if hit.name == "grade" else hit.name.replace("_", " ")


def _conference(words: Table, folded: str) -> str:
    """What a text says of a conference that stands: "cancel", "move", "confirm", "when" it is, that one is "away" then.

    Both to cancel and to move is neither; what is not to be done ("keep") counts for nothing.
    """
    said = words.names("conference", folded)
    if {"cancel", "move"} <= set(said):
        return ""
    return next((name for name in _DEEDS if name in said), "")


_DEEDS = ("cancel", "move", "when", "confirm", "away")
"""Which of several goes first: who asks for the hour in order to move it wants it moved."""


def _about(words: Table, folded: str) -> Mapping[str, str]:
    """The need or the reason a text tells; what it explains away counts for neither."""
    hidden = _without(folded, ((hit.start, hit.end) for hit in words.hits("harmless", folded)))
    needs, reasons = words.names("needs", hidden), words.names("reasons", hidden)
    if "appointment" in reasons:
        needs = [need for need in needs if need not in _BESIDE_APPOINTMENT]
    if needs and set(needs) & _BESIDE_APPOINTMENT:
        reasons = [reason for reason in reasons if reason != "illness"]
    strongest = [reason for reason in _ORDER if reason in reasons]
    return {"need": needs[0] if needs else "", "reason": strongest[0] if strongest else ""}


def _answers(words: Table, folded: str) -> Mapping[str, str]:
    """The way to meet or the help that a few words name. Longer texts speak of telephones and cars for other reasons."""
    if len(folded.split()) > ANSWER_WORDS or len(folded) > ANSWER_LETTERS:
        return {}
    found = {"mode": words.names("modes", folded), "extra": words.names("extras", folded)}
    if {"childcare", "transport"} <= set(found["extra"]):
        found["extra"] = ["both"]
    return {name: "".join(names) if len(names) == 1 else "" for name, names in found.items()}


_ORDER = ("weather", "religious", "transport", "appointment", "family", "illness")
"""Which reason goes first where several words speak: the ice keeps the bus from coming; grandmother is ill."""


def _teacher(words: Table, folded: str) -> Mapping[str, str]:
    """Words for teachers, so that names beside them are known for theirs; and what they teach, "any" if that is not said."""
    hits = words.hits("teachers", folded)
    if not hits:
        return {}
    titles = dict.fromkeys(folded[hit.start : hit.end].strip() for hit in hits)
    subject = next(iter(words.names("subjects", folded)), "")
    meant = subject or ("any" if any(hit.name == "teacher" for hit in hits) else "")
    return {"teacher_words": "|".join(titles), "teaches": meant}
