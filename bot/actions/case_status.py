"""Say how a family's own cases stand."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Value, Verbatim
from bot.school.cases import owner_name
from bot.school.references import find_reference
from bot.storage.cases import Case, find_by_reference, list_own

NAME = "action_case_status"
AT_MOST = 3


def run(context: ActionContext) -> Receipt:
    """The case whose reference stands in the message, if it is theirs; else their latest three open ones.

    Of other people's cases not even the existence is told.
    """
    speaker = context.family.speaker
    own = list_own(context.session, speaker.id if speaker else None, context.conversation.id, AT_MOST)
    reference = find_reference(context.text_slot("status_text") or context.utterance.text)
    if reference is not None:
        case = find_by_reference(context.session, reference)
        own = [case] if case is not None and _is_theirs(context, case) else []
    if not own:
        return Receipt({"cases_found": 0}, (Say((Phrase("utter_no_open_case"),)),))
    says = tuple(Say((_line(context, case, named=speaker is not None),)) for case in own)
    return Receipt({"cases_found": len(says)}, says)


def _is_theirs(context: ActionContext, case: Case) -> bool:
    speaker = context.family.speaker
    if case.guardian_id is not None:
        return speaker is not None and case.guardian_id == speaker.id
    return case.conversation_id == context.conversation.id


def _line(context: ActionContext, case: Case, *, named: bool) -> Phrase:
    values: dict[str, Value] = {
        "reference": Verbatim(case.reference),
        "opened_on": case.opened_at.astimezone(context.zone).date(),
    }
    if case.status != "open":
        return Phrase(f"utter_case_is_{case.status}", values)
    values["due_at"] = case.due_at
    owner = owner_name(case.owner) if named else None
    if owner is None:
        return Phrase("utter_case_is_open_office", values)
    return Phrase("utter_case_is_open_owner", {**values, "owner": Verbatim(owner)})
