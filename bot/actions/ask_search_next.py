"""After three services: more of them, fewer kinds, another kind, or enough?"""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Text, Verbatim
from bot.school.service_texts import services_together
from bot.storage.resources import Resource

NAME = "action_ask_search_next"


def run(context: ActionContext) -> Receipt:
    """What next? Only what makes a difference is offered. The services just found stand above the question."""
    values = []
    if context.slots.get("services_more") is True:
        values.append("more")
    if context.slots.get("only_free") is not True:
        values.append("free")
    if context.slots.get("only_language") is not True and context.conversation.language != "en":
        values.append("language")
    choices = tuple(
        Choice(value, Phrase(f"utter_choice_search_{value}")) for value in (*values, "other", "no")
    )
    return Receipt(
        {"services_shown": None}, (Say((*_found(context), Phrase("utter_ask_search_next")), choices),)
    )


def _found(context: ActionContext) -> tuple[Text, ...]:
    keys = [int(key) for key in (context.text_slot("services_shown") or "").split(",") if key.isdigit()]
    services = [found for key in keys if (found := context.session.get(Resource, key)) is not None]
    lines = services_together(services, context.conversation.language, context.today)
    return (*lines, Verbatim(" ")) if lines else ()
