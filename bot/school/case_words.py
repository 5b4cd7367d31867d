"""What a family is told about its case, and what it said."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model.dialogue import Phrase, Say, SlotValue, Value, Verbatim
from bot.school.cases import owner_name
from bot.storage.cases import Case

ENOUGH_WORDS = 6
ENOUGH_SIGNS = 9
"""A message this long says what it is about; in scripts without blanks its signs are counted."""

WORDS_IN: Mapping[str, tuple[str, ...]] = {
    "question": ("need_text", "asked_words", "question"),
    "concern": ("opening_words", "concern"),
    "person": ("request", "need_text", "question", "opening_words", "concern", "message"),
}
"""Which slots hold the family's words, by kind of case; of all other kinds `message` does."""


def says_enough(text: str) -> bool:
    """Whether somebody could act on a message as it stands ("I have a concern" says too little)."""
    words = text.split()
    joined_up = sum(1 for sign in text if "\u0e00" <= sign <= "\u0eff" or "\u3040" <= sign <= "\ud7ff")
    return len(words) >= ENOUGH_WORDS or joined_up >= ENOUGH_SIGNS


def keep_too_little(slot: str, said: str | None) -> dict[str, SlotValue]:
    """The slots to set: where too little was said, it is kept as `opening_words` and `slot` is to be asked for."""
    if said is None or says_enough(said):
        return {}
    return {slot: None, "opening_words": said}


def collected_words(kind: str, slots: Mapping[str, SlotValue], message: str) -> str:
    """The family's own words for a case: what its flow collected, else the message itself.

    Somebody who asks for a person in the middle of something takes along what was said before.
    """
    names = WORDS_IN.get(kind, ("opening_words", "message"))
    found = [value for name in names if isinstance(value := slots.get(name), str) and value.strip()]
    if kind == "person" or not found:
        found.append(message)
    return "\n".join(dict.fromkeys(found))


def opened_say(case: Case, *, named: bool) -> Say:
    """The case is open: who answers, by when, under which reference.

    `named`: the line belongs to a family on file, which may know the owner's name.
    """
    topic = case.kind if case.kind in {"question", "person", "concern"} else "other"
    owner = owner_name(case.owner) if named else None
    values: dict[str, Value] = {"owner": Verbatim(owner)} if owner else {}
    whose = "owner" if owner else "office"
    return Say((Phrase(f"utter_case_{topic}_{whose}", {**values, **_facts(case)}),))


def added_say(case: Case) -> Say:
    """More was said on a case that is open already."""
    return Say((Phrase("utter_case_added", _facts(case)),))


def _facts(case: Case) -> dict[str, Value]:
    return {"reference": Verbatim(case.reference), "due_at": case.due_at}
