"""Look up the school's answer to a question in any language."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school import knowledge
from bot.school.case_words import says_enough

NAME = "action_answer_question"


def run(context: ActionContext) -> Receipt:
    """Sets `found`: "sure" (and says the answer), "near" (with `near_articles`), "vague" or "none".

    "vague" is what says too little to be answered or passed on ("I have a question"); it comes once only.
    """
    question = context.text_slot("question") or context.utterance.text
    vector = context.vector_of(question)
    if vector is None or context.embedder is None:
        return Receipt({"found": "none"})
    finding = knowledge.find(context.session, vector, context.embedder.version)
    if finding.answer is not None:
        return Receipt({"found": "sure"}, (knowledge.answer_say(finding.answer),))
    if finding.candidates:
        keys = ",".join(str(article.id) for article in finding.candidates)
        return Receipt({"found": "near", "near_articles": keys})
    asked_before = context.slots.get("asked_again") is True
    return Receipt({"found": "none" if asked_before or says_enough(question) else "vague"})
