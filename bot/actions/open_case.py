"""Hand the family's words to people: a case with an owner, a due time and a reference."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt
from bot.school.case_words import added_say, collected_words, opened_say
from bot.school.cases import CaseRequest, add_message, open_case, renew, same_matter
from bot.storage.people import Student

NAME = "action_open_case"


def run(context: ActionContext) -> Receipt:
    """Open a case of the kind in the slot `case_kind`, or add to the one opened a moment ago."""
    kind = context.text_slot("case_kind") or "person"
    family = context.family
    words = collected_words(kind, context.slots, context.turn.message.body)
    student = _student(context)
    request = CaseRequest(kind, words, context.conversation, context.turn, family.speaker, student)
    open_already = same_matter(context.session, request, context.now)
    if open_already is not None:
        add_message(context.session, open_already, words, context.turn, context.now)
        renew(context.session, open_already, context.promise, context.now)
        return Receipt({"case_reference": open_already.reference}, (added_say(open_already),))
    case = open_case(context.session, request, context.promise, context.now)
    context.session.refresh(case, ["owner"])
    said = opened_say(case, named=family.speaker is not None)
    if kind == "person" and _left_unbooked(context):
        said = replace(said, texts=(*said.texts, Phrase("utter_not_booked")))
    return Receipt({"case_reference": case.reference}, (said,))


def _left_unbooked(context: ActionContext) -> bool:
    """Whether a booking was under way when the family asked for a person, and came to nothing."""
    begun = [
        value for name in ("child", "teacher", "opening") if (value := context.slots.get(name)) is not None
    ]
    by_office = {"none", "none_left"} & {value for value in begun if isinstance(value, str)}
    return bool(begun) and not by_office and context.slots.get("booked") != "yes"


def _student(context: ActionContext) -> Student | None:
    """The child it is about: the one chosen, else the only one. Never a child of somebody else."""
    children = context.family.children
    chosen = context.slots.get("about_child")
    if chosen is None:
        chosen = context.slots.get("child")
    if chosen is None and len(children) == 1:
        return children[0]
    return next((child for child in children if child.id == chosen), None)
