"""The story of one message: accept → understand → converse and act → queue the replies → done.

Everything a message causes (the conversation's new state, school facts, replies to send) is committed
in one transaction, by whoever still holds the turn. A crash before the commit leaves nothing behind
and the turn is taken again; a crash after it leaves rows that will be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter

from bot.conversing import Conversing, hand_over_failed
from bot.inbox.conversations import conversation_of, preferred_language
from bot.inbox.turns import claim, finish, next_open
from bot.model.ports import Clock
from bot.model.utterance import Utterance
from bot.storage.conversations import Turn
from bot.storage.session import Database
from bot.understanding.understand import Understander

GIVE_UP_AFTER = 4
"""Attempts at one turn before a person gets the family's words instead."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One message at a time, from its row to the rows it causes."""

    database: Database
    clock: Clock
    owner: str
    lease: timedelta
    understander: Understander
    conversing: Conversing

    def take_turn(self, turn_id: int) -> int | None:
        """Do the turn, if it is free. The next open turn of the same line, if there is one."""
        accepted = self._accept(turn_id)
        if accepted is None:
            return None
        turn, language, chosen = accepted
        if turn.attempts > GIVE_UP_AFTER:
            return self._give_up(turn, language)
        started = perf_counter()
        utterance = self._understand(turn, language, chosen)
        with self.database.write() as session:
            message = session.merge(turn.message, load=False)
            conversation = conversation_of(session, message, fallback_language=utterance.language)
            passed = self.conversing.converse(session, conversation, turn, utterance)
            took = round((perf_counter() - started) * 1000)
            finish(
                session, turn, owner=self.owner, now=self.clock.now(), understood={**passed, "took_ms": took}
            )
            return next_open(session, turn.line)

    def _accept(self, turn_id: int) -> tuple[Turn, str, bool] | None:
        with self.database.write() as session:
            turn = claim(session, turn_id, owner=self.owner, now=self.clock.now(), lease=self.lease)
            if turn is None:
                return None
            return turn, *preferred_language(session, turn.message, fallback="en")

    def _understand(self, turn: Turn, language: str, chosen: bool) -> Utterance:
        utterance = self.understander.understand(turn.message.body, preferred=language)
        if not chosen and utterance.written_in:  # a line nobody knows: answer as it writes
            return replace(utterance, language=utterance.written_in)
        return utterance

    def _give_up(self, turn: Turn, language: str) -> int | None:
        """Four attempts failed: a person gets the words, the family is told, the turn ends as failed."""
        with self.database.write() as session:
            message = session.merge(turn.message, load=False)
            conversation = conversation_of(session, message, fallback_language=language)
            hand_over_failed(self.conversing, session, conversation, turn)
            finish(session, turn, owner=self.owner, now=self.clock.now(), understood=None, error="gave up")
            return next_open(session, turn.line)
