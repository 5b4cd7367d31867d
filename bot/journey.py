"""The story of one message: accept → understand → converse and act → queue the replies → done.

Everything a message causes (the conversation's new state, school facts, replies to send) is committed
in one transaction, by whoever still holds the turn. A crash before the commit leaves nothing behind
and the turn is taken again; a crash after it leaves rows that will be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter

import structlog
from sqlalchemy.orm import Session

from bot.conversing import Conversing, hand_over_failed
from bot.inbox.conversations import conversation_of, preferred_language
from bot.inbox.turns import claim, finish, next_open, release
from bot.model.errors import Taken
from bot.model.ports import Clock
from bot.model.utterance import Utterance, with_carrier_keyword
from bot.school.consent import said_stop
from bot.storage.conversations import Message, Turn
from bot.storage.session import Database
from bot.understanding.understand import Understander

GIVE_UP_AFTER = 3
"""Attempts at one turn before a person gets the family's words instead."""

BURY_AFTER = 6
"""Attempts, handing over included, before a turn ends as failed without more ado."""

RETRY_AFTER = timedelta(seconds=1)
"""Pause before a failed turn is tried again, times the attempts so far."""

log = structlog.get_logger(__name__)


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
        """Do the turn, if it is free. The next open turn of the same line, if there is one.

        A turn that fails is tried again soon, then handed to a person, and at the last ended as failed:
        it never blocks the later texts of its family.
        """
        # Not durable: a claim that a power cut takes was never there.
        with self.database.write(durable=False) as session:
            accepted = self._accept(session, turn_id)
        if accepted is None:
            return None
        turn, language, chosen = accepted
        try:
            if turn.attempts > BURY_AFTER:
                return self._bury(turn)
            if turn.attempts > GIVE_UP_AFTER:
                return self._give_up(turn, language)
            return self._carry_out(turn, language, chosen)
        except Taken:
            log.warning("turn_passed_on", turn_id=turn_id)
            return None
        except Exception:
            self._put_back(turn)
            raise

    def _carry_out(self, turn: Turn, language: str, chosen: bool) -> int | None:
        started = perf_counter()
        utterance = self._understand(turn, language, chosen)
        # Not durable: what a power cut takes is done again, because nothing leaves before the sender's own
        # durable commit, which takes these rows with it to the disk.
        with self.database.write(durable=False) as session:
            return self._answer(session, turn, utterance, started)

    def _answer(self, session: Session, turn: Turn, utterance: Utterance, started: float) -> int | None:
        message = session.merge(turn.message, load=False)
        conversation = conversation_of(session, message, language=utterance.language)
        utterance = _as_the_carrier_heard(session, message, utterance)
        passed = self.conversing.converse(session, conversation, turn, utterance)
        took = round((perf_counter() - started) * 1000)
        finish(session, turn, owner=self.owner, now=self.clock.now(), understood={**passed, "took_ms": took})
        return next_open(session, turn.line)

    def _accept(self, session: Session, turn_id: int) -> tuple[Turn, str, bool] | None:
        turn = claim(session, turn_id, owner=self.owner, now=self.clock.now(), lease=self.lease)
        if turn is None:
            return None
        return turn, *preferred_language(session, turn.message, fallback="en")

    def rehearse(self, session: Session, turn_id: int) -> None:
        """Do the whole turn in the caller's transaction, who undoes it: what is made once is made then."""
        accepted = self._accept(session, turn_id)
        if accepted is not None:
            self._answer(session, accepted[0], self._understand(*accepted), perf_counter())

    def _understand(self, turn: Turn, language: str, chosen: bool) -> Utterance:
        utterance = self.understander.understand(turn.message.body, preferred=language)
        if utterance.decision in ("model", "fallback") and self.conversing.embedder:
            bare = [one.text for one in (utterance, *utterance.parts) if one.vector is None]
            if bare:
                self.conversing.embedder.embed(bare)  # kept for the actions, which hold the database
        if not chosen and utterance.written_in:  # a line nobody knows: answer as it writes
            return replace(utterance, language=utterance.written_in)
        return utterance

    def _put_back(self, turn: Turn) -> None:
        """Let the turn be taken again after a pause that grows."""
        with self.database.write() as session:
            release(session, turn, owner=self.owner, until=self.clock.now() + RETRY_AFTER * turn.attempts)

    def _give_up(self, turn: Turn, language: str) -> int | None:
        """Several attempts failed: danger and STOP are still obeyed, else a person gets the words; the turn failed."""
        utterance = self.understander.understand(turn.message.body, preferred=language)
        with self.database.write() as session:
            message = session.merge(turn.message, load=False)
            conversation = conversation_of(session, message, language=language)
            utterance = _as_the_carrier_heard(session, message, utterance)
            hand_over_failed(self.conversing, session, conversation, turn, utterance)
            finish(session, turn, owner=self.owner, now=self.clock.now(), understood=None, error="gave up")
            return next_open(session, turn.line)

    def _bury(self, turn: Turn) -> int | None:
        """Not even handing over worked: end the turn, loudly, so that the next text of this family is heard."""
        log.error("turn_lost_to_people", turn_id=turn.id)
        with self.database.write() as session:
            finish(
                session,
                turn,
                owner=self.owner,
                now=self.clock.now(),
                understood=None,
                error="could not be handed over",
            )
            return next_open(session, turn.line)


def _as_the_carrier_heard(session: Session, message: Message, utterance: Utterance) -> Utterance:
    """The utterance with STOP, START or HELP where the carrier took the text for it, in whatever words."""
    stopped = said_stop(session, message.channel, message.sender)
    return with_carrier_keyword(utterance, message.opt_out_type, opted_out=stopped)
