"""Hands deliveries to their channels: claimed first, sent with nothing open, the result stored after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.errors import CarrierError
from bot.model.messages import CarrierRecord, OutboundMessage, SendResult
from bot.model.ports import Channel, Clock
from bot.outbox.gate import Gate
from bot.outbox.limits import Limits
from bot.outbox.reconciling import CLOCK_SKEW, Finding, Verdict, look_for
from bot.outbox.retrying import GIVE_UP_LOOKING_AFTER, UNCLEAR_ATTEMPTS
from bot.outbox.senders import Answer, judge_answer
from bot.outbox.settling import (
    begin_attempt,
    end,
    look_later,
    may_leave,
    next_look,
    put_back,
    settle_failure,
)
from bot.outbox.statuses import attach_id
from bot.school.quiet_hours import QuietHours
from bot.school.trial import Trial
from bot.storage.deliveries import Delivery, attached_ids, lock_delivery
from bot.storage.delivery_claims import (
    Lease,
    claim_unclear,
    claim_waiting,
    list_claimable,
    next_on_line,
    release_leases,
)
from bot.storage.session import Database

log = structlog.get_logger(__name__)

NEVER_ANSWERED = "The carrier never said whether it took the text, and does not list it."
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


@dataclass(frozen=True, slots=True)
class _Task:
    """A claimed row, as the network part needs it: plain values, no session."""

    id: int
    channel: str
    recipient: str
    body: str
    since: datetime
    attempts: int
    unclear: bool
    sender: str | None = None
    troubled: bool = False


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
        self._channels = channels
        self._clock = clock
        self._owner = owner
        self._rules = rules

    def send(self, delivery_id: int) -> int | None:
        """Take the delivery as far as it goes now; nothing when it is not its turn or another has it.

        The id of the next delivery to the same recipient that may go, if there is one.
        """
        task, following = self._claim(delivery_id)
        if task is not None and task.unclear:
            task, following = self._reconcile(task)
        return self._transmit(task) if task is not None else following

    def due(self, limit: int = 500, *, bulk: bool = False) -> Sequence[int]:
        """Deliveries that may go now, or whose outcome is to be looked into now; `bulk`: those of broadcasts."""
        now = self._clock.now()
        with self._database.read() as session:
            if bulk:
                room = self._rules.limits.room(session, now).rows
                limit = limit if room is None else min(limit, room)
            found = list_claimable(session, now, limit, bulk=bulk) if limit else ()
            return self._rules.limits.admitted(session, found, now)

    def recover(self, session: Session) -> int:
        """Take over what a dead process was sending. Only for a database that no other process sends from.

        Its rows are looked up at the carrier first, once its list can have caught up. How many there were.
        """
        return release_leases(session, except_owner=self._owner, until=self._clock.now() + self._rules.lag)

    def _lease(self) -> Lease:
        now = self._clock.now()
        return Lease(self._owner, now, now + self._rules.lease)

    def _claim(self, delivery_id: int) -> tuple[_Task | None, int | None]:
        lease = self._lease()
        with self._database.write() as session:
            if not self._rules.limits.admitted(session, [delivery_id], lease.now):
                return None, None
            row = claim_waiting(session, delivery_id, lease)
            if row is not None:
                return self._begin(session, row, lease.now)
            row = claim_unclear(session, delivery_id, lease)
            return (_task(row, lease.now, unclear=True), None) if row is not None else (None, None)

    def _begin(self, session: Session, row: Delivery, now: datetime) -> tuple[_Task | None, int | None]:
        """A claimed row goes out now, or ends or waits and lets the next one pass."""
        if may_leave(session, row, self._rules.gate, now):
            reserved = self._rules.limits.reserve(session, [row], now)
            if row.id in reserved.ready:
                row.sender = reserved.ready[row.id]
                begin_attempt(row, now)
                return _task(row, now, unclear=False, troubled=bool(reserved.troubled)), None
            put_back(row, reserved.later[row.id])
        return None, self._next(session, row, now)

    def _transmit(self, task: _Task) -> int | None:
        outcome = self._try(task)
        now = self._clock.now()
        with self._database.write() as session:
            row = lock_delivery(session, task.id)
            if row is None:
                return None
            self._note_health(session, task, outcome, now)
            if isinstance(outcome, SendResult):
                # Also when a report overtook this answer or the lease passed on: the id is a fact.
                attach_id(session, row, outcome.provider_id, outcome.status, now)
            elif self._holds(row, task):
                settle_failure(session, row, outcome, now, self._rules.lag)
            log.info(
                "delivery_tried",
                delivery_id=row.id,
                state=row.state,
                attempt=row.attempts,
                code=row.error_code,
            )
            return self._next(session, row, now)

    def _try(self, task: _Task) -> SendResult | CarrierError:
        channel = self._channels.get(task.channel)
        if channel is None:
            return CarrierError(f"There is no channel {task.channel!r} on this server.", permanent=True)
        callback = self._status_callback(channel)
        message = OutboundMessage(task.id, task.recipient, task.body, callback, task.sender)
        try:
            return channel.send(message)
        except CarrierError as error:
            return error
        except Exception as error:
            # A fault of ours after the request may have left: as unclear as a time-out.
            log.exception(
                "channel_failed", delivery_id=task.id, channel=task.channel, error=type(error).__name__
            )
            return CarrierError(
                "Sending broke off. We are asking the carrier what became of it.", ambiguous=True
            )

    def _note_health(
        self, session: Session, task: _Task, outcome: SendResult | CarrierError, now: datetime
    ) -> None:
        """What the answer says of the account and the number, beyond this text."""
        channel = self._channels.get(task.channel)
        if channel is not None:
            answer = Answer(channel.account, task.channel, task.sender, outcome, now)
            judge_answer(session, answer, troubled=task.troubled)

    def _reconcile(self, task: _Task) -> tuple[_Task | None, int | None]:
        records = self._look_up(task)
        lease = self._lease()
        with self._database.write() as session:
            row = lock_delivery(session, task.id)
            if row is None or not self._holds(row, task):
                return None, None
            finding = _judge(session, task, records) if records is not None else None
            log.info(
                "delivery_looked_up", delivery_id=row.id, finding=finding.verdict if finding else "no answer"
            )
            if finding is not None and finding.verdict is Verdict.ABSENT and row.attempts < UNCLEAR_ATTEMPTS:
                row.lease_until = lease.until
                return self._begin(session, row, lease.now)
            self._conclude(session, row, finding, lease.now)
            return None, self._next(session, row, lease.now)

    def _conclude(self, session: Session, row: Delivery, finding: Finding | None, now: datetime) -> None:
        if finding is not None and finding.record is not None:
            attach_id(session, row, finding.record.provider_id, finding.record.status, now)
        elif finding is not None and finding.verdict is Verdict.ABSENT:
            end(row, DeliveryState.FAILED, NEVER_ANSWERED, now)
        elif finding is not None or now - (row.first_attempt_at or now) > GIVE_UP_LOOKING_AFTER:
            end(row, DeliveryState.UNRESOLVED, NOBODY_KNOWS, now)
        else:
            look_later(row, next_look(row, now, self._rules.lag))

    def _look_up(self, task: _Task) -> Sequence[CarrierRecord] | None:
        channel = self._channels.get(task.channel)
        if channel is None:
            return None
        try:
            return channel.find_sent(task.recipient, task.since - CLOCK_SKEW, task.sender)
        except Exception as error:
            log.warning("carrier_not_asked", delivery_id=task.id, error=type(error).__name__)
            return None

    def _holds(self, row: Delivery, task: _Task) -> bool:
        """False when the lease passed on, be it to another thread of this owner, or a report settled the row."""
        mine = row.owner == self._owner and row.attempts == task.attempts
        return mine and row.state == DeliveryState.SENDING

    def _next(self, session: Session, row: Delivery, now: datetime) -> int | None:
        session.flush()
        return next_on_line(session, row.channel, row.recipient, now)

    def _status_callback(self, channel: Channel) -> str | None:
        if not self._rules.public_base_url or not channel.status_path:
            return None
        return self._rules.public_base_url + channel.status_path


def _task(row: Delivery, now: datetime, *, unclear: bool, troubled: bool = False) -> _Task:
    since = row.first_attempt_at or now
    line = (row.id, row.channel, row.recipient, row.body)
    return _Task(*line, since, row.attempts, unclear, row.sender, troubled)


def _judge(session: Session, task: _Task, records: Sequence[CarrierRecord]) -> Finding:
    attached = attached_ids(session, task.channel, [record.provider_id for record in records])
    return look_for(task.body, task.since, records, attached)
