"""Ask which kind of help is looked for, the likely kinds first."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say
from bot.school.needs import OFFERED

NAME = "action_ask_need"


def run(context: ActionContext) -> Receipt:
    """Which kind? Nine choices at most, because one digit answers."""
    likely = (context.text_slot("likely_needs") or "").split(",")
    place = {need: number for number, need in enumerate(likely)}
    kinds = sorted(OFFERED[:-1], key=lambda offered: place.get(offered[0], len(likely)))
    choices = tuple(Choice(need, Phrase(phrase)) for need, phrase in (*kinds, OFFERED[-1]))
    return Receipt(say=(Say((Phrase("utter_ask_need"),), choices),))
