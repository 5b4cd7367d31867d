"""The pool of senders: kept as the settings say, and a number that its carrier refuses is rested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.model.errors import CarrierError, Scope
from bot.model.messages import SendResult, StatusReport
from bot.model.pace import SenderLimits
from bot.model.ports import Channel
from bot.outbox.breaker import note_failure, note_success
from bot.outbox.retrying import Backoff
from bot.storage.carrier_accounts import add_account
from bot.storage.deliveries import StatusEvent
from bot.storage.delivery_rows import DeliveryRow
from bot.storage.sender_numbers import add_sender, find_sender, free_lines, list_senders, lock_senders

log = structlog.get_logger(__name__)

LONGEST_REST = timedelta(minutes=10)
RESTS = Backoff(first=timedelta(seconds=5), longest=LONGEST_REST, attempts=0)
"""How long a number rests whose queue at the carrier is full, or that may not send."""

FORGOTTEN_AFTER = timedelta(minutes=10)
"""So long after its last rest a number begins with the shortest one again."""


def keep_in_step(session: Session, channels: Iterable[Channel], now: datetime) -> None:
    """Make the rows of senders what the settings say. Lines of a sender that is gone are free for another.

    Several processes may do so at once.
    """
    for channel in channels:
        if channel.senders:
            add_account(session, channel.account)
        for limits in channel.senders:
            _adopt(session, channel, limits, now)
        wanted = {limits.address for limits in channel.senders}
        for sender in list_senders(session, [channel.name]):
            if sender.address not in wanted:
                sender.active, sender.lines = False, 0
                free_lines(session, sender.id)


def _adopt(session: Session, channel: Channel, limits: SenderLimits, now: datetime) -> None:
    add_sender(session, channel.name, limits.address, channel.account, now)
    sender = find_sender(session, channel.name, limits.address)
    assert sender is not None
    sender.account, sender.active = channel.account, True
    sender.rate, sender.daily_segments = limits.rate, limits.daily


@dataclass(frozen=True, slots=True)
class Answer:
    """What a carrier said to one text: on which account and channel, from which sender, and when.

    `well`: the account took a text of this process since the last failure that was noted here.
    """

    account: str
    channel: str
    sender: str | None
    outcome: SendResult | CarrierError
    now: datetime
    well: bool = False


def judge_answer(session: Session, answer: Answer, *, troubled: bool) -> None:
    """Note what the answer says of the account and the number. Nothing to do for most.

    `troubled`: the account had failed before this text left, so that its being taken is news.
    """
    error = answer.outcome
    if isinstance(error, CarrierError) and error.scope is Scope.ACCOUNT:
        note_failure(session, answer.account, error, answer.now, first=answer.well)
    elif isinstance(error, CarrierError) and error.scope is Scope.SENDER and answer.sender:
        _rest(session, answer.channel, answer.sender, error, answer.now)
    elif troubled and not (isinstance(error, CarrierError) and error.ambiguous):
        note_success(session, answer.account, answer.now)


def judge_late_failure(session: Session, delivery: DeliveryRow, event: StatusReport | StatusEvent) -> None:
    """A report says that a text failed for its sender or its account: they rest as after the same refusal at once.

    What does not pass by itself (no later try makes sense) rests them for long: the carrier goes on taking
    texts for such an account, so that a text it takes proves nothing.
    """
    scope = Scope(event.scope)
    sender = find_sender(session, delivery.channel, delivery.sender) if delivery.sender else None
    if scope is Scope.MESSAGE or sender is None:
        return
    lasting = not event.resends
    error = CarrierError(
        event.reason or "", code=event.error_code, permanent=lasting, scope=scope,
        retry_after=LONGEST_REST.total_seconds() if lasting else None,
    )  # fmt: skip
    if scope is Scope.ACCOUNT:
        note_failure(session, sender.account, error, event.received_at)
    else:
        _rest(session, sender.channel, sender.address, error, event.received_at)


def _rest(session: Session, channel: str, address: str, error: CarrierError, now: datetime) -> None:
    """After a refusal of the number itself: nothing more from it for a while, each time longer."""
    sender = find_sender(session, channel, address)
    if sender is None:
        return
    lock_senders(session, [sender.id])
    if sender.paused_until is not None and sender.paused_until > now:
        return  # several texts were on their way when it was refused first
    rested_lately = sender.paused_until is not None and now - sender.paused_until < FORGOTTEN_AFTER
    sender.pauses = sender.pauses + 1 if rested_lately else 1
    pause = max(
        RESTS.pause(sender.id, sender.pauses),
        timedelta(seconds=min(error.retry_after or 0, LONGEST_REST.total_seconds())),
    )
    sender.paused_until, sender.pause_reason = now + pause, str(error)
    log.error("sender_rests", sender_id=sender.id, seconds=round(pause.total_seconds()), code=error.code)
