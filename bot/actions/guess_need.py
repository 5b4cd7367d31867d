"""Work out from a family's words which kind of help it looks for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.need_vectors import guess_need
from bot.school.needs import BY_NAME, NEEDS, Need
from bot.school.service_names import named_services
from bot.storage.resources import Resource

NAME = "action_guess_need"


def run(context: ActionContext) -> Receipt:
    """Sets `need` when the words are clear, `likely_needs` (best first) when they are not.

    `named_services`: keys of services asked for by name, with commas between; they say what is needed
    where the other words do not.
    """
    said = context.text_slot("need_text")
    if said is None:
        return Receipt()
    guess = guess_need(said, context.vector_of(said), context.embedder)
    services = named_services(context.session, said)
    need = _weigh(BY_NAME.get(str(context.slots.get("need"))), guess.need) or _need_of(services)
    keys = ",".join(str(service.id) for service in services if _may_be_shown(service, need)) or None
    if need is not None:
        return Receipt({"need": need.name, "named_services": keys})
    return Receipt({"likely_needs": ",".join(need.name for need in guess.likely), "named_services": keys})


def _weigh(read: Need | None, guessed: Need | None) -> Need | None:
    """The need that was read from the words before one that is guessed, unless the guess must not be texted unasked."""
    return guessed if guessed is not None and guessed.delicate else read or guessed


def _need_of(services: Sequence[Resource]) -> Need | None:
    """The need that a named service answers; the most delicate one, so that it is never texted unasked."""
    codes = {service.category for service in services}
    needs = [need for need in NEEDS if codes & set(need.codes)]
    return min(needs, key=lambda need: not need.delicate, default=None)


def _may_be_shown(service: Resource, need: Need | None) -> bool:
    """A service whose number must not light up on a screen unasked is only found under its own, delicate need."""
    delicate = any(known.delicate and service.category in known.codes for known in NEEDS)
    return need is not None and (need.delicate or not delicate)
