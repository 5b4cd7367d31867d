"""Plays a transcript: a family's texts against the real flows, actions, tables and database; no network, no clock.

A transcript is one YAML file, `tests/flows/<flow>/<name>.<language>.yml`:

    about: what it shows
    phone: ANGEL                    # a name in tests/cast.py
    given: [reminded]               # what happened before (GIVEN below); nothing by default
    model: real                     # use the trained model; else each text's intent stands in the file
    turns:
      - parent: Quiero una cita con la maestra
        understood: book_conference # the intent; "nothing" (not sure) when it is missing
      - bot: [utter_ask_teacher]    # one message: the names of its phrases; other words as `= words`
        values: {child: Sofía}      # values that must be in it
        choices: [= Emma Washington, utter_choice_anybody]
        says: ¿Con quién            # part of the text as rendered, checked once the catalogue has the phrases
      - after: {cases: 1}           # what is true now (PROBES in tests/flows/world.py)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.actions.context import ActionContext
from bot.actions.registry import discover
from bot.conversation.engine import Engine
from bot.conversation.loading import load_flows
from bot.conversation.state import from_json, to_json
from bot.model.dialogue import Notice, Phrase, Say, Text, Verbatim
from bot.model.utterance import FALLBACK, IntentGuess, Parse
from bot.outbox.phrasebook import Phrasebook
from bot.school.family import facts_for
from bot.school.policy import Policy
from bot.storage.conversations import Conversation
from bot.storage.session import Database
from bot.understanding.lookups import load_lookups
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


class ToldIntent:
    """Port IntentClassifier that says what the transcript says."""

    name = "told"

    def __init__(self) -> None:
        self.intent: str | None = None

    def parse(self, text: str) -> Parse:
        """The intent told, quite sure; else not sure of anything."""
        guess = IntentGuess(self.intent, 0.95) if self.intent else IntentGuess(FALLBACK, 0.7)
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

    def hear(self, text: str, intent: str | None = None, *, opt_out: str | None = None) -> list[Say]:
        """One turn: what the line says to this text."""
        if isinstance(self.classifier, ToldIntent):
            self.classifier.intent = intent
        with self.database.write() as session:
            conversation = session.get_one(Conversation, self.conversation_id)
            turn = cast.say(session, conversation, text, self.clock.now(), opt_out=opt_out)
            understood = Understander(self.classifier, LOOKUPS).understand(
                text, preferred=conversation.language
            )
            context = ActionContext(session, conversation, turn, understood, {}, self.clock.now(), ZONE, POLICY,
                                    self.embedder)  # fmt: skip
            self.said = self._run(session, context)
            rendered = [PHRASES.render(say, conversation.language) for say in self.said]
            labels = list(rendered[-1].labels) if rendered else []
            conversation.state = {**conversation.state, "labels": labels}
        return self.said

    def _run(self, session: Session, context: ActionContext) -> list[Say]:
        engine, actions, conversation = Engine(FLOWS), discover(), context.conversation
        outcome = engine.advance(
            from_json(conversation.state), context.utterance, self._facts(session, conversation)
        )
        said = list(outcome.say)
        while outcome.act is not None:
            receipt = actions[outcome.act.name](replace(context, slots=outcome.state.slots))
            self.notices.extend(receipt.notices)
            outcome = engine.resume(outcome.state, receipt, self._facts(session, conversation))
            said.extend(outcome.say)
        conversation.state = to_json(outcome.state)
        return said

    def _facts(self, session: Session, conversation: Conversation) -> Mapping[str, Any]:
        labels = conversation.state.get("labels", []) if conversation.state else []
        facts = facts_for(session, conversation, self.clock.now())
        return {**facts, "district": POLICY.district, "choice_labels": json.dumps(labels)}

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
