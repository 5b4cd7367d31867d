"""Texts that ended without arriving, for those who look after them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, and_, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased, joinedload

from bot.storage.cases import CaseEvent
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact, Guardian

LOST = ("failed", "undelivered", "unresolved")
"""States in which a text ended that should have arrived. The others are somebody's will, or too late."""

UNDER_WAY = ("held", "queued", "sending", "sent")
"""States of a later try of which nobody knows yet what becomes of it."""


@dataclass(frozen=True, slots=True)
class LostQuery:
    """Which are wanted: made since then and before `until`, of these states, kinds and this reason, perhaps of one
    broadcast. Not those tried again since; with `tried_again` only those whose later try is still under way."""

    since: datetime
    states: Sequence[str] = LOST
    broadcast_id: int | None = None
    limit: int = 50
    offset: int = 0
    until: datetime | None = None
    kinds: Collection[str] = ()
    reason: str = ""
    tried_again: bool = False


def list_lost(session: Session, wanted: LostQuery) -> Sequence[Delivery]:
    """The newest first. One with a later try is left out: what became of the text stands at that one."""
    query = _wanted(select(Delivery), wanted).order_by(Delivery.created_at.desc(), Delivery.id.desc())
    return session.scalars(query.limit(wanted.limit).offset(wanted.offset)).all()


def list_lost_answers(session: Session, since: datetime, limit: int) -> Sequence[int]:
    """What staff wrote on cases since then that did not arrive and that no note of its case speaks of; the oldest first."""
    # The events of its case alone: there is no index of deliveries.
    of_case = CaseEvent.case_id == Delivery.case_id
    noted = exists().where(of_case, CaseEvent.kind == "note", CaseEvent.delivery_id == Delivery.id)
    query = _wanted(select(Delivery.id), LostQuery(since, ("failed", "undelivered"), kinds=("staff",)))
    query = query.where(Delivery.case_id.is_not(None), ~noted)
    return session.scalars(query.order_by(Delivery.created_at, Delivery.id).limit(limit)).all()


def count_lost(session: Session, wanted: LostQuery) -> int:
    """How many there are, whatever the limit."""
    return session.scalar(_wanted(select(func.count(Delivery.id)), wanted)) or 0


def count_reasons(session: Session, wanted: LostQuery, most: int = 30) -> Mapping[str, int]:
    """The reasons that occur and how often, the most frequent first."""
    often = func.count(Delivery.id)
    reasons = select(Delivery.reason, often).where(Delivery.reason.is_not(None))
    query = _wanted(cast("Select[Any]", reasons), wanted)
    rows = session.execute(
        query.group_by(Delivery.reason).order_by(often.desc(), Delivery.reason).limit(most)
    )
    return {row[0]: row[1] for row in rows}


def later_tries(session: Session, texts: Sequence[Delivery]) -> Mapping[int, Delivery]:
    """The try that followed each of these, by its id; left out where none did."""
    if not texts:
        return {}
    roots = {text.resend_of or text.id for text in texts}
    found = session.scalars(select(Delivery).where(Delivery.resend_of.in_(roots))).all()
    by_place = {(row.resend_of, row.resends): row for row in found}
    places = {text.id: (text.resend_of or text.id, text.resends + 1) for text in texts}
    return {key: by_place[place] for key, place in places.items() if place in by_place}


def families_of(session: Session, texts: Sequence[Delivery]) -> Mapping[int, Guardian]:
    """To whom these went, by the text's id; left out where the roster knows nobody, or several, on the line."""
    contacts = {text.contact_id for text in texts} - {None}
    lines = {text.conversation_id for text in texts} - {None}
    known = joinedload(Contact.guardian)
    by_contact: dict[int | None, Guardian] = {
        row.id: row.guardian
        for row in session.scalars(select(Contact).where(Contact.id.in_(contacts)).options(known))
    }
    spoken = select(Conversation).where(Conversation.id.in_(lines))
    by_line: dict[int | None, Guardian | None] = {
        row.id: row.contact.guardian
        for row in session.scalars(spoken.options(joinedload(Conversation.contact).options(known)))
        if row.contact is not None
    }
    found = {text.id: by_contact.get(text.contact_id) or by_line.get(text.conversation_id) for text in texts}
    return {key: guardian for key, guardian in found.items() if guardian is not None}


def last_try(session: Session, first_id: int) -> int | None:
    """The key of the last try of a text after its first one; None when there was no other."""
    return session.scalar(select(func.max(Delivery.id)).where(Delivery.resend_of == first_id))


def _wanted(query: Select[Any], wanted: LostQuery) -> Select[Any]:
    query = query.where(_IS_LOST, Delivery.created_at >= wanted.since)
    if tuple(wanted.states) != LOST:
        query = query.where(Delivery.state.in_(wanted.states))
    if wanted.until is not None:
        query = query.where(Delivery.created_at < wanted.until)
    if wanted.kinds:
        query = query.where(Delivery.kind.in_(wanted.kinds))
    if wanted.reason:
        query = query.where(Delivery.reason == wanted.reason)
    if wanted.broadcast_id is not None:
        query = query.where(Delivery.broadcast_id == wanted.broadcast_id)
    if wanted.tried_again:
        return query.where(exists().where(_FOLLOWS, _LATER.state.in_(UNDER_WAY)))
    return query.where(~exists().where(_FOLLOWS))


_LATER = aliased(Delivery)
_FOLLOWS = and_(
    _LATER.resend_of == func.coalesce(Delivery.resend_of, Delivery.id), _LATER.resends == Delivery.resends + 1
)
"""The next try of the same text: tries of a text are numbered, and a new one is made only of the last."""

# Literal: partial indexes are used only where the states stand in the statement itself.
_IS_LOST = Delivery.state.in_([literal_column(f"'{state}'") for state in LOST])
