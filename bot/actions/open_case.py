"""Hand the family's words to people: a case with an owner, a due time and a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.case_keeping import by_school, complete, name_all, unanswered
from bot.school.case_words import TOLD_IN, added_say, opened_say
from bot.school.cases import CaseRequest, add_message, open_case, renew, same_matter
from bot.school.said import children_asked
from bot.storage.cases import Case, find_by_reference
from bot.storage.people import Student

NAME = "action_open_case"


def run(context: ActionContext) -> Receipt:
    """Open a case of the kind in the slot `case_kind`, complete the one that was kept, or add to the one opened a
    moment ago. Several children make one case for each of their schools."""
    kind = context.text_slot("case_kind") or "person"
    groups = by_school(_children(context)) or [()]
    cases: list[Case] = []
    says: list[Say] = []
    for group in groups:
        request = context.case_request(kind, group[0] if group else None)
        kept = None if cases else _kept(context, request)
        case, added = _filed(context, request, kept)
        name_all(context.session, case, group, context.now)
        cases.append(case)
        says.append(added_say(case) if added else opened_say(case, named=request.guardian is not None))
    if kind == "person" and _left_unbooked(context):
        says[-1] = replace(says[-1], texts=(*says[-1].texts, Phrase("utter_not_booked")))
    return Receipt({"case_reference": cases[-1].reference}, tuple(says))


def _filed(context: ActionContext, request: CaseRequest, kept: Case | None) -> tuple[Case, bool]:
    """The case that has the words now; true when it is an earlier one and they were added."""
    session, now = context.session, context.now
    if kept is not None:
        case = complete(session, kept, request, context.promise, now)
        return case, case is not kept
    open_already = same_matter(session, request, now)
    if open_already is None:
        case = open_case(session, request, context.promise, now)
        session.refresh(case, ["owner"])
        return case, False
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


def _children(context: ActionContext) -> Sequence[Student]:
    """The children it is about: those chosen, else the only one. Never a child of somebody else."""
    children = context.family.children
    chosen = context.slots.get("about_child")
    if chosen is None:
        chosen = context.slots.get("child")
    if chosen is None and len(children) == 1:
        return children
    if chosen == "all":
        meant = children_asked(children, context.slots, absent=False).ids
        return [child for child in children if child.id in meant] or children
    keys = str(chosen).split(",")
    return [child for child in children if str(child.id) in keys]
