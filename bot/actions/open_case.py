"""Hand the family's words to people: a case with an owner, a due time and a reference."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt
from bot.school.case_keeping import complete, unanswered
from bot.school.case_words import TOLD_IN, added_say, opened_say
from bot.school.cases import CaseRequest, add_message, open_case, renew, same_matter
from bot.storage.cases import Case, find_by_reference
from bot.storage.people import Student

NAME = "action_open_case"


def run(context: ActionContext) -> Receipt:
    """Open a case of the kind in the slot `case_kind`, complete the one that was kept, or add to the one opened a
    moment ago."""
    kind = context.text_slot("case_kind") or "person"
    session, now = context.session, context.now
    request = context.case_request(kind, _student(context))
    kept = _kept(context, request)
    if kept is not None:
        case = complete(session, kept, request, context.promise, now)
        added = case is not kept
    else:
        case, added = _opened(context, request)
    if added:
        return Receipt({"case_reference": case.reference}, (added_say(case),))
    session.refresh(case, ["owner"])
    said = opened_say(case, named=request.guardian is not None)
    if kind == "person" and _left_unbooked(context):
        said = replace(said, texts=(*said.texts, Phrase("utter_not_booked")))
    return Receipt({"case_reference": case.reference}, (said,))


def _opened(context: ActionContext, request: CaseRequest) -> tuple[Case, bool]:
    """A new case, or (true) the one of a moment ago, with the words added."""
    session, now = context.session, context.now
    open_already = same_matter(session, request, now)
    if open_already is None:
        return open_case(session, request, context.promise, now), False
    add_message(session, open_already, request.words, context.turn, now)
    renew(session, open_already, context.promise, now)
    return open_already, True


def _kept(context: ActionContext, request: CaseRequest) -> Case | None:
    """The case that has held the words since more was asked. Who asks for a person may be in the middle of that."""
    person = request.kind == "person"
    slots = set(TOLD_IN.values()) if person else {TOLD_IN.get(request.kind, "")}
    references = [kept for slot in slots if (kept := context.text_slot(f"{slot}_kept"))]
    cases = [case for kept in references if (case := find_by_reference(context.session, kept)) is not None]
    latest = max(cases, key=lambda case: case.id, default=None)
    return latest or unanswered(context.session, request, context.now)


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
