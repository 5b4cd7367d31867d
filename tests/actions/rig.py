"""Runs one action by itself: with the slots and the text that the test gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bot.actions.context import ActionContext
from bot.actions.registry import discover
from bot.model.dialogue import Phrase, Receipt
from bot.model.utterance import IntentGuess, Utterance
from bot.school.policy import Policy
from bot.storage.conversations import Conversation
from tests import cast, cast_world
from tests.conftest import FixedClock
from tests.flows.stage import POLICY, ZONE


@dataclass
class Rig:
    """One line in an open session, and actions to run on it."""

    session: Session
    clock: FixedClock
    line: Conversation
    people: cast.Cast
    policy: Policy = POLICY
    embedder: Any = field(default_factory=cast_world.ConceptEmbedder)

    def run(self, action: str, text: str = "…", *, opt_out: str | None = None, **slots: Any) -> Receipt:
        """The receipt of `action_<action>`."""
        turn = cast.say(self.session, self.line, text, self.clock.now(), opt_out=opt_out)
        utterance = Utterance(text, self.line.language, IntentGuess("nlu_fallback", 0.0))
        context = ActionContext(self.session, self.line, turn, utterance, slots, self.clock.now(), ZONE, self.policy,
                                self.embedder)  # fmt: skip
        return discover()[f"action_{action}"](context)


def rig(session: Session, clock: FixedClock, phone: str) -> Rig:
    """The cast, openings, articles and services, and a line of one of the families."""
    people = cast.populate(session)
    cast_world.add_openings(session, people, clock.now())
    cast_world.add_articles(session, clock.now())
    cast_world.add_services(session)
    return Rig(session, clock, cast.converse(session, phone, clock.now()), people)


def phrases(receipt: Receipt) -> list[str]:
    """The names of all phrases said."""
    return [text.name for say in receipt.say for text in say.texts if isinstance(text, Phrase)]
