"""Look up the school's answer to a question in any language."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt, SlotValue
from bot.school import knowledge
from bot.school.case_words import says_enough

NAME = "action_answer_question"


def run(context: ActionContext) -> Receipt:
    """Sets `found`: "sure" (and says the answer), "near" (with `near_articles`), "vague" or "none".
    `asked_words` keeps the question for a case that may come of it.

    "vague" is what says too little to be answered or passed on ("I have a question"); it comes once only.
    """
    question = context.text_slot("question") or context.utterance.text
    asked: dict[str, SlotValue] = {"asked_words": question}
    language = context.utterance.written_in or context.conversation.language
    wanted = knowledge.Asked(question, language, context.vector_of(question))
    finding = knowledge.find(context.session, wanted, context.embedder.version if context.embedder else "")
    if finding.answer is not None:
        return Receipt({**asked, "found": "sure"}, (knowledge.answer_say(finding.answer),))
    if finding.candidates:
        keys = ",".join(str(article.id) for article in finding.candidates)
        return Receipt({**asked, "found": "near", "near_articles": keys})
    asked_before = context.slots.get("asked_again") is True
    return Receipt({**asked, "found": "none" if asked_before or says_enough(question) else "vague"})
