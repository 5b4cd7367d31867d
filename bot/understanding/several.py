"""Whether a text holds several requests, each of which is to be answered: its parts, read by the same model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.model.utterance import FALLBACK, Utterance
from bot.understanding.splitting import Part, Splitter

MOST_REQUESTS = 3
"""Requests taken up of one text. A family that writes more than this tells a story."""

SURE = 0.7
"""Least probability at which a plain sentence counts as a request of its own. Less is enough (whatever the model is
sure of at all) for a question, and where a joining word says that something else follows."""

SURE_PERSON = 0.95
"""The same for a wish to talk to somebody, which sounds like much that people say of each other."""

ALONE = frozenset({"opt_out"})
"""A text that says this anywhere is taken as a whole."""

KIN = frozenset(
    frozenset(pair)
    for pair in (
        ("voice_concern", "file_complaint"), ("voice_concern", "report_absence"), ("voice_concern", "find_resource"),
        ("voice_concern", "give_recommendation"), ("voice_concern", "check_progress"), ("file_complaint", "report_absence"),
        ("file_complaint", "give_recommendation"), ("file_complaint", "check_progress"),
    )
)  # fmt: skip
"""What one story passes between. Here only a joining word or a question makes a border."""

NO_REQUESTS = ALONE | {FALLBACK, "crisis", "greet", "thank", "affirm", "deny", "help", "out_of_scope"}
"""What stands beside requests without being one. A crisis here is a guess too weak for an alarm."""

HEARD_BY_PEOPLE = frozenset({"voice_concern", "file_complaint", "report_absence", "give_recommendation",
                             "book_conference", "change_conference"})  # fmt: skip
"""Beside these a wish to talk to somebody is the same wish: people hear them anyway."""

ReadPart = Callable[[str], Utterance]


@dataclass(frozen=True, slots=True)
class PartRead:
    """A part of a text and what it means by itself, whatever stands beside it.

    `marked`: it is a question, or a joining word stands at one of its borders.
    """

    part: Part
    read: Utterance
    marked: bool = False

    @property
    def intent(self) -> str:
        """What its sender wants, or `nlu_fallback`."""
        return self.read.intent.name


def read_parts(whole: Utterance, splitter: Splitter, read: ReadPart) -> list[PartRead]:
    """The parts of a text, each read by itself; none where nothing divides it, or it is to be taken as a whole."""
    if whole.crisis or whole.intent.name in ALONE or whole.decision not in ("model", "fallback"):
        return []
    parts = splitter.split(whole.text)
    if len(parts) < 2:
        return []
    following = [*(part.joined for part in parts[1:]), False]
    marked = [part.asks or part.joined or joins for part, joins in zip(parts, following, strict=True)]
    return [PartRead(part, read(part.text), mark) for part, mark in zip(parts, marked, strict=True)]


def requests_in(whole: Utterance, found: list[PartRead]) -> tuple[Utterance, ...]:
    """The requests among the parts in the order they stand, each with its own words; none when it is but one.

    A part that is not surely a request belongs to the one before it, so that a story in four sentences stays one.
    """
    if any(one.intent in ALONE for one in found):
        return ()
    kept = _without_repeats(_merged(whole, found))[:MOST_REQUESTS]
    return tuple(replace(one.read, text=one.part.text) for one in kept) if len(kept) > 1 else ()


def _merged(whole: Utterance, found: list[PartRead]) -> list[PartRead]:
    """Neighbours that are one request put together."""
    requests: list[PartRead] = []
    for one in found:
        if requests and (not _sure(one) or _same(requests[-1], one)):
            requests[-1] = _together(whole, requests[-1], one)
        elif _sure(one):
            requests.append(one)
    return requests


def _sure(one: PartRead) -> bool:
    if one.intent in NO_REQUESTS:
        return False
    if one.intent == "talk_to_human":
        return one.read.intent.confidence >= SURE_PERSON
    return one.marked or one.read.intent.confidence >= SURE


def _same(before: PartRead, after: PartRead) -> bool:
    """Whether two neighbours are about one thing. Two questions are two, if the marks or a joining word say so."""
    joined, asks = after.part.joined, after.part.asks
    if before.intent == after.intent:
        return before.intent != "ask_question" or not (joined or (asks and before.part.asks))
    return frozenset((before.intent, after.intent)) in KIN and not (joined or asks)


def _together(whole: Utterance, before: PartRead, after: PartRead) -> PartRead:
    start, end = before.part.start, after.part.end
    part = replace(before.part, text=whole.text[start:end], end=end)
    first = after if after.intent == whole.intent.name and _sure(after) else before
    return PartRead(part, replace(first.read, vector=None), before.marked or after.marked)


def _without_repeats(requests: list[PartRead]) -> list[PartRead]:
    """One request of a kind, but for questions; and nobody is asked for whom another request reaches anyway."""
    kinds = {one.intent for one in requests}
    kept: list[PartRead] = []
    for one in requests:
        again = one.intent != "ask_question" and any(one.intent == other.intent for other in kept)
        if not again and not (one.intent == "talk_to_human" and kinds & HEARD_BY_PEOPLE):
            kept.append(one)
    return kept
