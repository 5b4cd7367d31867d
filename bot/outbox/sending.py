"""Hands deliveries to their channels: claimed first, sent with nothing open, the result stored after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.errors import CarrierError
from bot.model.messages import CarrierRecord, SendResult
from bot.model.ports import Channel, Clock
from bot.outbox.carrier_calls import Attempt, CarrierCalls, Outcome, attempt_of
from bot.outbox.gate import Gate
from bot.outbox.leaving import begin_attempts, may_leave, take_back_attempt
from bot.outbox.limits import Limits
from bot.outbox.reconciling import Finding, Verdict, look_for
from bot.outbox.retrying import GIVE_UP_LOOKING_AFTER, UNCLEAR_ATTEMPTS
from bot.outbox.senders import judge_answer
from bot.outbox.settling import end, look_later, next_look, put_back, settle_failure
from bot.outbox.statuses import attach_id
from bot.outbox.taking import note_taken, plainly_taken
from bot.school.quiet_hours import QuietHours
from bot.school.trial import Trial
from bot.storage.deliveries import attached_ids
from bot.storage.delivery_claims import (
    Lease,
    claim_unclear,
    claim_waiting,
    list_claimable,
    next_on_line,
    release_leases,
)
from bot.storage.delivery_rows import DeliveryRow, lock_delivery, store_rows
from bot.storage.session import Database

log = structlog.get_logger(__name__)

NEVER_ANSWERED = "The carrier never said whether it took the text, and does not list it."
STOOD_STILL = "We stood still before it could be sent. It is tried again."
NOBODY_KNOWS = "Nobody can tell whether the text was sent: the carrier gives no answer about it."


@dataclass(frozen=True, slots=True)
class SendingRules:
    """How sends are made. `public_base_url` is where status reports come to (None: none are asked for).

    `lease` outlasts every time-out of the channel. `lag` is how long the carrier's list may be behind.
    `bulk_ahead` is the pause between two looks at the bulk that waits (`Limits.ahead`).
    """

    rest: QuietHours
    public_base_url: str | None = None
    lease: timedelta = timedelta(seconds=60)
    lag: timedelta = timedelta(seconds=30)
    bulk_ahead: timedelta = timedelta(seconds=1)
    trial: Trial = Trial()

    @property
    def gate(self) -> Gate:
        """What keeps a text from leaving."""
        return Gate(self.rest, self.trial)

    @property
    def limits(self) -> Limits:
        """Which texts may leave now, and from what."""
        return Limits(self.rest.zone, self.bulk_ahead)


class Sender:
    """One worker's way to the carriers. Safe to use from several threads."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Clock,
        owner: str,
        rules: SendingRules,
    ) -> None:
        self._database = database
        self._calls = CarrierCalls(channels, rules.public_base_url)
        self._clock = clock
        self._rules = rules
        self.owner = owner

    def send(self, delivery_id: int) -> int | None:
        """Take the delivery as far as it goes now; nothing when it is not its turn or another has it.

        The id of the next delivery to the same recipient that may go, if there is one.
        """
        attempt, following = self._claim(delivery_id)
        if attempt is not None and attempt.unclear:
            attempt, following = self._reconcile(attempt)
        return self.settle(attempt, self.carry(attempt)) if attempt is not None else following

    def due(self, limit: int = 500) -> Sequence[int]:
        """Deliveries that may go now, or whose outcome is to be looked into now, but for those of broadcasts."""
        now = self._clock.now()
        with self._database.read() as session:
            return self._rules.limits.admitted(session, list_claimable(session, now, limit), now)

    def room(self, session: Session, most: int, now: datetime) -> int:
        """How many texts of broadcasts the senders' limits let leave at this moment, `most` at most."""
        rows = self._rules.limits.room(session, now).rows
        return most if rows is None else min(most, rows)

    def recover(self, session: Session) -> int:
        """Take over what a dead process was sending. Only for a database that no other process sends from.

        Its rows are looked up at the carrier first, once its list can have caught up. How many there were.
        """
        return release_leases(session, except_owner=self.owner, until=self._clock.now() + self._rules.lag)

    def lease(self) -> Lease:
        """A claim from now on."""
        now = self._clock.now()
        return Lease(self.owner, now, now + self._rules.lease)

    def begin(self, session: Session, rows: Sequence[DeliveryRow], now: datetime) -> list[Attempt]:
        """Claimed rows go out now, their tries counted, or end, or wait. Every text that leaves passes here."""
        allowed = may_leave(session, rows, self._rules.gate, now)
        reserved = self._rules.limits.reserve(session, allowed, now)
        for row in allowed:
            if row.id in reserved.later:
                put_back(row, reserved.later[row.id])
            else:
                row.sender = reserved.ready[row.id]
        leaving = [row for row in allowed if row.id in reserved.ready]
        begin_attempts(leaving, now)
        store_rows(session, rows)
        troubled = bool(reserved.troubled)
        return [attempt_of(row, now, troubled=troubled) for row in leaving]

    def look_again(self, attempt: Attempt) -> Attempt | None:
        """Once more the last look, and a new lease, for a text that had to wait since; None when it stays."""
        lease = self.lease()
        # Not durable: when a power cut takes this, the row is unclear, and is looked into.
        with self._database.write(durable=False) as session:
            row = lock_delivery(session, attempt.id)
            if row is None or not self._holds(row, attempt):
                return None
            if not may_leave(session, [row], self._rules.gate, lease.now):
                take_back_attempt(row)
                store_rows(session, [row])
                return None
            row.lease_until = lease.until
            store_rows(session, [row])
        return replace(attempt, looked_at=lease.now)

    def carry(self, attempt: Attempt) -> Outcome:
        """The network call, with nothing open.

        Not when the process stood still since it looked: by the time the answer came the lease could be
        another's, and the text would leave twice. Then nothing was sent, and it is tried again.
        """
        if self._clock.now() - attempt.looked_at > self._rules.lease / 2:
            return CarrierError(STOOD_STILL)
        return self._calls.send(attempt)

    def settle(self, attempt: Attempt, outcome: Outcome) -> int | None:
        """Store what came of a try. The next delivery to the same recipient that may go, if there is one."""
        now = self._clock.now()
        plain = plainly_taken(attempt, outcome)
        # Taken need not be durable: when a power cut takes this, the text is found again at the carrier.
        with self._database.write(durable=plain is None) as session:
            if plain is not None and note_taken(session, self.owner, [plain], now):
                log.info("delivery_tried", delivery_id=attempt.id, state="sent", attempt=attempt.attempts)
                return next_on_line(session, attempt.channel, attempt.recipient, now)
            return self._settle(session, attempt, outcome, now)

    def _settle(self, session: Session, attempt: Attempt, outcome: Outcome, now: datetime) -> int | None:
        row = lock_delivery(session, attempt.id)
        if row is None:
            return None
        self._note_health(session, attempt, outcome, now)
        if isinstance(outcome, SendResult):
            # Also when a report overtook this answer or the lease passed on: the id is a fact.
            attach_id(session, row, outcome.provider_id, outcome.status, now)
        elif self._holds(row, attempt):
            settle_failure(session, row, outcome, now, self._rules.lag)
            store_rows(session, [row])
        log.info(
            "delivery_tried",
            delivery_id=row.id,
            state=row.state,
            attempt=row.attempts,
            code=row.error_code,
        )
        return self._next(session, row, now)

    def _note_health(self, session: Session, attempt: Attempt, outcome: Outcome, now: datetime) -> None:
        """What the answer says of the account and the number, beyond this text."""
        answer = self._calls.answer(attempt, outcome, now)
        if answer is not None:
            judge_answer(session, answer, troubled=attempt.troubled)

    def _claim(self, delivery_id: int) -> tuple[Attempt | None, int | None]:
        lease = self.lease()
        with self._database.write() as session:
            if not self._rules.limits.admitted(session, [delivery_id], lease.now):
                return None, None
            row = claim_waiting(session, delivery_id, lease)
            if row is not None:
                return self._begin(session, row, lease.now)
            row = claim_unclear(session, delivery_id, lease)
            return (attempt_of(row, lease.now, unclear=True), None) if row is not None else (None, None)

    def _begin(self, session: Session, row: DeliveryRow, now: datetime) -> tuple[Attempt | None, int | None]:
        """A claimed row goes out now, or ends or waits and lets the next one pass."""
        for attempt in self.begin(session, [row], now):
            return attempt, None
        return None, self._next(session, row, now)

    def _reconcile(self, attempt: Attempt) -> tuple[Attempt | None, int | None]:
        records = self._calls.look_up(attempt)
        lease = self.lease()
        with self._database.write() as session:
            row = lock_delivery(session, attempt.id)
            if row is None or not self._holds(row, attempt):
                return None, None
            finding = _judge(session, attempt, records) if records is not None else None
            log.info(
                "delivery_looked_up", delivery_id=row.id, finding=finding.verdict if finding else "no answer"
            )
            if finding is not None and finding.verdict is Verdict.ABSENT and row.attempts < UNCLEAR_ATTEMPTS:
                row.lease_until = lease.until
                return self._begin(session, row, lease.now)
            self._conclude(session, row, finding, lease.now)
            return None, self._next(session, row, lease.now)

    def _conclude(self, session: Session, row: DeliveryRow, finding: Finding | None, now: datetime) -> None:
        if finding is not None and finding.record is not None:
            attach_id(session, row, finding.record.provider_id, finding.record.status, now)
        elif finding is not None and finding.verdict is Verdict.ABSENT:
            end(row, DeliveryState.FAILED, NEVER_ANSWERED, now)
        elif finding is not None or now - (row.first_attempt_at or now) > GIVE_UP_LOOKING_AFTER:
            end(row, DeliveryState.UNRESOLVED, NOBODY_KNOWS, now)
        else:
            look_later(row, next_look(row, now, self._rules.lag))
        store_rows(session, [row])

    def _holds(self, row: DeliveryRow, attempt: Attempt) -> bool:
        """False when the lease passed on, be it to another thread of this owner, or a report settled the row."""
        mine = row.owner == self.owner and row.attempts == attempt.attempts
        return mine and row.state == DeliveryState.SENDING

    def _next(self, session: Session, row: DeliveryRow, now: datetime) -> int | None:
        return next_on_line(session, row.channel, row.recipient, now)


def _judge(session: Session, attempt: Attempt, records: Sequence[CarrierRecord]) -> Finding:
    attached = attached_ids(session, attempt.channel, [record.provider_id for record in records])
    return look_for(attempt.body, attempt.since, records, attached)
