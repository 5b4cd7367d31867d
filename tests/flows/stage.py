"""Plays a transcript: a family's texts against the real flows, actions, tables and database; no network, no clock.

A transcript is one YAML file, `tests/flows/<flow>/<name>.<language>.yml`:

    about: what it shows
    phone: ANGEL                    # a name in tests/cast.py
    language: ru                    # what the family has chosen to text in; the roster's by default
    given: [reminded]               # what happened before (GIVEN below); nothing by default
    spoken: [en, zh-Hans]           # languages of the bot's own phrases; those of a small district by default
    model: real                     # use the trained model; else each text's intent stands in the file
    turns:
      - parent: Quiero una cita con la maestra
        understood: book_conference # the intent; "nothing" (not sure) when it is missing
                                    # several requests: {their words: intent, other words: intent}
                                    # not clear, one of two: [intent, intent]
      - bot: [utter_ask_teacher]    # one message: the names of its phrases; other words as `= words`
        values: {child: Sofía}      # values that must be in it
        choices: [= Emma Washington, utter_choice_anybody]
        says: ¿Con quién            # part of the text as rendered, checked once the catalogue has the phrases
      - after: {cases: 1}           # what is true now (PROBES in tests/flows/world.py)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.registry import discover
from bot.conversation.engine import Engine
from bot.conversation.loading import load_flows
from bot.conversation.state import to_json
from bot.conversing import Conversing, Exchange
from bot.model.dialogue import Notice, Phrase, Say, Text, Verbatim
from bot.model.utterance import FALLBACK, IntentGuess, Parse
from bot.outbox.phrasebook import Phrasebook
from bot.school.language_offers import watch_language
from bot.school.policy import Policy
from bot.storage.conversations import Conversation
from bot.storage.session import Database
from bot.understanding.lookups import load_lookups
from bot.understanding.splitting import load_splitter
from bot.understanding.understand import Understander
from tests import cast, cast_world
from tests.conftest import FixedClock

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("America/Los_Angeles")
POLICY = Policy(
    district="Río Vista Unified School District", office_phone="+1 510 555 0100", on_call=("+15105550199",)
)
FLOWS = load_flows(ROOT / "flows", set(discover()))
PHRASES = Phrasebook(FLOWS.responses, ROOT / "bot" / "locales", ZONE)
LOOKUPS = load_lookups(ROOT / "nlu_data" / "lookups")
SPLITTER = load_splitter(ROOT / "nlu_data" / "joining.yml")
NO_QUEUE: Any = None
Told = str | Mapping[str, str] | list[str] | None


class ToldIntent:
    """Port IntentClassifier that says what the transcript says."""

    name = "told"

    def __init__(self) -> None:
        self.intent: Told = None

    def parse(self, text: str) -> Parse:
        """The intent told, quite sure; two that are equally likely; else not sure of anything."""
        if isinstance(self.intent, list):
            close = tuple(IntentGuess(name, 0.4) for name in self.intent)
            return Parse(IntentGuess(FALLBACK, 0.6), close)
        told = self.intent.get(text) if isinstance(self.intent, Mapping) else self.intent
        guess = IntentGuess(told, 0.95) if told else IntentGuess(FALLBACK, 0.7)
        return Parse(guess, (guess,))


@dataclass
class Stage:
    """One family's conversation as it goes on."""

    database: Database
    clock: FixedClock
    conversation_id: int
    classifier: Any = field(default_factory=ToldIntent)
    embedder: Any = field(default_factory=cast_world.ConceptEmbedder)
    said: list[Say] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    policy: Policy = POLICY

    def hear(self, text: str, intent: Told = None, *, opt_out: str | None = None) -> list[Say]:
        """One turn: what the line says to this text. `intent` of all of it, or of its parts by their words."""
        if isinstance(self.classifier, ToldIntent):
            self.classifier.intent = intent
        with self.database.write() as session:
            conversation = session.get_one(Conversation, self.conversation_id)
            turn = cast.say(session, conversation, text, self.clock.now(), opt_out=opt_out)
            splitter = None if isinstance(intent, (str, list)) else SPLITTER
            understood = Understander(self.classifier, LOOKUPS, splitter).understand(
                text, preferred=conversation.language
            )
            watch_language(conversation, understood, self.policy.spoken)
            exchange = Exchange(self._parts(), session, conversation, turn, understood)
            state = exchange.run()
            self.said = exchange.says
            self.notices.extend(exchange.notices)
            rendered = [PHRASES.render(say, conversation.language) for say in self.said]
            labels = list(rendered[-1].labels) if rendered else []
            conversation.state = {**to_json(state), "labels": labels}
        return self.said

    def _parts(self) -> Conversing:
        """The product's own conversing; only the queue is left out, because a transcript reads what is said."""
        return Conversing(Engine(FLOWS), discover(), NO_QUEUE, self.clock, ZONE, self.policy, self.embedder)

    def rendered(self, say: Say) -> tuple[str, bool]:
        """The text as the phone shows it, and whether every phrase of it exists in the family's language."""
        with self.database.read() as session:
            language = session.get_one(Conversation, self.conversation_id).language
        phrases = [
            phrase for text in (*say.texts, *(c.label for c in say.choices)) for phrase in _phrases(text)
        ]
        known = all(PHRASES.translate(PHRASES.english(phrase), language)[1] == language for phrase in phrases)
        return PHRASES.render(say, language).body, language == "en" or known


def describe(text: Text) -> str:
    """A text as transcripts name it: a phrase by its name, other words after `=`."""
    return text.name if isinstance(text, Phrase) else f"= {text.text}"


def values_of(say: Say) -> dict[str, str]:
    """All values of the phrases of a message, by name."""
    found: dict[str, str] = {}
    for text in (*say.texts, *(choice.label for choice in say.choices)):
        for phrase in _phrases(text):
            for name, value in phrase.values.items():
                found.setdefault(name, value.text if isinstance(value, Verbatim) else str(value))
    return found


def _phrases(text: Text) -> list[Phrase]:
    return [text] if isinstance(text, Phrase) else []
