"""How the answer to an open question is read: first as one of its choices, then as a value of the slot's type."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.definitions import Slot
from bot.conversation.entries import value_fits
from bot.conversation.facts import CHOICE_LABELS
from bot.conversation.hearing import answers_first, asks_for_change, introduction, leading_answer
from bot.conversation.short_answers import is_brief, named_by, negates
from bot.conversation.texts import english, fold, near
from bot.conversation.walk import Walk
from bot.model.dialogue import Asking, Choice, SlotValue, Verbatim
from bot.model.utterance import Utterance

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_SMALL_TALK = frozenset({"greeting", "thanks", "more", "yes", "no", "none", "confirm", "move"})
_NOTHING = frozenset({"no", "none"})
_WAYS_OUT = frozenset({"more", "none"})
"""What stands below a list of things and is none of them: "the last one" is the one above."""

_ANSWERING = frozenset({"affirm", "change_language", "talk_to_human", "greet", "thank", "out_of_scope"})
"""What naming a language in answer to a question is often taken for."""

ANOTHER_WISH = 0.6
"""So sure, the model's guess of another request goes before it ("do you have anything after 5?" is a time, after all)."""

_UNLIKE = frozenset({"all", "nothing", "other"})
"""What may be meant by "the last one" or not: better asked."""
_ASIDE = re.compile(r"\([^)]*\)")
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
    answer = said_beside(slot, asking, utterance) or READERS[slot.type](slot, asking, utterance)
    return answer or (Answer(True) if yes_by_naming(slot, utterance) else None)


