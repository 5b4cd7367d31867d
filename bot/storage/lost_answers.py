"""Cases that count as answered although the answer reached nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.storage.cases import CaseEvent
from bot.storage.deliveries import Delivery

_NEVER_ARRIVED = frozenset({"failed", "undelivered", "expired", "suppressed", "cancelled"})
"""States in which a try of an answer ended without the phone having it. An unresolved one may have arrived."""


def cases_with_lost_answer(session: Session, case_ids: Collection[int]) -> frozenset[int]:
    """Which of these cases were answered last with a text of which no try arrived or is under way."""
    last = (
        select(func.max(CaseEvent.id))
        .where(CaseEvent.case_id.in_(case_ids), CaseEvent.kind == "reply")
        .group_by(CaseEvent.case_id)
    )
    answered = select(CaseEvent.delivery_id, CaseEvent.case_id).where(
        CaseEvent.id.in_(last), CaseEvent.delivery_id.is_not(None)
    )
    answers = {text: case for text, case in session.execute(answered)}
    tries = session.execute(
        select(func.coalesce(Delivery.resend_of, Delivery.id), Delivery.state).where(
            or_(Delivery.id.in_(answers), Delivery.resend_of.in_(answers))
        )
    )
    states: dict[int, set[str]] = defaultdict(set)
    for first, state in tries:
        states[first].add(state)
    return frozenset(answers[first] for first, ended in states.items() if ended <= _NEVER_ARRIVED)
