"""How the answer to an open question is read: first as one of its choices, then as a value of the slot's type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.definitions import Slot
from bot.conversation.entries import value_fits
from bot.conversation.facts import CHOICE_LABELS
from bot.conversation.texts import english, fold, near
from bot.conversation.walk import Walk
from bot.model.dialogue import Asking, Choice, SlotValue
from bot.model.utterance import Utterance

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_SMALL_TALK = frozenset({"greeting", "thanks", "more", "yes", "no", "none", "confirm", "move"})
_LEAST_NAME = 2  # letters that name a choice by a part of its label ("Al" for "Al Green")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the family answered."""

    value: SlotValue


def read_answer(walk: Walk, asking: Asking, utterance: Utterance) -> Answer | None:
    """The answer to the open question, or None if the utterance is none."""
    choice = find_choice(walk, asking, utterance)
    if choice is not None:
        return Answer(choice.value)
    slot = walk.flow_set.slots[asking.slot]
    if slot.from_entity in utterance.entities:
        said = utterance.entities[str(slot.from_entity)]
        if slot.type in ("text", "any", "categorical") and _may_hold(slot, asking, said):
            return Answer(said)
    return READERS[slot.type](slot, asking, utterance)


def find_choice(walk: Walk, asking: Asking, utterance: Utterance) -> Choice | None:
    """The offered choice that is named by number, by a command word, or by its label in English or as last shown."""
    choices = asking.choices
    if utterance.number is not None:
        return choices[utterance.number - 1] if utterance.number <= len(choices) else None
    by_word = next((c for c in choices if c.value in utterance.commands and isinstance(c.value, str)), None)
    return by_word or _by_label(walk, choices, utterance.text)


def _by_label(walk: Walk, choices: Sequence[Choice], text: str) -> Choice | None:
    said = fold(text)
    if not said:
        return None
    names = [_names(choice, shown, walk) for choice, shown in zip(choices, _shown(walk.facts, choices), strict=True)]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name == said,
        lambda name: near(name, said),
        lambda name: len(said) >= _LEAST_NAME and set(said.split()) <= set(name.split()),
    )
    for test in tests:
        found = [choice for choice, own in zip(choices, names, strict=True) if any(map(test, own))]
        if len(found) == 1:
            return found[0]
    return None


def _names(choice: Choice, shown: str, walk: Walk) -> set[str]:
    value = choice.value.replace("_", " ") if isinstance(choice.value, str) else ""
    return {fold(name) for name in (english(choice.label, walk.flow_set.responses), shown, value)} - {""}


def _shown(facts: Mapping[str, object], choices: Sequence[Choice]) -> Sequence[str]:
    """The labels as the family saw them; blanks when they do not belong to these choices."""
    written = facts.get(CHOICE_LABELS)
    try:
        labels = json.loads(written) if isinstance(written, str) else []
    except ValueError:
        labels = []
    fits = isinstance(labels, list) and len(labels) == len(choices) and all(isinstance(x, str) for x in labels)
    return labels if fits else [""] * len(choices)


def _may_hold(slot: Slot, asking: Asking, value: SlotValue) -> bool:
    if slot.type == "categorical":
        known = slot.values or tuple(choice.value for choice in asking.choices)
        return value in known
    return slot.type == "text" or not asking.choices


def _read_text(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    """The whole text, unless it is a word with a meaning of its own, or a number that was not offered."""
    if utterance.commands & _SMALL_TALK or (asking.choices and utterance.number is not None):
        return None
    return Answer(utterance.text)


def _read_any(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    """Like text where nothing was offered; else only what was offered."""
    return None if asking.choices else _read_text(slot, asking, utterance)


def _read_bool(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    if utterance.commands & {"yes", "confirm"}:
        return Answer(True)
    if utterance.commands & {"no", "none"}:
        return Answer(False)
    meant = {"affirm": Answer(True), "deny": Answer(False)}
    return meant.get(utterance.intent.name)


def _read_categorical(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    said = fold(utterance.text)
    found = [value for value in slot.values if isinstance(value, str) and fold(value.replace("_", " ")) == said]
    return Answer(found[0]) if found else None


def _read_number(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    """The one number in the text; the contrary of a choice out of range, when there were choices."""
    found = _NUMBER.findall(utterance.text)
    if asking.choices or len(found) > 1:
        return None
    value: SlotValue = utterance.number
    if found:
        number = float(found[0].replace(",", "."))
        value = int(number) if number.is_integer() else number
    return Answer(value) if value is not None and value_fits(value, slot.type) else None


READERS: Mapping[str, Callable[[Slot, Asking, Utterance], Answer | None]] = {
    "text": _read_text,
    "any": _read_any,
    "bool": _read_bool,
    "categorical": _read_categorical,
    "int": _read_number,
    "float": _read_number,
}
