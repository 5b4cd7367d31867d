"""Ask how the conference is to be held: only in ways that the chosen opening offers."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say
from bot.school.openings import MODES, modes_of
from bot.storage.conferences import Opening

NAME = "action_ask_mode"


def run(context: ActionContext) -> Receipt:
    """In person, by phone or by video? Not asked where there is one way only."""
    key = context.slots.get("opening")
    opening = context.session.get(Opening, key) if isinstance(key, int) else None
    modes = modes_of(opening) if opening is not None else MODES
    if len(modes) == 1:
        return Receipt({"mode": modes[0]})
    choices = tuple(Choice(mode, Phrase(f"utter_mode_{mode}")) for mode in modes)
    return Receipt(say=(Say((Phrase("utter_ask_mode"),), choices),))
