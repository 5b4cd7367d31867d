"""Somebody may be in danger: the fixed text at once, an urgent case, an alert to whoever is on call."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Notice, Phrase, Receipt, Say, Verbatim
from bot.school.cases import CaseRequest, add_message, open_case, same_matter
from bot.storage.cases import Case

NAME = "action_raise_crisis"


def run(context: ActionContext) -> Receipt:
    """Say whom to call, keep the exact words, alert staff. Asks nothing and promises no rescue."""
    case, is_news = _case(context)
    notices = _alerts(context, case) if is_news else ()
    say = Say((Phrase("utter_crisis"),), kind="crisis")
    return Receipt({"case_reference": case.reference}, (say,), notices)


def _case(context: ActionContext) -> tuple[Case, bool]:
    """The urgent case: a new one, or the one of a moment ago, which is news until somebody has seen it."""
    family = context.family
    child = family.children[0] if family.children else None  # decides whose counselor is asked first
    words = context.turn.message.body
    request = CaseRequest("crisis", words, context.conversation, context.turn, family.speaker, child)
    open_already = same_matter(context.session, request, context.now)
    if open_already is None:
        return open_case(context.session, request, context.promise, context.now), True
    add_message(context.session, open_already, words, context.turn, context.now)
    return open_already, open_already.acknowledged_at is None


def _alerts(context: ActionContext, case: Case) -> tuple[Notice, ...]:
    """To every number on call: the reference only. No name, no words: a screen may be read by anybody."""
    say = Say((Phrase("utter_alert_on_call", {"reference": Verbatim(case.reference)}),), kind="alert")
    return tuple(Notice("sms", number, say, case_id=case.id) for number in context.policy.on_call)
