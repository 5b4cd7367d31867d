"""Ask where help is looked for; after an answer that is no place, say what a ZIP code is."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say

NAME = "action_ask_place"


def run(context: ActionContext) -> Receipt:
    """A ZIP code, or anywhere?"""
    question: tuple[Phrase, ...] = (Phrase("utter_ask_place"),)
    if context.slots.get("place_heard") == "nothing":
        question = (Phrase("utter_not_a_zip_code"), *question)
    return Receipt(
        {"place_heard": None}, (Say(question, (Choice("anywhere", Phrase("utter_ask_place.1")),)),)
    )
