"""`action`: say a response (`utter_…`) or have an action run (`action_…`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.conversation.definitions import Flow, FlowSet, Step
from bot.conversation.entries import StepEntry
from bot.conversation.faults import unknown
from bot.conversation.own_actions import OWN_ACTIONS
from bot.conversation.walk import Walk
from bot.conversation.wording_checks import brace_faults
from bot.model.dialogue import Receipt


@dataclass(frozen=True, slots=True)
class Action(Step):
    """Say or do one thing."""

    KIND = "action"
    name: str = ""

    @classmethod
    def read(cls, entry: StepEntry) -> Action:
        """`action: name`."""
        return cls(entry.id, (), entry.place, entry.entry.text("action"))

    @classmethod
    def label(cls, value: object) -> str:
        """The action's own name tells enough."""
        return value if isinstance(value, str) and value else cls.KIND

    def enter(self, walk: Walk) -> None:
        """Say the response, run the engine's own action, or wait for the caller to run another."""
        if self.name.startswith("utter_"):
            walk.utter(self.name)
            walk.follow(self)
        elif self.name in OWN_ACTIONS:
            receipt = OWN_ACTIONS[self.name](walk)
            if receipt is not None:
                self.resume(walk, receipt)
        else:
            walk.await_action(self.name)

    def resume(self, walk: Walk, receipt: Receipt) -> None:
        """Keep and say what the action brought, then go on."""
        walk.slots.update(receipt.slots)
        walk.say(*receipt.say)
        walk.follow(self)

    def faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        """An unknown response or action; a brace that nothing fills."""
        if self.name.startswith("utter_"):
            if self.name not in known.responses:
                yield unknown("response", self.name, known.responses)
            else:
                yield from brace_faults(known, flow, self.name)
                if known.responses[self.name].buttons:
                    yield f"the response `{self.name}` has buttons but asks nothing: collect a slot with it"
        elif self.name not in known.actions and self.name not in OWN_ACTIONS:
            yield unknown("action", self.name, (*known.actions, *OWN_ACTIONS))


STEP = Action