def said_beside(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    """What the slot's entity in the text says, where that may be an answer: "call me" is "By phone"."""
    said = utterance.entities.get(str(slot.from_entity))
    if said is None or slot.type not in ("text", "any", "categorical") or not _may_hold(slot, asking, said):
        return None
    return Answer(said)


def yes_by_naming(slot: Slot, utterance: Utterance) -> Mapping[str, SlotValue]:
    """What a few words name and so agree to, by the slot that keeps it: "Spanish" to "an interpreter?". Empty when they
    begin with a no, speak of a change, or surely ask for something else."""
    said, text = utterance.entities.get(str(slot.yes_by)), utterance.text
    if said is None or not is_brief(text) or negates(text) or asks_for_change(text):
        return {}
    if leading_answer(text) is False:
        return {}
    asks = utterance.intent.name not in _ANSWERING and utterance.intent.confidence >= ANOTHER_WISH
    return {} if asks else {slot.yes_kept_in: said}


def answers_plainly(walk: Walk, asking: Asking, utterance: Utterance) -> bool:
    """Whether a text, whatever else it may be taken for, says in a few words what a list offers ("a ride please"), or
    begins with a yes or no to what has only these and then speaks of a language ("no thanks, I speak English")."""
    slot = walk.flow_set.slots[asking.slot]
    if slot.type == "bool":
        if yes_by_naming(slot, utterance):
            return True
        said = leading_answer(utterance.text)
        alone = said is True or (said is False and answers_first(utterance.text))
        return alone and utterance.intent.name == "change_language"
    brief = bool(asking.choices) and is_brief(utterance.text)
    return brief and said_beside(slot, asking, utterance) is not None


def find_choice(walk: Walk, asking: Asking, utterance: Utterance) -> Choice | None:
    """The offered choice that is named by a digit, by its label (in English or as last shown), by a word for a
    number, by a command word, or by a part of its label; or the only one, when the answer is yes.

    A name goes before such words: Ba, Hai and May are names of children as well.
    """
    choices = asking.choices
    if not choices:
        return None
    if utterance.number is not None and any(sign.isdigit() for sign in utterance.text):
        return _numbered(choices, utterance.number)
    named = exact_choice(walk, asking, utterance)
    if named is not None:
        return named
    if utterance.number is not None:
        return _numbered(choices, utterance.number)
    return _by_command(choices, utterance) or _by_part(walk, choices, utterance) or _only(choices, utterance)


def exact_choice(walk: Walk, asking: Asking, utterance: Utterance) -> Choice | None:
    """The choice whose whole label the text is, with its accents or, failing that, without; digits count too."""
    if utterance.number is not None and any(sign.isdigit() for sign in utterance.text):
        return _numbered(asking.choices, utterance.number)
    said = fold(introduction(utterance.text) or utterance.text)
    shown = _shown(walk.facts, asking.choices)
    as_written = [(c, {_plain(label), _plain(english(c.label, walk.flow_set.responses))})
                  for c, label in zip(asking.choices, shown, strict=True)]  # fmt: skip
    bare = [(c, _names(c, label, walk)) for c, label in zip(asking.choices, shown, strict=True)]
    for text, labels in ((_plain(utterance.text), as_written), (said, bare)):
        found = [choice for choice, own in labels if text and text in own]
        if len(found) == 1:
            return found[0]
    return None


def _numbered(choices: Sequence[Choice], number: int) -> Choice | None:
    return choices[number - 1] if number <= len(choices) else None


def _by_command(choices: Sequence[Choice], utterance: Utterance) -> Choice | None:
    """A choice that stands for the command word itself; "no" and "nothing" are one, "another day" asks for more, and
    "the last one" is the last of the things offered."""
    words = set(utterance.commands)
    if "move" in words and "move" not in {choice.value for choice in choices}:
        words.add("more")
    if words & _NOTHING:
        words |= {*_NOTHING, "nothing"}
    things = [choice for choice in choices if choice.value not in _WAYS_OUT]
    if "last" in words and things and things[-1].value not in _UNLIKE:
        return things[-1]
    return next((c for c in choices if isinstance(c.value, str) and c.value in words), None)


def _by_part(walk: Walk, choices: Sequence[Choice], utterance: Utterance) -> Choice | None:
    """A choice named with a slip, or by a part of its name; the words in parentheses do not count.

    A command or the name of a language is never taken for a part of something.
    """
    said = fold(utterance.text)
    whole = [_names(c, label, walk) for c, label in zip(choices, _shown(walk.facts, choices), strict=True)]
    parts = [
        {fold(_ASIDE.sub(" ", label)) for label in (english(c.label, walk.flow_set.responses), shown)}
        for c, shown in zip(choices, _shown(walk.facts, choices), strict=True)
    ]
    slip = _single(choices, whole, lambda name: near(name, said))
    if slip is not None or not said or len(said) < _LEAST_NAME or _means_otherwise(utterance):
        return slip
    part = _single(choices, parts, lambda name: set(said.split()) <= set(name.split()))
    return part or _single(choices, parts, lambda name: named_by(utterance, name))


def _single(
    choices: Sequence[Choice], names: Sequence[set[str]], test: Callable[[str], bool]
) -> Choice | None:
    found = [choice for choice, own in zip(choices, names, strict=True) if any(map(test, own))]
    return found[0] if len(found) == 1 else None


def _means_otherwise(utterance: Utterance) -> bool:
    return (
        bool(utterance.commands)
        or "language" in utterance.entities
        or utterance.intent.name == "change_language"
    )


def _only(choices: Sequence[Choice], utterance: Utterance) -> Choice | None:
    """The one thing offered, when the answer to it is yes."""
    agrees = bool(utterance.commands & {"yes", "confirm"}) or utterance.intent.name == "affirm"
    return choices[0] if len(choices) == 1 and agrees else None


def _plain(text: str) -> str:
    """Small letters and single blanks, with accents."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .!")


def _names(choice: Choice, shown: str, walk: Walk) -> set[str]:
    value = choice.value.replace("_", " ") if isinstance(choice.value, str) else ""
    labels = (english(choice.label, walk.flow_set.responses), shown)
    return {fold(name) for name in (*labels, *(_ASIDE.sub(" ", label) for label in labels), value)} - {""}


def _shown(facts: Mapping[str, object], choices: Sequence[Choice]) -> Sequence[str]:
    """The labels as the family saw them; blanks when they do not belong to these choices."""
    written = facts.get(CHOICE_LABELS)
    try:
        labels = json.loads(written) if isinstance(written, str) else []
    except ValueError:
        labels = []
    fits = (
        isinstance(labels, list) and len(labels) == len(choices) and all(isinstance(x, str) for x in labels)
    )
    return labels if fits else [""] * len(choices)


def _may_hold(slot: Slot, asking: Asking, value: SlotValue) -> bool:
    if slot.type == "categorical":
        return value in (tuple(choice.value for choice in asking.choices) or slot.values)
    return slot.type == "text" or not asking.choices


def _read_text(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    """The whole text, unless it is a word with a meaning of its own, or a bare number."""
    if utterance.commands & _SMALL_TALK or utterance.number is not None:
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
    said = leading_answer(utterance.text)
    if said is not None:
        return Answer(said)
    if utterance.intent.name == "affirm" and asks_for_change(utterance.text):
        return None
    meant = {"affirm": Answer(True), "deny": Answer(False)}
    return meant.get(utterance.intent.name)


def _read_categorical(slot: Slot, asking: Asking, utterance: Utterance) -> Answer | None:
    said = fold(utterance.text)
    if slot.several:
        names = [(choice.value, choice.label) for choice in asking.choices]
        named = [
            str(value)
            for value, label in names
            if isinstance(label, Verbatim) and f" {fold(label.text)} " in f" {said} "
        ]
        return Answer(",".join(named)) if len(named) > 1 else None
    found = [
        value for value in slot.values if isinstance(value, str) and fold(value.replace("_", " ")) == said
    ]
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
