"""A message understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

INTENTS = (
    "ask_question", "voice_concern", "file_complaint", "give_recommendation", "find_resource",
    "book_conference", "change_conference", "report_absence", "check_progress", "check_status",
    "volunteer", "talk_to_human", "change_language", "opt_out", "help", "greet", "thank", "affirm",
    "deny", "crisis", "out_of_scope",
)  # fmt: skip
"""The 21 intents. Their borders: docs/intents.md."""

FALLBACK = "nlu_fallback"
"""Not an intent: "not sure enough"."""


@dataclass(frozen=True, slots=True)
class IntentGuess:
    """An intent (or `nlu_fallback`) and how sure the model is, 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Parse:
    """What a classifier says of one text, best guess first; `vector` is the sentence embedding, if it made one."""

    intent: IntentGuess
    ranking: tuple[IntentGuess, ...]
    vector: Any = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message understood.

    `text` is cleaned (NFC, control characters gone, cut); `language` is the tag the answer is
    given in, `written_in` the language the text itself is in when it is clear evidence, else None;
    `plainly_in` the same for a whole sentence in that language alone.
    `commands` are the whole-message keywords it matched (`stop start help menu cancel back person
    repeat more skip yes no none confirm move greeting thanks`); `number` the choice it names
    (1 to 9), if any. `crisis` says why an alarm is due ("words", "model" or None).
    `parts` are its requests, in the order they stand and each in its own words, where it holds several.
    `decision` names the rule that settled the intent (table, crisis_words, crisis_model, model, fallback, unavailable).
    """

    text: str
    language: str
    intent: IntentGuess
    ranking: tuple[IntentGuess, ...] = ()
    written_in: str | None = None
    plainly_in: str | None = None
    commands: frozenset[str] = frozenset()
    number: int | None = None
    crisis: str | None = None
    decision: str = "model"
    entities: Mapping[str, str] = field(default_factory=dict)
    vector: Any = None
    parts: tuple[Utterance, ...] = ()

    @property
    def unsure(self) -> bool:
        """True when no intent is sure enough to act on."""
        return self.intent.name == FALLBACK


CARRIER_KEYWORDS = {"STOP": "stop", "START": "start", "HELP": "help"}
"""What a carrier says of a text that it took for one of its own keywords, and the command that is."""


def with_carrier_keyword(
    utterance: Utterance, opt_out_type: str | None, *, opted_out: bool = False
) -> Utterance:
    """The utterance with the command that the carrier recognised in it, in any word of the carrier's own list.

    The carrier blocks or frees the line on that word, so ours must follow although our lists do not know it.
    Carriers count YES as START on any line: while the line is not `opted_out`, a text with a meaning of its
    own keeps it, or no question could be answered with yes.
    """
    command = CARRIER_KEYWORDS.get((opt_out_type or "").strip().upper())
    means_something = bool(utterance.commands) or utterance.number is not None
    if command is None or (command == "start" and means_something and not opted_out):
        return utterance
    return replace(utterance, commands=utterance.commands | {command})
