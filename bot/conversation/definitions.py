"""What the flow files define, typed and frozen: flows, their steps, slots and responses."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from bot.conversation.conditions import Condition
from bot.conversation.faults import Place
from bot.model.dialogue import Receipt, Response, SlotValue

if TYPE_CHECKING:
    from bot.conversation.entries import StepEntry
    from bot.conversation.walk import Walk

END = "END"
SLOT_TYPES = ("text", "bool", "categorical", "int", "float", "any")
BRACE = re.compile(r"\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that flows collect.

    `values`: what a categorical slot may hold (empty: whatever its choices offer).
    `from_entity`: filled from this entity of an utterance. `from_trigger`: filled with the text that
    started the flow. `label`: how the bot names it when an earlier answer is to be changed.
    `several`: an answer may name several of the choices; the slot then holds their values with commas between.
    `gives_way_to`: intents that, when quite sure, are no answer to the question for this text, but a request.
    `yes_by`: an entity that makes an answer a yes by being named ("Spanish" to "an interpreter?"); the slot
    `yes_kept_in` keeps it.
    """

    name: str
    type: str = "text"
    values: tuple[SlotValue, ...] = ()
    initial: SlotValue = None
    from_entity: str | None = None
    from_trigger: bool = False
    label: str | None = None
    gives_way_to: tuple[str, ...] = ()
    several: bool = False
    yes_by: str | None = None
    yes_kept_in: str = ""
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a flow: an intent (at `threshold` or more; None: whenever it is sure) or a keyword."""

    kind: str  # intent | keyword
    name: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on from a step. `condition` None: in any (other) case. `target`: a step id or END."""

    condition: Condition | None
    target: str


@dataclass(frozen=True, slots=True)
class Step(ABC):
    """One step of a flow. Each kind is a class of its own in steps/; `next` is never empty."""

    KIND: ClassVar[str]
    KEYS: ClassVar[frozenset[str]] = frozenset()  # besides the kind itself, `id`, `next` and `description`
    WAITS: ClassVar[bool] = False  # it may wait for the family's answer
    LEAVES: ClassVar[bool] = False  # it never goes on to a next step

    id: str
    next: tuple[Branch, ...]
    place: Place

    @classmethod
    @abstractmethod
    def read(cls, entry: StepEntry) -> Step:
        """The step that a file's entry describes; what is wrong with it is noted at the entry."""

    @classmethod
    def label(cls, value: object) -> str:
        """The id of a step that has none of its own."""
        return f"{cls.KIND}_{value}" if isinstance(value, str) and value else cls.KIND

    @abstractmethod
    def enter(self, walk: Walk) -> None:
        """Do what the step does, and move the walk on, or let it wait."""

    def resume(self, walk: Walk, receipt: Receipt) -> None:
        """Go on with the receipt of the action that this step asked for."""
        raise NotImplementedError(f"a {self.KIND} step asks for no action")

    def faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        """What is wrong with it, seen beside everything else that is defined."""
        return iter(())

    @property
    def fills(self) -> frozenset[str]:
        """Slots it sets."""
        return frozenset()

    @property
    def offers_by(self) -> frozenset[str]:
        """Slots that decide what it offers."""
        return frozenset()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Conditions it reads, besides those of `next`."""
        return ()

    @property
    def starts(self) -> str | None:
        """The flow it starts, if it starts one."""
        return None


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation: how it starts and its steps, in the order they stand. The first is where it begins."""

    id: str
    name: str
    description: str
    steps: Mapping[str, Step]
    triggers: tuple[Trigger, ...] = ()
    guard: Condition | None = None
    persisted: frozenset[str] = frozenset()
    place: Place = Place("")

    @property
    def first(self) -> str:
        """The id of the step it begins with; END for a flow without steps."""
        return next(iter(self.steps), END)

    @property
    def is_pattern(self) -> bool:
        """Whether it is one of the conversation's own repairs."""
        return self.id.startswith("pattern_")


@dataclass(frozen=True, slots=True)
class FlowSet:
    """Everything defined in a folder of flows, checked."""

    flows: Mapping[str, Flow]
    slots: Mapping[str, Slot]
    responses: Mapping[str, Response]
    actions: frozenset[str] = frozenset()
    fills: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by flow, its called flows included
    keeps: Mapping[str, frozenset[str]] = field(default_factory=dict)  # persisted slots, the same
    asking: frozenset[str] = frozenset()  # flows that may ask something


def flow_name(flow: str) -> str:
    """The response that holds a flow's `name`, so that it is translated like every other phrase."""
    return f"flow_name_{flow}"


def slot_label(slot: str) -> str:
    """The response that holds a slot's `label`."""
    return f"slot_label_{slot}"


def button_label(response: str, number: int) -> str:
    """The response that holds the title of a response's button (counted from 1)."""
    return f"{response}.{number}"
