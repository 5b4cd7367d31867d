"""A family texting with the engine: hand-written understanding and actions, the real patterns, small flows."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from bot.conversation.definitions import FlowSet
from bot.conversation.engine import Engine
from bot.conversation.loading import load_flows
from bot.conversation.state import from_json, to_json
from bot.conversation.texts import english
from bot.model.dialogue import Choice, DialogueState, Phrase, Receipt, Say, SlotValue, Verbatim
from bot.model.utterance import FALLBACK, IntentGuess, Utterance

HERE = Path(__file__).parent
PATTERNS = HERE.parents[1] / "flows" / "patterns.yml"

FACTS: Mapping[str, SlotValue] = {
    "contact_known": True, "shared_line": False, "speaker_known": True, "guardians_count": 1, "children_count": 2,
    "with_staff": False, "opted_out": False, "appointments_count": 0, "reminded_appointment": None,
    "language": "en", "channel": "sms", "mode": "production", "district": "Elm District", "choice_labels": "[]",
}  # fmt: skip
WORDS = {
    "hello": "greeting", "ok": "yes", "c": "letter_c", "nothing": "none", "talk to a person": "person",
}  # fmt: skip
NUMBERS = {"one": 1, "the first": 1, "uno": 1, "two": 2, "three": 3}
COMMANDS = frozenset(
    "stop start help menu cancel back person repeat more skip yes no none confirm move thanks".split()
)


def ask_child(slots: Mapping[str, SlotValue]) -> Receipt:
    """Two children, by name."""
    choices = (Choice(11, Verbatim("Ana López (grade 3)")), Choice(12, Verbatim("Luis López (grade 7)")))
    return Receipt(say=(Say((Phrase("utter_ask_child"),), choices),))


def search(slots: Mapping[str, SlotValue]) -> Receipt:
    """One more service."""
    number = int(slots.get("number") or 0) + 1
    return Receipt({"number": number}, (Say((Phrase("utter_found", {"number": number}),)),))


def ask_found(slots: Mapping[str, SlotValue]) -> Receipt:
    """More, or enough?"""
    choices = (Choice("more", Phrase("utter_more")), Choice("enough", Phrase("utter_enough")))
    return Receipt(say=(Say((Verbatim("?"),), choices),))


def saying(name: str, kind: str = "reply") -> Callable[[Mapping[str, SlotValue]], Receipt]:
    """An action that says one response."""
    return lambda slots: Receipt(say=(Say((Phrase(name),), kind=kind),))


def open_case(slots: Mapping[str, SlotValue]) -> Receipt:
    """Names the kind, and the words if there are any."""
    return Receipt(say=(Say((Verbatim(f"case {slots.get('case_kind')}: {slots.get('concern')}"),)),))


ACTIONS: Mapping[str, Callable[[Mapping[str, SlotValue]], Receipt]] = {
    "action_answer": lambda slots: Receipt(say=(Say((Verbatim(f"answer to: {slots.get('question')}"),)),)),
    "action_ask_child": ask_child,
    "action_ask_found": ask_found,
    "action_search": search,
    "action_book": saying("utter_booked"),
    "action_open_case": open_case,
    "action_raise_crisis": saying("utter_crisis", "crisis"),
    "action_stop_messages": saying("utter_stopped", "consent"),
    "action_start_messages": saying("utter_started", "consent"),
    "action_note_for_staff": lambda slots: Receipt(),
    "action_return_to_bot": lambda slots: Receipt(),
    "action_keep_last_words": lambda slots: Receipt(),
    "action_leave_words": lambda slots: Receipt(),
    "action_add_to_case": lambda slots: Receipt({"added_to_case": False}),
    "action_answer_question": lambda slots: Receipt({"found": "none"}),
    "action_hear_speaker": saying("utter_hello"),
    "action_ask_switch_language": lambda slots: Receipt(say=(Say((Verbatim("write in Soomaali?"),)),)),
    "action_switch_language": lambda slots: Receipt(say=(Say((Verbatim("now in Soomaali"),)),)),
}


def load_with(*files: Path) -> FlowSet:
    """The patterns, the small flows and these files, as one folder."""
    with tempfile.TemporaryDirectory() as folder:
        flows = Path(folder) / "flows"
        flows.mkdir()
        for file in (PATTERNS, HERE / "flows" / "school.yml", *files):
            shutil.copy(file, flows)
        return load_flows(flows, ACTIONS)


@cache
def small_flows() -> FlowSet:
    """What most tests talk to."""
    return load_with()


def understand(text: str, intent: str = FALLBACK, confidence: float = 0.9, **more: object) -> Utterance:
    """What the understanding stage would make of a text."""
    word = text.strip().casefold()
    commands = {WORDS[word]} if word in WORDS else COMMANDS & {word}
    number = int(word) if word.isdecimal() and 0 < int(word) < 10 else NUMBERS.get(word)
    utterance = Utterance(
        text, "en", IntentGuess(intent, confidence), commands=frozenset(commands), number=number
    )
    return replace(utterance, **more)  # type: ignore[arg-type]


@dataclass
class Talk:
    """One line's conversation. The state passes through JSON after every turn, as it does in a database."""

    flow_set: FlowSet = field(default_factory=small_flows)
    state: DialogueState = field(default_factory=DialogueState)
    facts: dict[str, SlotValue] = field(default_factory=lambda: dict(FACTS))
    says: list[Say] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def send(self, text: str, intent: str = FALLBACK, confidence: float = 0.9, **more: object) -> str:
        """Text the bot; its messages, one a line, choices in brackets."""
        return self.take(understand(text, intent, confidence, **more))

    def take(self, utterance: Utterance) -> str:
        """One turn."""
        engine = Engine(self.flow_set)
        outcome = engine.advance(self.state, utterance, self.facts)
        self.says, self.trail, self.done = list(outcome.say), list(outcome.trail), []
        while outcome.act is not None:
            assert len(self.done) < 60, "the turn does not end"
            self.done.append(outcome.act.name)
            outcome = engine.resume(outcome.state, ACTIONS[outcome.act.name](outcome.state.slots), self.facts)
            self.says += outcome.say
            self.trail += outcome.trail
        self.state = from_json(json.loads(json.dumps(to_json(outcome.state))))
        assert self.state == replace(outcome.state, steps=0)
        return self.heard()

    def heard(self) -> str:
        """The last turn's messages as the family reads them in English."""
        return "\n".join(self.read(say) for say in self.says)

    def read(self, say: Say) -> str:
        """One message as a line."""
        texts = " ".join(english(text, self.flow_set.responses) for text in say.texts)
        labels = [english(choice.label, self.flow_set.responses) for choice in say.choices]
        return f"{texts} [{' | '.join(labels)}]" if labels else texts

    @property
    def flows(self) -> list[str]:
        """What runs, the top last."""
        return [frame.flow for frame in self.state.stack]
