"""`collect`: ask for a slot and wait for the answer, unless it is filled already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.conversation.conditions import Condition
from bot.conversation.definitions import Flow, FlowSet, Step
from bot.conversation.entries import StepEntry
from bot.conversation.faults import unknown
from bot.conversation.own_actions import OWN_ACTIONS
from bot.conversation.patterns import correct
from bot.conversation.walk import Walk
from bot.conversation.wording import YES_NO, compose
from bot.conversation.wording_checks import brace_faults
from bot.model.dialogue import Asking, Receipt, Say, SlotValue, Text
from bot.model.errors import BadFlow
from bot.model.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer that will not do, and what is said to it."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True)
class Collect(Step):
    """A question. `corrects`: a "no" to it asks which of these answers is to be changed.

    `narrows`: slots that decide what is offered. Who asks for something else than that ("Tuesday?") fills those
    whose entities the text holds and empties the others, and the question is put again.

    `closing`: nothing is lost when it stays open, so another request simply ends its flow; of its message
    only the last text, the question itself, is repeated.
    """

    KIND = "collect"
    KEYS = frozenset({"ask_before_filling", "rejections", "skippable", "closing", "corrects", "narrows"})
    WAITS = True
    slot: str = ""
    ask_before_filling: bool = False
    skippable: bool = False
    closing: bool = False
    corrects: tuple[str, ...] = ()
    narrows: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()

    @classmethod
    def read(cls, entry: StepEntry) -> Collect:
        """`collect: slot`, with its options."""
        written = entry.entry
        return cls(
            entry.id,
            (),
            entry.place,
            slot=written.text("collect"),
            ask_before_filling=written.flag("ask_before_filling"),
            skippable=written.flag("skippable"),
            closing=written.flag("closing"),
            corrects=written.names("corrects"),
            narrows=written.names("narrows"),
            rejections=tuple(_read_rejections(entry)),
        )

    @property
    def fills(self) -> frozenset[str]:
        """The slot it asks for."""
        return frozenset({self.slot})

    @property
    def offers_by(self) -> frozenset[str]:
        """Those that an answer may fill instead."""
        return frozenset(self.narrows)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those of its rejections."""
        return tuple(rejection.condition for rejection in self.rejections)

    def enter(self, walk: Walk) -> None:
        """Ask, or go on if the answer is known, or known to be left out."""
        known = walk.slots.get(self.slot) is not None
        skipped = self.skippable and not known and self.id in walk.top.answered
        if self.ask_before_filling or not (known or skipped):
            self.ask(walk)
        elif not self._reject(walk):
            walk.follow(self)

    def ask(self, walk: Walk, *hints: str) -> None:
        """Ask, after these responses. They may speak of the answer that is no good, so they are worded first.

        A question that is still open is asked again as it was: an action might offer something else by now.
        """
        hint = compose(walk, *hints) if hints else None
        before = hint.texts if hint else ()
        walk.unset(self.slot)
        action = f"action_ask_{self.slot}"
        if walk.asking and walk.asking.slot == self.slot and walk.asking.question:
            walk.say(self._opened(walk, walk.asking.question, before))
        elif action in OWN_ACTIONS or action in walk.flow_set.actions:
            if hint:
                walk.say(hint)
            self._have_asked(walk, action)
        else:
            walk.say(self._opened(walk, compose(walk, f"utter_ask_{self.slot}"), before))

    def ask_again(self, walk: Walk) -> None:
        """Ask once more, because the answer was not understood."""
        if walk.asking is None:
            return
        hint = "utter_not_understood_choice" if walk.asking.choices else "utter_not_understood_answer"
        walk.asking = replace(walk.asking, misses=walk.asking.misses + 1)
        self.ask(walk, hint)

    def asked_for(self, walk: Walk, utterance: Utterance) -> Mapping[str, str]:
        """What a text says of that which decides what is offered, by slot."""
        sources = {slot: str(walk.flow_set.slots[slot].from_entity) for slot in self.narrows}
        return {
            slot: utterance.entities[name] for slot, name in sources.items() if name in utterance.entities
        }

    def narrow(self, walk: Walk, said: Mapping[str, str]) -> None:
        """Offer what the family asks for instead."""
        walk.asking, walk.misses = None, 0
        walk.unset(*self.narrows)
        walk.slots.update(said)
        self.ask(walk)

    def resume(self, walk: Walk, receipt: Receipt) -> None:
        """The question comes from an action; or the action knew the answer, and nothing is to be asked."""
        walk.slots.update(receipt.slots)
        if walk.slots.get(self.slot) is not None:
            walk.say(*receipt.say)
            walk.follow(self)
        elif receipt.say:
            *before, question = receipt.say
            walk.say(*before, self._opened(walk, question))
        else:
            raise BadFlow(f"action_ask_{self.slot} neither asked nor filled the slot `{self.slot}`")

    def accept(self, walk: Walk, value: SlotValue) -> None:
        """Take the family's answer (null: the question was skipped) and go on."""
        walk.asking, walk.misses = None, 0
        walk.slots[self.slot] = value
        if self._reject(walk):
            return
        if value is False and self.corrects:
            correct(walk, self.corrects)
            return
        walk.answered()
        walk.follow(self)

    def faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        """An unknown slot, a question or a response that is missing, answers that cannot be changed."""
        if self.slot not in known.slots:
            yield unknown("slot", self.slot, known.slots)
            return
        yield from self._question_faults(known, flow)
        for rejection in self.rejections:
            if rejection.utter not in known.responses:
                yield unknown("response", rejection.utter, known.responses)
            else:
                yield from brace_faults(known, flow, rejection.utter)
        yield from self._correction_faults(known, flow)
        yield from (unknown("slot", slot, known.slots) for slot in self.narrows if slot not in known.slots)

    def _have_asked(self, walk: Walk, action: str) -> None:
        if action not in OWN_ACTIONS:
            walk.await_action(action)
            return
        receipt = OWN_ACTIONS[action](walk)
        if receipt is not None:
            self.resume(walk, receipt)

    def _opened(self, walk: Walk, question: Say, before: tuple[Text, ...] = ()) -> Say:
        """The question, open from now on, after these texts. Every yes-or-no has its numbers, whoever worded it."""
        if not question.choices and walk.flow_set.slots[self.slot].type == "bool":
            question = replace(question, choices=YES_NO)
        misses = walk.asking.misses if walk.asking and walk.asking.slot == self.slot else 0
        kept = replace(question, texts=question.texts[-1:]) if self.closing else question
        walk.ask(Asking(self.slot, question.choices, misses, kept))
        return replace(question, texts=(*before, *question.texts))

    def _reject(self, walk: Walk) -> bool:
        context = walk.context
        for rejection in self.rejections:
            if rejection.condition.holds(walk.slots, context):
                self.ask(walk, rejection.utter)
                return True
        return False

    def _question_faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        question = f"utter_ask_{self.slot}"
        if {f"action_ask_{self.slot}"} & {*known.actions, *OWN_ACTIONS}:
            return
        if question in known.responses:
            yield from brace_faults(known, flow, question)
        else:
            yield f"no question: neither the response `{question}` nor the action `action_ask_{self.slot}` exists"

    def _correction_faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        if self.corrects and known.slots[self.slot].type != "bool":
            yield f"`corrects` needs a yes-or-no question, but the slot `{self.slot}` is {known.slots[self.slot].type}"
        for slot in self.corrects:
            if slot not in known.slots:
                yield unknown("slot", slot, known.slots)
            elif slot not in known.fills.get(flow.id, ()):
                yield f"`corrects` names the slot `{slot}`, which this flow does not collect"
            elif not known.slots[slot].label:
                yield f"`corrects` names the slot `{slot}`, which has no `label` to offer it by"


def _read_rejections(entry: StepEntry) -> Iterator[Rejection]:
    for part in entry.entry.parts("rejections", "if/utter"):
        part.allow(("if", "utter"), "a rejection")
        condition = part.condition("if")
        if "if" not in part.raw or "utter" not in part.raw:
            part.fault("a rejection needs `if` and `utter`")
        elif condition is not None:
            yield Rejection(condition, part.text("utter"))


STEP = Collect
