"""Learning from use: texts the line was not sure of, or took for the wrong thing, go to a list that staff label.

Nothing trains by itself. What is kept says nothing of who wrote it (redaction.py) and is deleted after KEPT.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.model.dialogue import DialogueState
from bot.model.utterance import Utterance
from bot.school.consent import said_stop
from bot.school.needs import fold
from bot.school.redaction import Names, names_of, redact
from bot.storage import known_names, review_texts
from bot.storage.conversations import Conversation, Turn, last_turn_before
from bot.storage.review_texts import ReviewText

WEIGHT = ("unsure", "asked_for_person", "clarified", "corrected", "crisis_false_alarm")
"""Why a text is listed. Where several reasons meet, the later one here says more."""

KEPT = timedelta(days=180)
"""So long after a text was last written it is deleted, labelled or not."""

RIGHT_AFTER = timedelta(minutes=15)
"""Within which "cancel" and "a person" say something about the text before."""

_MISSED = ("not_understood", "pattern_clarification/", "pattern_cannot_handle/")
_CHOSEN = "pattern_clarification/action_start_clarified_flow"
_MOST_WORDS = 60

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that was taken: what was said, what the line was doing before, and where it went (`trail`)."""

    conversation: Conversation
    turn: Turn
    utterance: Utterance
    before: DialogueState
    trail: Sequence[str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """A text to be listed, as it was written; why; and what the model thought of it, likeliest first."""

    text: str
    language: str
    why: str
    guesses: Sequence[tuple[str, float]] = ()
    suggested: str | None = None


def note_turn(session: Session, heard: Heard, intents: Mapping[str, str]) -> None:
    """List what this turn shows. `intents`: the intent that starts a flow, by the flow.

    Never texts of somebody in danger, of a line that said STOP, or of one where a person speaks. Whatever fails
    here is logged without the text, and costs no family its answer.
    """
    line = heard.conversation
    if heard.utterance.crisis or line.with_staff:
        return
    found = _find(session, heard, intents)
    if found is None or said_stop(session, line.channel, line.address):
        return
    try:
        with session.begin_nested():
            keep(session, line, found, heard.now)
    except Exception as error:
        log.error("review_text_not_kept", why=found.why, error=type(error).__name__)


def keep(session: Session, line: Conversation, found: Finding, now: datetime) -> ReviewText | None:
    """Write the text down without names and numbers, or count it once more. None when nothing is left to read."""
    text = redact(found.text, _names(session, line, found.text))
    if sum(sign.isalpha() for sign in _bare(text)) < 2:
        return None
    print_of = hashlib.sha256(fold(text).encode()).hexdigest()
    known = review_texts.find_by_fingerprint(session, print_of)
    if known is None:
        known = ReviewText(
            fingerprint=print_of, text=text, language=found.language, why=found.why, times=1,
            first_at=now, last_at=now, status="open",
        )  # fmt: skip
        session.add(known)
    elif found.why in ("unsure", "crisis_false_alarm") or now - known.last_at > RIGHT_AFTER:
        known.times += 1
        known.last_at = now
    _say_more(known, found)
    session.flush()
    return known


def forget_old(session: Session, now: datetime) -> int:
    """Delete what was last written longer ago than KEPT. How many texts."""
    return review_texts.delete_before(session, now - KEPT)


def _find(session: Session, heard: Heard, intents: Mapping[str, str]) -> Finding | None:
    if _CHOSEN in heard.trail:
        return _clarified(heard, intents)
    told = heard.utterance
    if any(spot.startswith("pattern_cancel_flow/") for spot in heard.trail):
        return _about_the_last(session, heard, "corrected", ("model",))
    if "person" in told.commands or told.intent.name == "talk_to_human":
        return _about_the_last(session, heard, "asked_for_person", ("model", "fallback"))
    missed = any(spot.startswith(_MISSED) for spot in heard.trail)
    if told.decision != "fallback" or told.commands or told.number or (heard.before.asking and not missed):
        return None
    guesses = [(guess.name, guess.confidence) for guess in told.ranking]
    return Finding(told.text, told.written_in or told.language, "unsure", guesses)


def _clarified(heard: Heard, intents: Mapping[str, str]) -> Finding | None:
    """The text of before, with what the family then chose."""
    text = heard.before.slots.get("clarified_text")
    after = heard.trail[list(heard.trail).index(_CHOSEN) + 1 :]
    flow = after[0].split("/")[0] if after else ""
    if not isinstance(text, str) or not text:
        return None
    return Finding(text, heard.conversation.language, "clarified", suggested=intents.get(flow))


def _about_the_last(session: Session, heard: Heard, why: str, decisions: Sequence[str]) -> Finding | None:
    """The text before this one, where the model decided about it and it was no answer to a question."""
    last = last_turn_before(session, heard.conversation.id, heard.turn.id)
    if last is None or heard.now - last.created_at > RIGHT_AFTER:
        return None
    understood: Mapping[str, Any] = last.understood or {}
    of_itself = understood.get("decision") in decisions and not understood.get("was_asked")
    if not of_itself or understood.get("crisis") or understood.get("intent") == "talk_to_human":
        return None
    language = understood.get("written_in") or understood.get("language") or heard.conversation.language
    return Finding(last.message.body, language, why, [(n, s) for n, s in understood.get("ranking", ())])


def _say_more(known: ReviewText, found: Finding) -> None:
    """Add what this finding knows beyond the earlier ones."""
    if known.status == "open" and WEIGHT.index(found.why) > WEIGHT.index(known.why):
        known.why = found.why
    if found.suggested:
        known.suggested = found.suggested
    if found.guesses and known.guessed is None:
        known.guessed, known.confidence = found.guesses[0]
        if len(found.guesses) > 1:
            known.second, known.second_confidence = found.guesses[1]


def _names(session: Session, line: Conversation, text: str) -> Names:
    words = {word.strip(".,;:!?¿¡()\"'«»") for word in text.split()[:_MOST_WORDS]}
    capitals = {word for word in words if word[:1].isupper()}
    pupils = known_names.pick_student_names(session, capitals) if capitals else ()
    own = known_names.list_family_names(session, line.channel, line.address)
    return names_of([*own, *pupils], known_names.list_staff_names(session))


def _bare(text: str) -> str:
    return " ".join(word for word in text.split() if not word.startswith("["))
