"""Converse and act: the engine says what is to be done, the actions do it, and the replies become rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.actions.context import ActionContext
from bot.conversation.engine import Engine
from bot.conversation.facts import OFFER_LANGUAGE
from bot.conversation.state import from_json, to_json
from bot.conversation.triggers import intents_by_flow
from bot.model.dialogue import DialogueState, Notice, Phrase, Receipt, Say, SlotValue, StepOutcome
from bot.model.ports import Clock, Embedder
from bot.model.utterance import Utterance
from bot.outbox.queueing import OutgoingSay, Queueing
from bot.school import loops
from bot.school.family import facts_for
from bot.school.language_offers import language_to_offer, watch_language
from bot.school.policy import Policy
from bot.school.review import Heard, note_turn
from bot.storage.conversations import Conversation, Turn
from bot.understanding.entities import with_entities

MOST_ACTIONS = 20
"""Actions in one turn before the turn counts as a loop."""

ANSWER = "answer"
"""Stands in place of an intent for a text that only answers a question: a number, "skip", "more"."""

NOT_KEPT = frozenset(
    {"need", "need_text", "likely_needs", "delicate", "safe_to_text", "services_seen", "whole_text"}
)
"""Slots that say what help somebody looked for: who searched for shelter or food is not written down."""

Action = Callable[[ActionContext], Receipt]


@dataclass(frozen=True, slots=True)
class Conversing:
    """The part of a turn that happens inside its one transaction."""

    engine: Engine
    actions: Mapping[str, Action]
    queueing: Queueing
    clock: Clock
    zone: ZoneInfo
    policy: Policy
    embedder: Embedder | None
    mode: str = "production"

    def converse(
        self, session: Session, conversation: Conversation, turn: Turn, utterance: Utterance
    ) -> dict[str, Any]:
        """Take the conversation one turn further. What was understood and done, for staff and simulator."""
        exchange = Exchange(self, session, conversation, turn, utterance)
        if loops.over_limit(session, conversation, exchange.now) and not loops.is_exempt(utterance):
            exchange.hold_back()
            return _understood(utterance, from_json(conversation.state), ["paused"])
        watch_language(conversation, utterance, self.policy.spoken)
        before = from_json(conversation.state)
        state = exchange.run()
        heard = Heard(conversation, turn, utterance, before, exchange.trail, exchange.now)
        note_turn(session, heard, intents_by_flow(self.engine.flow_set))
        labels = exchange.queue_all()
        if not labels and state.asking is not None:  # the question asked earlier is still the open one
            labels = tuple((conversation.state or {}).get("labels", ()))
        conversation.state = {**to_json(state), "labels": list(labels)}
        return {**_understood(utterance, state, exchange.trail), "was_asked": before.asking is not None}


class Exchange:
    """One turn's to and fro between engine and actions."""

    def __init__(
        self,
        parts: Conversing,
        session: Session,
        conversation: Conversation,
        turn: Turn,
        utterance: Utterance,
    ) -> None:
        self.parts, self.session, self.conversation, self.turn = parts, session, conversation, turn
        self.now: datetime = parts.clock.now()
        self.utterance = with_entities(utterance, self.now.astimezone(parts.zone))
        self.says: list[Say] = []
        self.notices: list[Notice] = []
        self.trail: list[str] = []

    def run(self) -> DialogueState:
        """The turn's to and fro to its end: the new state; what is to be said is in `says` and `notices`."""
        engine = self.parts.engine
        outcome = engine.advance(from_json(self.conversation.state), self.utterance, self._facts())
        self._note(outcome)
        for _ in range(MOST_ACTIONS):
            if outcome.act is None:
                return outcome.state
            receipt = self.parts.actions[outcome.act.name](self.context(outcome.state))
            self.notices.extend(receipt.notices)
            outcome = engine.resume(outcome.state, receipt, self._facts())
            self._note(outcome)
        raise RuntimeError(f"more than {MOST_ACTIONS} actions in turn {self.turn.id}: {self.trail[-6:]}")

    def _note(self, outcome: StepOutcome) -> None:
        self.says.extend(outcome.say)
        self.trail.extend(outcome.trail)

    def _facts(self) -> Mapping[str, SlotValue]:
        facts = facts_for(self.session, self.conversation, self.now, mode=self.parts.mode)
        labels = self.conversation.state.get("labels", []) if self.conversation.state else []
        return {
            **facts,
            "district": self.parts.policy.district,
            "choice_labels": json.dumps(labels, ensure_ascii=False),
            OFFER_LANGUAGE: language_to_offer(self.conversation, self.utterance),
        }

    def context(self, state: DialogueState) -> ActionContext:
        """What an action works with when the conversation stands at `state`."""
        return ActionContext(
            session=self.session,
            conversation=self.conversation,
            turn=self.turn,
            utterance=replace(self.utterance, language=self.conversation.language),
            slots=state.slots,
            now=self.now,
            zone=self.parts.zone,
            policy=self.parts.policy,
            embedder=self.parts.embedder,
        )

    def hold_back(self) -> None:
        """Too many replies to this line (a machine answers us): say once that a person will look at it."""
        if loops.is_paused(self.session, self.conversation, self.now):
            return
        receipt = self.parts.actions["action_open_case"](
            self.context(DialogueState(slots={"case_kind": "person"}))
        )
        self.says, self.notices = list(receipt.say), list(receipt.notices)
        loops.pause(self.session, str(receipt.slots["case_reference"]), self.now)
        self.queue_all()

    def queue_all(self) -> tuple[str, ...]:
        """Write every reply and notice as a row. The labels of the choices offered last, as rendered."""
        labels: tuple[str, ...] = ()
        for number, say in enumerate(self.says, 1):
            labels = self.parts.queueing.queue(self.session, self._reply(say, number)).labels or labels
        for number, notice in enumerate(self.notices, 1):
            self.parts.queueing.queue(self.session, self._notice(notice, number))
        return labels

    def _reply(self, say: Say, number: int) -> OutgoingSay:
        key = f"turn:{self.turn.id}:{number}"
        return OutgoingSay.on(self.conversation, say, key, self.now, kind=say.kind, turn_id=self.turn.id)

    def _notice(self, notice: Notice, number: int) -> OutgoingSay:
        return OutgoingSay(
            say=notice.say,
            kind="alert",
            channel=notice.channel,
            recipient=notice.recipient,
            language=notice.language,
            dedupe_key=f"turn:{self.turn.id}:alert:{number}",
            now=self.now,
            turn_id=self.turn.id,
            case_id=notice.case_id,
        )


