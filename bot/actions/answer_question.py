"""Look up the school's answer to a question in any language."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, SlotValue
from bot.school import knowledge
from bot.school.case_words import says_enough
from bot.school.closed_days import closed_then

NAME = "action_answer_question"


def run(context: ActionContext) -> Receipt:
    """Sets `found`: "sure" (and says the answer), "near" (with `near_articles`), "vague" or "none".
    `asked_words` keeps the question for a case that may come of it.

    "vague" is what says too little to be answered or passed on ("I have a question"); it comes once only.
    A question about a day without school first hears that it is one; a short one is answered by that.
    """
    question = context.text_slot("question") or context.utterance.text
    asked: dict[str, SlotValue] = {"asked_words": question}
    language = context.utterance.written_in or context.conversation.language
    wanted = knowledge.Asked(question, language, context.vector_of(question))
    finding = knowledge.find(context.session, wanted, context.embedder.version if context.embedder else "")
    closed, enough = _closed(context, question), says_enough(question)
    asks = context.utterance.intent.name == "ask_question"
    if closed and asks and not enough:
        return Receipt({**asked, "found": "sure"}, (Say(closed),))
    if finding.answer is not None:
        answer = knowledge.answer_say(finding.answer)
        return Receipt({**asked, "found": "sure"}, (Say((*closed, *answer.texts)),))
    first = (Say(closed),) if closed and asks else ()
    if finding.candidates:
        keys = ",".join(str(article.id) for article in finding.candidates)
        return Receipt({**asked, "found": "near", "near_articles": keys}, first)
    asked_before = context.slots.get("asked_again") is True
    return Receipt({**asked, "found": "none" if asked_before or enough else "vague"}, first)


def _closed(context: ActionContext, question: str) -> tuple[Phrase, ...]:
    """That the schools are closed on the one day the question names; nothing where they are not."""
    same = question == context.utterance.text
    said = context.utterance.entities if same else {}
    written = said.get("date") if same else context.text_slot("asked_date")
    day = None if said.get("until") else closed_then(written, context.policy.closed_days, context.today)
    return (Phrase("utter_school_closed", {"day": day}),) if day is not None else ()
