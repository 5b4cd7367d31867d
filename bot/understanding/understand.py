"""From a text to an Utterance: tables, the crisis rule, the model, and what to do when it is not sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.model.errors import BadModel
from bot.model.ports import IntentClassifier
from bot.model.utterance import FALLBACK, IntentGuess, Parse, Utterance
from bot.understanding.cleaning import clean, wordless
from bot.understanding.e5_text import CUT
from bot.understanding.language import plainly_in, written_in
from bot.understanding.lookups import NUMBERS, Lookups
from bot.understanding.several import read_parts, requests_in
from bot.understanding.splitting import Splitter

CRISIS_THRESHOLD = 0.11
"""Least probability of `crisis` that raises an alarm, whatever else is likelier.

Chosen on the held-out texts (docs/understanding.md). A false alarm costs a person one look; a missed
one may cost a life.
"""

SURE_CRISIS = 0.5
"""The same for a text that plainly asks for a stop: an opt-out must not be lost to a weak alarm."""

PART_CRISIS = 0.35
"""The same for a part of a text of several parts, read by itself: the others may drown it.

Of the 254 held-out crises, each behind a question, 216 are seen in the whole text, 247 with this; of 238 texts without
a crisis that have several parts 8 more become alarms (the model before: 239 and 8; 246 and 15 at 0.2, 235 and 2 at 0.5).
"""

TRAINED = frozenset({"ar", "en", "es", "fil", "fr", "ht", "ko", "pt-BR", "ru", "so", "vi", "zh-Hans"})
"""Languages with examples in nlu_data; the others are understood through the embedding alone."""

SURE_STOP = 0.9
"""Least probability of `opt_out` that silences a family whose language has no examples: a wrong one cuts them off."""

WINDOWS = 6
"""Pieces of CUT characters of a long text that are searched for a crisis (a text has at most 1,600)."""

TABLE_INTENTS = (
    ("stop", "opt_out"), ("person", "talk_to_human"), ("start", "help"), ("help", "help"), ("menu", "help"),
    ("move", "change_conference"), ("confirm", "affirm"), ("yes", "affirm"), ("no", "deny"), ("none", "deny"),
    ("cancel", "deny"), ("thanks", "thank"), ("greeting", "greet"),
)  # fmt: skip
"""What a whole-message keyword says of the intent; the first that matches wins."""

_UNSURE = IntentGuess(FALLBACK, 0.0)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the tables, without any model, know of a text."""

    commands: frozenset[str]
    number: int | None
    language: str | None

    @property
    def silent(self) -> bool:
        return not (self.commands or self.number or self.language)


class Understander:
    """Understands one message at a time; safe to share between threads."""

    def __init__(
        self, classifier: IntentClassifier, lookups: Lookups, splitter: Splitter | None = None
    ) -> None:
        """`classifier` may fail in any way: tables, crisis words and requests to stop still work.

        Without a `splitter` every text is taken for one request.
        """
        self._classifier = classifier
        self._lookups = lookups
        self._splitter = splitter

    def understand(self, text: str, *, preferred: str) -> Utterance:
        """The message understood. Never raises; `preferred` is the family's stored language ("" when unknown).

        Order: cleaning, crisis words, whole-message tables, a plain request to stop, the crisis
        threshold, the model, its fallback.
        """
        cleaned = clean(text)
        seen = written_in(cleaned, preferred)
        blank = Utterance(cleaned, preferred or seen or "en", _UNSURE, written_in=seen, decision="fallback")
        blank = replace(blank, plainly_in=plainly_in(cleaned, preferred) if seen else None)
        tables = self._tables(cleaned, preferred)
        blank = replace(blank, commands=tables.commands - NUMBERS.keys(), number=tables.number)
        alarm = self._lookups.crises.find(cleaned)
        if tables.silent or alarm:
            return self._with_parts(self._by_model(blank, alarm=alarm is not None))
        return _by_table(blank, tables)

    def _with_parts(self, known: Utterance) -> Utterance:
        """The requests in it, where it holds several. A part that alarms by itself does so for the whole."""
        if self._splitter is None:
            return known
        blank = replace(known, ranking=(), vector=None, entities={}, commands=frozenset())
        found = read_parts(
            known, self._splitter, lambda text: self._by_model(replace(blank, text=text), alarm=False)
        )
        risk = max((one.read.intent.confidence for one in found if one.read.crisis), default=0.0)
        if risk >= PART_CRISIS:
            return _in_crisis(known, "model", risk)
        return replace(known, parts=requests_in(known, found)) if found else known

    def _tables(self, text: str, preferred: str) -> _Tables:
        lookups = self._lookups
        commands = lookups.commands(text, preferred)
        number = lookups.number(text, preferred)
        return _Tables(commands, number, lookups.language_named(text, whole=True))

    def _by_model(self, blank: Utterance, *, alarm: bool) -> Utterance:
        if wordless(blank.text) and not alarm:
            return blank
        stop = self._lookups.asks_to_stop(blank.text)
        if stop:
            blank = replace(blank, commands=blank.commands | {"stop"})
        try:
            parse = self._classifier.parse(blank.text)
            risk = self._risk(blank.text, parse)
        except BadModel:
            return _without_model(blank, alarm=alarm, stop=stop)
        except Exception as error:
            # Whatever breaks in a model must not keep an alarm or a STOP from being heard. Never the text: it is private.
            log.error("classifier_failed", classifier=self._classifier.name, error=type(error).__name__)
            return _without_model(blank, alarm=alarm, stop=stop)
        return self._decide(_with_parse(blank, parse), parse, risk, alarm=alarm, stop=stop)

    def _decide(self, known: Utterance, parse: Parse, risk: float, *, alarm: bool, stop: bool) -> Utterance:
        if alarm:
            return _in_crisis(known, "words", 1.0)
        if risk >= (SURE_CRISIS if stop else CRISIS_THRESHOLD):
            return _in_crisis(known, "model", risk)
        if stop:
            return replace(known, intent=IntentGuess("opt_out", 1.0), decision="table")
        intent = _UNSURE if _rash_stop(known, parse.intent) else parse.intent
        decision = "fallback" if intent.name == FALLBACK else "model"
        return replace(known, intent=intent, decision=decision, entities=self._entities(known, parse))

    def _entities(self, known: Utterance, parse: Parse) -> Mapping[str, str]:
        """A language named in a request for another language."""
        if "change_language" not in {guess.name for guess in parse.ranking[:3]}:
            return {}
        tag = self._lookups.language_named(known.text, whole=False)
        return {"language": tag} if tag else {}

    def _risk(self, text: str, parse: Parse) -> float:
        """The highest probability of crisis in any part of the text: a model reads only its first part."""
        parts = _pieces(text)[1:WINDOWS]
        return max(_share(found, "crisis") for found in (parse, *map(self._classifier.parse, parts)))


