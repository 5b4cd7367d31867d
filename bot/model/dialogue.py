"""The values of a conversation: what is said, what is remembered, what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

SlotValue = str | int | float | bool | None
"""Slots hold plain values only, so that a state is JSON. Lists are not slot values: keep ids in text."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the bot's own, by response name (`utter_…`). Never machine-translated.

    `values` fill the braces; dates, times and numbers are written in the reader's own way.
    `language` is set where a phrase is to be read in another language than the rest ("Shall I write in …?").
    """

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text that is the same in every language: names, addresses, references, links, numbers."""

    text: str


@dataclass(frozen=True, slots=True)
class PersonText:
    """What a person wrote, in `language`: passes the translators on its way to a reader of another language.

    `kept` holds human translations by language tag (they win over any provider);
    `pending` names those of them that no native speaker has checked yet.
    """

    text: str
    language: str
    kept: Mapping[str, str] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()


Text = Phrase | Verbatim | PersonText
Value = Phrase | Verbatim | PersonText | str | int | Decimal | date | datetime | time


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered answer: what it stands for and how it reads."""

    value: SlotValue
    label: Text


@dataclass(frozen=True, slots=True)
class Say:
    """Effect: these texts, joined by line breaks, go to the family as one message, choices numbered below.

    `kind` is the delivery's: "reply", or "consent" and "crisis", which leave even after a STOP.
    """

    texts: tuple[Text, ...]
    choices: tuple[Choice, ...] = ()
    kind: str = "reply"


@dataclass(frozen=True, slots=True)
class Act:
    """Effect: run this action and resume the conversation with its receipt."""

    name: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A text to somebody else than the one who wrote: an alert to the staff member on call."""

    channel: str
    recipient: str
    say: Say
    language: str = "en"
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an action did: slots it sets, what is to be said, and who else is to be told.

    An `action_ask_<slot>` puts its question, with choices, last in `say`.
    """

    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    say: tuple[Say, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """The question that is open: which slot, which choices were offered, how often it was asked in vain.

    `question` is the message that asked, so that it can be asked again in the same words with the same choices.
    """

    slot: str
    choices: tuple[Choice, ...] = ()
    misses: int = 0
    question: Say | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow under way: where it stands (a step's id inside the flow) and how it was entered.

    `answered` names the questions answered so far, in order: the way `back` goes.
    """

    flow: str
    step: str
    entered_by: str = (
        "trigger"  # trigger | link | call | pattern | cancel (a pattern that gave up the flow beneath)
    )
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One of several requests of a text: what is wanted, the flow that serves it, its own words and the `whole` text."""

    intent: str
    flow: str
    text: str
    whole: str
    entities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DialogueState:
    """All that a conversation remembers between turns. The top of the stack is last.

    `waiting` are requests that came in one text with others and are not taken up yet, the next one first.
    `misses` counts the turns in a row that were not understood. `steps` counts the steps of this turn
    over all its actions, so that no loop of actions is endless; it is not kept between turns.
    """

    stack: tuple[Frame, ...] = ()
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    asking: Asking | None = None
    misses: int = 0
    last_said: tuple[Say, ...] = ()
    steps: int = 0
    waiting: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """Where the conversation stands now and what is to be done.

    `act` is set when the engine waits for an action's receipt; otherwise the turn is over.
    `trail` names the flows and steps passed (for the simulator, the log and tests).
    """

    state: DialogueState
    say: tuple[Say, ...] = ()
    act: Act | None = None
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """A response as its flow file gives it: the English text and, for buttons, their titles and values."""

    name: str
    text: str
    buttons: tuple[tuple[str, SlotValue], ...] = ()
    file: str = ""
    comment: str = ""
