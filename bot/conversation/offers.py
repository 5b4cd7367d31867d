"""The offer to change the language: made at the end of a turn, in place of the question that is open.

Two questions at once would get an answer that belongs to either. So the open one is held back, and asked
again afterwards, in whatever language it is by then.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.facts import OFFER_LANGUAGE
from bot.conversation.patterns import start_pattern
from bot.conversation.walk import Walk
from bot.model.dialogue import Asking, Text, Verbatim

PATTERN = "language_offer"


def offer_language(walk: Walk) -> None:
    """Start the offer, if the turn is over and the caller says that it is time."""
    under_way = any(frame.flow == f"pattern_{PATTERN}" for frame in walk.stack)
    if walk.act is not None or under_way or walk.facts.get("opted_out") or not walk.facts.get(OFFER_LANGUAGE):
        return
    if walk.asking is not None:
        _hold_back(walk, walk.asking)
    walk.paused = False
    start_pattern(walk, PATTERN)
    walk.run()


def _hold_back(walk: Walk, asking: Asking) -> None:
    """Take the open question off what is said; what stood above it in the same message stays."""
    question = asking.question
    if question is None or not walk.said or walk.said[-1].choices != question.choices:
        return
    said, length = walk.said[-1], len(question.texts)
    if said.texts[-length:] != question.texts:
        return
    walk.said.pop()
    rest = () if asking.misses else _without_blanks(said.texts[:-length])
    if rest:
        walk.said.append(replace(said, texts=rest, choices=()))


def _without_blanks(texts: tuple[Text, ...]) -> tuple[Text, ...]:
    while texts and isinstance(texts[-1], Verbatim) and not texts[-1].text.strip():
        texts = texts[:-1]
    return texts
