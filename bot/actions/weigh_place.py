"""Whether what was given as a place is one, or another need in new words."""

from __future__ import annotations

import re

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.needs import named_need

NAME = "action_weigh_place"
_POSTAL_CODE = re.compile(r"\d{5}")


def run(context: ActionContext) -> Receipt:
    """Keeps a ZIP code or "anywhere". Words that name a need change the need; of all else `place` is emptied."""
    place = context.text_slot("place") or ""
    if place == "anywhere" or _POSTAL_CODE.search(place):
        return Receipt({"place_heard": "place"})
    need = named_need(place)
    if need is not None:
        new = {"need": need.name, "need_text": place, "services_seen": None, "named_services": None}
        return Receipt({**new, "place": None, "place_heard": "need"})
    return Receipt({"place": None, "place_heard": "nothing"})
