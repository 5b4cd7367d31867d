"""A line's thread: what came in and what went out, and the list of lines with something new on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation, Message, Turn
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact, Guardian
from bot.storage.searching import any_contains, words_in


@dataclass(frozen=True, slots=True)
class LinePage:
    """One page of conversations, whether more follow, and each one's latest message by conversation."""

    conversations: Sequence[Conversation]
    more: bool
    latest: Mapping[int, Message]


def list_messages(
    session: Session, channel: str, sender: str, limit: int
) -> Sequence[tuple[Message, Turn | None]]:
    """The last `limit` messages that came in on a line, oldest first, each with its turn."""
    query = (
        select(Message, Turn)
        .outerjoin(Turn, Turn.message_id == Message.id)
        .where(Message.channel == channel, Message.sender == sender)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in reversed(session.execute(query).all())]


def list_deliveries(
    session: Session, conversation_id: int | None, limit: int, *, case_id: int | None = None
) -> Sequence[Delivery]:
    """The last `limit` texts that went out on a line, or because of a case (alerts too), oldest first."""
    causes = []
    if conversation_id is not None:
        causes.append(Delivery.conversation_id == conversation_id)
    if case_id is not None:
        causes.append(Delivery.case_id == case_id)
    if not causes:
        return []
    query = select(Delivery).where(or_(*causes)).order_by(Delivery.id.desc()).limit(limit)
    return list(reversed(session.scalars(query).all()))


def list_case_events(session: Session, case_id: int) -> Sequence[CaseEvent]:
    """All that happened to a case, oldest first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.at, CaseEvent.id)
    return session.scalars(query).all()


def find_authors(session: Session, delivery_ids: Sequence[int]) -> Mapping[int, str]:
    """Which member of staff wrote which delivery (user names by delivery id)."""
    wrote = CaseEvent.kind.in_(("reply", "barred"))  # a note may be about a text that somebody else wrote
    query = select(CaseEvent.delivery_id, CaseEvent.actor).where(
        CaseEvent.delivery_id.in_(delivery_ids), wrote
    )
    return {delivery: actor for delivery, actor in session.execute(query) if delivery is not None}


def list_lines(session: Session, words: str, page: tuple[int, int]) -> LinePage:
    """Conversations, the one that wrote last first. `page` is (number from 1, size)."""
    number, size = page
    query = (
        select(Conversation)
        .outerjoin(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Guardian, Guardian.id == Contact.guardian_id)
        .options(joinedload(Conversation.contact).joinedload(Contact.guardian))
        .order_by(
            Conversation.last_inbound_at.is_(None),
            Conversation.last_inbound_at.desc(),
            Conversation.id.desc(),
        )
        .limit(size + 1)
        .offset((number - 1) * size)
    )
    for word in words_in(words):
        people = any_contains((Guardian.given_name, Guardian.family_name, Conversation.address), word)
        said = select(Message.id).where(
            Message.conversation_id == Conversation.id, any_contains((Message.body,), word)
        )
        query = query.where(people | said.exists())
    found = session.scalars(query).all()
    shown = found[:size]
    return LinePage(shown, len(found) > size, _latest(session, [line.id for line in shown]))


def find_line(session: Session, conversation_id: int) -> Conversation | None:
    """One conversation with who speaks on it."""
    query = select(Conversation).where(Conversation.id == conversation_id)
    return session.scalars(
        query.options(joinedload(Conversation.contact).joinedload(Contact.guardian))
    ).one_or_none()


def list_cases_of(session: Session, conversation_id: int) -> Sequence[Case]:
    """The cases that came from a line, latest first."""
    query = select(Case).where(Case.conversation_id == conversation_id).order_by(Case.id.desc()).limit(50)
    return session.scalars(query).all()


def latest_marker(session: Session, line: Conversation | None, case_id: int) -> str:
    """Changes when a line receives something or something happens to a case."""
    heard = None
    if line is not None:
        query = select(func.max(Message.id)).where(
            Message.channel == line.channel, Message.sender == line.address
        )
        heard = session.scalar(query)
    done = session.scalar(select(func.max(CaseEvent.id)).where(CaseEvent.case_id == case_id))
    return f"{heard or 0}-{done or 0}"


def _latest(session: Session, conversation_ids: Sequence[int]) -> Mapping[int, Message]:
    newest = (
        select(func.max(Message.id))
        .where(Message.conversation_id.in_(conversation_ids))
        .group_by(Message.conversation_id)
    )
    found = session.scalars(select(Message).where(Message.id.in_(newest)))
    return {message.conversation_id: message for message in found if message.conversation_id is not None}
