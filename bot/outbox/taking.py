"""Texts that the carrier took, and nothing else is to be said of: one statement, be they one or many."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.messages import SendResult
from bot.outbox.carrier_calls import Attempt, Outcome
from bot.outbox.statuses import MEANING, attach_strays_of
from bot.storage.bulk_claims import Taken, list_overtaken, store_taken


def plainly_taken(attempt: Attempt, outcome: Outcome) -> Taken | None:
    """The success that needs no look at its row; None for anything else."""
    if not isinstance(outcome, SendResult) or attempt.troubled:
        return None
    if MEANING.get(outcome.status, DeliveryState.SENT) is not DeliveryState.SENT:
        return None
    return Taken(attempt.id, attempt.attempts, attempt.channel, outcome.provider_id)


def note_taken(session: Session, owner: str, sent: Collection[Taken], now: datetime) -> frozenset[int]:
    """Note that the carrier took these. The ids of those of which nothing is left to do."""
    if store_taken(session, owner, sent, now):
        done = frozenset(one.delivery_id for one in sent)
    else:
        done = list_overtaken(session, sent)
    for channel in {one.channel for one in sent}:
        attach_strays_of(session, channel, [one.provider_id for one in sent])
    return done
