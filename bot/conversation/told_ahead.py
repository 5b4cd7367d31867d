"""What a family tells before it is asked for: "by phone" while it is to choose a time."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.entries import value_fits
from bot.conversation.short_answers import is_brief, negates
from bot.conversation.walk import Walk
from bot.model.dialogue import SlotValue
from bot.model.utterance import Utterance


def told_ahead(walk: Walk, utterance: Utterance) -> Mapping[str, SlotValue]:
    """What a few words say of questions that the flow at hand asks later, by slot; nothing that is known already."""
    if walk.asking is None or not is_brief(utterance.text) or negates(utterance.text):
        return {}
    found: dict[str, SlotValue] = {}
    for name in sorted(_asked_later(walk)):
        slot = walk.flow_set.slots[name]
        said = utterance.entities.get(str(slot.from_entity))
        if said is not None and walk.slots.get(name) is None and value_fits(said, slot.type, slot.values):
            found[name] = said
    return found


def _asked_later(walk: Walk) -> set[str]:
    """Slots that questions of this flow fill, or whose offer they narrow."""
    own = {slot for step in walk.flow.steps.values() for slot in (*step.fills, *step.offers_by)}
    return own - {walk.asking.slot if walk.asking else ""}