def hand_over_failed(
    parts: Conversing, session: Session, conversation: Conversation, turn: Turn, utterance: Utterance
) -> None:
    """The turn failed for good. Danger and STOP are obeyed without any flow; else a person gets the words
    and the family is told. What the conversation remembered is dropped: it may be what failed."""
    conversation.state = {}
    exchange = Exchange(parts, session, conversation, turn, utterance)
    apology: tuple[Say, ...] = ()
    if utterance.crisis:
        name = "action_raise_crisis"
    elif "stop" in utterance.commands:
        name = "action_stop_messages"
    else:
        name, apology = "action_open_case", (Say((Phrase("utter_internal_error"),)),)
    receipt = parts.actions[name](exchange.context(DialogueState(slots={"case_kind": "person"})))
    exchange.says = [*apology, *receipt.say]
    exchange.notices = list(receipt.notices)
    exchange.queue_all()


def _understood(utterance: Utterance, state: DialogueState, trail: list[str]) -> dict[str, Any]:
    return {
        "language": utterance.language,
        "written_in": utterance.written_in,
        "intent": ANSWER
        if utterance.unsure and (utterance.number or utterance.commands)
        else utterance.intent.name,
        "confidence": round(utterance.intent.confidence, 4),
        "decision": utterance.decision,
        "crisis": utterance.crisis,
        "several": [part.intent.name for part in utterance.parts],
        "ranking": [[guess.name, round(guess.confidence, 4)] for guess in utterance.ranking[:5]],
        "commands": sorted(utterance.commands),
        "flow": trail,
        "slots": {n: v for n, v in state.slots.items() if v is not None and n not in NOT_KEPT},
    }
