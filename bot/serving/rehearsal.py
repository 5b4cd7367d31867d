"""A made-up text taken all its way and undone, before the first family's.

Much is made once in a process: statements are built, the articles' vectors read, a connection opened. Without this
the first text of each worker paid for it: 1.3 s on PostgreSQL under a broadcast, where the others took 0.4 s.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from bot.app import Homeline
from bot.inbox.conversations import conversation_of, preferred_language
from bot.inbox.landing import land
from bot.inbox.turns import claim, finish, next_open
from bot.model.messages import InboundMessage
from bot.model.utterance import Utterance

NOBODY = "+10000000000"
"""A number that cannot exist: no area code begins with 0."""

TEXT = "What time does school start?"
NO_DELIVERY = 0


class _Undone(Exception):
    """Ends the transaction: nothing of it is kept, nobody is woken, nothing leaves."""


def rehearse(home: Homeline) -> None:
    """Take a question from nobody all the way to its answer, and take it back."""
    channel = next(iter(home.channels), None)
    if channel is None:
        return
    utterance = home.journey.understander.understand(TEXT, preferred="en")
    with suppress(_Undone), home.database.write(durable=False) as session:
        _answer(home, session, channel, utterance)
        raise _Undone
    home.sender.send(NO_DELIVERY)


def _answer(home: Homeline, session: Session, channel: str, utterance: Utterance) -> None:
    now, owner = home.clock.now(), home.owner
    text = InboundMessage(channel, f"rehearsal:{owner}", NOBODY, NOBODY, TEXT, now)
    landed = land(session, text, home.queue)
    turn = claim(session, landed, owner=owner, now=now, lease=home.journey.lease) if landed else None
    if turn is None:
        return
    language, _ = preferred_language(session, turn.message, fallback="en")
    conversation = conversation_of(session, turn.message, language=language)
    passed = home.journey.conversing.converse(session, conversation, turn, utterance)
    finish(session, turn, owner=owner, now=now, understood=passed)
    next_open(session, turn.line)
