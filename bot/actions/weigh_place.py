"""Whether what was given as a place is one, or another need in new words."""

from __future__ import annotations

import re

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.needs import named_need
from bot.school.place_words import code_of_town, means_anywhere
from bot.storage.resources import list_towns

NAME = "action_weigh_place"
_POSTAL_CODE = re.compile(r"\d{5}")
_SURE = 0.85


def run(context: ActionContext) -> Receipt:
    """Keeps a ZIP code or "anywhere", also in other words, and the code of a town. Words that name a need change the
    need; a clear no leaves. Of all else `place` is emptied, once: the second time it is anywhere, and the family is
    told."""
    place = context.text_slot("place") or ""
    if place == "anywhere" or _POSTAL_CODE.search(place):
        return Receipt({"place_heard": "place"})
    need = named_need(place)
    if need is not None:
        new = {"need": need.name, "need_text": place, "services_seen": None, "named_services": None}
        return Receipt({**new, "place": None, "place_heard": "need"})
    known = "anywhere" if means_anywhere(place) else code_of_town(place, list_towns(context.session))
    if known is not None:
        return Receipt({"place": known, "place_heard": "place"})
    intent = context.utterance.intent
    if intent.name == "deny" and intent.confidence >= _SURE:
        return Receipt({"place_heard": "left"})
    if context.slots.get("place_missed") is True:
        said = Say((Phrase("utter_whole_area"),))
        return Receipt({"place": "anywhere", "place_heard": "place"}, (said,))
    return Receipt({"place": None, "place_heard": "nothing", "place_missed": True})
