"""From a say to a row that will be sent: rendered, checked against consent and the hours of rest, stored once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.dialogue import Say
from bot.model.ports import JobQueue
from bot.outbox.parts import split_body
from bot.outbox.phrasebook import Phrasebook, Rendered
from bot.outbox.quiet_hours import QuietHours
from bot.outbox.segments import count_segments
from bot.school.consent import is_barred
from bot.school.policy import Policy
from bot.storage.deliveries import Delivery, add_once

SEND_DELIVERY = "send_delivery"
"""The job that hands one delivery to its channel."""

UNASKED = frozenset({"staff", "reminder"})
"""Kinds that wait until the hours of rest are over. Answers, confirmations and alarms do not."""

STOPPED = "The family said STOP: nothing is sent until they text START."
STALE = "It was worth nothing any more by the time it could have been sent."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSay:
    """One message to one address, and what caused it.

    `dedupe_key` names the cause: a second say for the same cause is not sent. `due_at` is when it
    should leave (None: now), `expires_at` when it is worthless. Higher `priority` leaves first.
    """

    say: Say
    channel: str
    recipient: str
    language: str
    dedupe_key: str
    now: datetime
    kind: str = "reply"
    conversation_id: int | None = None
    contact_id: int | None = None
    turn_id: int | None = None
    case_id: int | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Prospect:
    """How a say would leave: what the phone shows, in which state its row starts, when it is due, and why."""

    rendered: Rendered
    state: DeliveryState
    due_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """The row (the first, when the text needed several) and the labels of the choices as rendered."""

    delivery: Delivery
    labels: tuple[str, ...]


class Queueing:
    """Turns says into deliveries."""

    def __init__(self, phrasebook: Phrasebook, queue: JobQueue, policy: Policy, zone: ZoneInfo) -> None:
        self._phrasebook = phrasebook
        self._queue = queue
        self._rest = QuietHours(policy.quiet_from, policy.quiet_until, zone)

    def queue(self, session: Session, outgoing: OutgoingSay) -> Queued:
        """Store the say in the caller's transaction and have it sent after the commit.

        A text longer than a carrier takes becomes several rows. A repeat (same `dedupe_key`) gives
        back the row of the first time and sends nothing.
        """
        prospect = self.preview(session, outgoing)
        bodies = split_body(prospect.rendered.body)
        rows = [
            self._store(session, outgoing, prospect, body, number) for number, body in enumerate(bodies, 1)
        ]
        return Queued(rows[0], prospect.rendered.labels)

    def preview(self, session: Session, outgoing: OutgoingSay) -> Prospect:
        """What would become of the say; changes nothing."""
        rendered = self._phrasebook.render(outgoing.say, outgoing.language)
        due_at = max(outgoing.due_at or outgoing.now, outgoing.now)
        if is_barred(session, outgoing.channel, outgoing.recipient, outgoing.kind):
            return Prospect(rendered, DeliveryState.SUPPRESSED, due_at, STOPPED)
        allowed = self._rest.next_allowed(due_at) if outgoing.kind in UNASKED else due_at
        if outgoing.expires_at is not None and outgoing.expires_at <= allowed:
            return Prospect(rendered, DeliveryState.EXPIRED, due_at, STALE)
        state = DeliveryState.HELD if allowed > due_at else DeliveryState.QUEUED
        return Prospect(rendered, state, allowed)

    def _store(
        self, session: Session, outgoing: OutgoingSay, prospect: Prospect, body: str, number: int
    ) -> Delivery:
        waits = prospect.state in (DeliveryState.HELD, DeliveryState.QUEUED)
        row = Delivery(
            dedupe_key=outgoing.dedupe_key if number == 1 else f"{outgoing.dedupe_key}/{number}",
            kind=outgoing.kind,
            channel=outgoing.channel,
            recipient=outgoing.recipient,
            conversation_id=outgoing.conversation_id,
            contact_id=outgoing.contact_id,
            turn_id=outgoing.turn_id,
            case_id=outgoing.case_id,
            language=outgoing.language,
            body=body,
            original=prospect.rendered.original,
            original_language=prospect.rendered.original_language,
            segments=count_segments(body),
            state=prospect.state.value,
            priority=outgoing.priority,
            due_at=prospect.due_at,
            expires_at=outgoing.expires_at,
            created_at=outgoing.now,
            finished_at=None if waits else outgoing.now,
            reason=prospect.reason,
        )
        stored, new = add_once(session, row)
        if new and waits:
            later = prospect.due_at if prospect.due_at > outgoing.now else None
            line = f"{stored.channel}:{stored.recipient}"
            self._queue.enqueue(
                session, SEND_DELIVERY, stored.id, key=line, at=later, priority=stored.priority
            )
        return stored
