"""A guard against two machines that answer each other: a line that gets very many replies is left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.model.utterance import Utterance
from bot.school.cases import BOT
from bot.school.consent import said_stop
from bot.storage.cases import CaseEvent, find_by_reference, noted_since
from bot.storage.conversations import Conversation
from bot.storage.deliveries import count_answered

MOST_REPLIES = 30
"""Messages of one line that are answered within WINDOW. The longest conversation of a person takes about 15."""

WINDOW = timedelta(hours=1)
"""Within which replies are counted, and for how long the bot is silent afterwards."""

ALWAYS_HEARD = frozenset({"stop", "start", "help"})
"""What the law and the carriers want answered at any time."""

PAUSED = "More than 30 replies within an hour. An automatic reply may be answering ours: the bot is silent for an hour."
"""The note on the case, for staff. Also what tells that the line is paused."""


def over_limit(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Whether the bot must not simply answer this line: it is paused, or got its fill of replies.

    False where the bot is silent anyway (a person has the line, or the family said STOP), because the
    flows keep those messages for staff.
    """
    if not (is_paused(session, conversation, now) or _is_full(session, conversation, now)):
        return False
    return not (conversation.with_staff or said_stop(session, conversation.channel, conversation.address))


def is_paused(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Whether the line was told within the last hour that a person will look at it."""
    return noted_since(session, conversation.id, PAUSED, now - WINDOW)


def is_exempt(utterance: Utterance) -> bool:
    """Whether a message is answered also while its line is over the limit: danger, STOP, START, HELP.

    A guess of the model that somebody wants no more is not enough: the bot would ask back, and "Reply STOP
    to unsubscribe" stands under many a machine's text. A plain request to stop is a command by then.
    """
    return utterance.crisis is not None or bool(utterance.commands & ALWAYS_HEARD)


def pause(session: Session, reference: str, now: datetime) -> None:
    """Begin the hour of silence on the line of this case, and tell staff why. The case must be of that line."""
    case = find_by_reference(session, reference)
    if case is None:
        raise LookupError(f"there is no case {reference}")
    session.add(CaseEvent(case_id=case.id, kind="note", at=now, actor=BOT, text=PAUSED))
    session.flush()


def _is_full(session: Session, conversation: Conversation, now: datetime) -> bool:
    answered = count_answered(session, conversation.channel, conversation.address, now - WINDOW)
    return answered >= MOST_REPLIES
