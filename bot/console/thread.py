"""What was said on a line and done about a case, in the order it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.console.lost_words import AGAIN
from bot.console.words import DELIVERY, Standing
from bot.model.delivery import DeliveryState
from bot.storage.cases import CaseEvent
from bot.storage.conversations import Conversation, Message, Turn
from bot.storage.deliveries import Delivery
from bot.storage.threads import find_authors, list_case_events, list_deliveries, list_messages

LONGEST = 200
"""Messages each way that a page shows."""

SPOKEN = frozenset({"reply", "barred", "message", "opened"})
"""Events that the thread shows already as what was said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the thread. `side`: family, bot, staff, or event (a note, a change of hands)."""

    at: datetime
    side: str
    kind: str
    text: str
    language: str = ""
    original: str | None = None
    original_language: str | None = None
    author: str = ""
    segments: int = 0
    standing: Standing | None = None
    reason: str | None = None
    due_at: datetime | None = None
    again_at: datetime | None = None
    media: int = 0
    understood: Mapping[str, Any] = field(default_factory=dict)
    about_case: bool = False


def read_thread(
    session: Session, line: Conversation | None, case_id: int | None, *, since: datetime | None = None
) -> Sequence[Entry]:
    """The thread of a line, with what happened to a case in between, oldest first, from `since` on."""
    events = list_case_events(session, case_id) if case_id is not None else []
    about = {event.message_id for event in events if event.message_id is not None}
    messages = list_messages(session, line.channel, line.address, LONGEST) if line else []
    deliveries = list_deliveries(session, line.id if line else None, LONGEST, case_id=case_id)
    authors = find_authors(session, [d.id for d in deliveries if d.kind == "staff"])
    language = line.language if line else ""
    entries = [_heard(message, turn, language, message.id in about) for message, turn in messages]
    entries += [_said(delivery, authors.get(delivery.id, "")) for delivery in deliveries]
    entries += [_done(event) for event in events if event.kind not in SPOKEN]
    return sorted((e for e in entries if since is None or e.at >= since), key=lambda entry: entry.at)


def _heard(message: Message, turn: Turn | None, line_language: str, about_case: bool) -> Entry:
    understood = (turn.understood if turn else None) or {}
    return Entry(
        at=message.received_at,
        side="family",
        kind="message",
        text=message.body,
        language=understood.get("written_in") or understood.get("language") or line_language,
        media=len(message.media or []),
        understood=understood,
        about_case=about_case,
    )


def _said(delivery: Delivery, author: str) -> Entry:
    state = DeliveryState(delivery.state)
    waits_till = delivery.due_at if state is DeliveryState.HELD else None
    again_at = waits_till if delivery.resends else None
    return Entry(
        at=delivery.created_at,
        side="staff" if delivery.kind == "staff" else "bot",
        kind=delivery.kind,
        text=delivery.body,
        language=delivery.language,
        original=delivery.original,
        original_language=delivery.original_language,
        author=author,
        segments=delivery.segments,
        standing=AGAIN if again_at else DELIVERY[state],
        reason=delivery.reason,
        due_at=None if again_at else waits_till,
        again_at=again_at,
    )


def _done(event: CaseEvent) -> Entry:
    return Entry(at=event.at, side="event", kind=event.kind, text=event.text, author=event.actor)
