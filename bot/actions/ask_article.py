"""Offer the answers that came near, by their titles."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say
from bot.school.knowledge import article_title, find_article

NAME = "action_ask_article"


def run(context: ActionContext) -> Receipt:
    """Which of these did you mean? The last choice hands the question to a person."""
    keys = [int(key) for key in (context.text_slot("near_articles") or "").split(",") if key.isdigit()]
    articles = [found for key in keys if (found := find_article(context.session, key)) is not None]
    choices = [Choice(article.id, article_title(article)) for article in articles]
    choices.append(Choice("none", Phrase("utter_choice_ask_a_person")))
    return Receipt(say=(Say((Phrase("utter_ask_article"),), tuple(choices)),))