def as_rasa(utterance: Utterance) -> dict[str, Any]:
    """The decision as Rasa's parse result would show it; crisis and fallback included."""
    decided = utterance.intent
    rest = [guess for guess in utterance.ranking if guess.name != decided.name]
    return {
        "text": utterance.text,
        "intent": _plain(decided),
        "entities": [
            {"entity": name, "value": value, "extractor": "lookups"}
            for name, value in utterance.entities.items()
        ],
        "intent_ranking": [_plain(guess) for guess in (decided, *rest)],
    }


def _by_table(blank: Utterance, tables: _Tables) -> Utterance:
    # A word that is both (Vietnamese "dung") is an answer while a question is open, and else a STOP by its command.
    meant = tables.commands - {"stop"} if {"stop", "yes"} <= tables.commands else tables.commands
    intent = next((name for word, name in TABLE_INTENTS if word in meant), None)
    if tables.language and intent is None and tables.number is None:
        intent = "change_language"
    entities = {"language": tables.language} if tables.language else {}
    guess = IntentGuess(intent, 1.0) if intent else _UNSURE
    return replace(blank, intent=guess, decision="table", entities=entities)


def _with_parse(blank: Utterance, parse: Parse) -> Utterance:
    ranking = tuple(guess for guess in parse.ranking if guess.name != FALLBACK)
    return replace(blank, ranking=ranking, vector=parse.vector)


def _rash_stop(known: Utterance, intent: IntentGuess) -> bool:
    """A stop that only the model sees, in a language it was not trained in, and not very surely."""
    trained = (known.written_in or known.language) in TRAINED
    return intent.name == "opt_out" and not trained and intent.confidence < SURE_STOP


def _in_crisis(known: Utterance, why: str, confidence: float) -> Utterance:
    return replace(known, intent=IntentGuess("crisis", confidence), crisis=why, decision=f"crisis_{why}")


def _without_model(blank: Utterance, *, alarm: bool, stop: bool) -> Utterance:
    if alarm:
        return _in_crisis(blank, "words", 1.0)
    if stop:
        return replace(blank, intent=IntentGuess("opt_out", 1.0), decision="table")
    return replace(blank, decision="unavailable")


def _pieces(text: str) -> list[str]:
    """The text in parts of at most CUT characters, broken at spaces where there are any."""
    parts = []
    while len(text) > CUT:
        end = text.rfind(" ", CUT // 2, CUT)
        end = CUT if end < 0 else end
        parts.append(text[:end])
        text = text[end:].strip()
    return [*parts, text]


def _share(parse: Parse, name: str) -> float:
    return max((guess.confidence for guess in parse.ranking if guess.name == name), default=0.0)


def _plain(guess: IntentGuess) -> dict[str, Any]:
    return {"name": guess.name, "confidence": guess.confidence}
