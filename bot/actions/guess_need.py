"""Work out from a family's words which kind of help it looks for."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.need_vectors import guess_need

NAME = "action_guess_need"


def run(context: ActionContext) -> Receipt:
    """Sets `need` when the words are clear, `likely_needs` (best first) when they are not."""
    said = context.text_slot("need_text")
    if said is None:
        return Receipt()
    guess = guess_need(said, context.vector_of(said), context.embedder)
    if guess.need is not None:
        return Receipt({"need": guess.need.name})
    return Receipt({"likely_needs": ",".join(need.name for need in guess.likely)})
