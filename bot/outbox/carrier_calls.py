"""What goes over the network: a text to its carrier, and the question what became of one. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.model.errors import CarrierError, Scope
from bot.model.messages import CarrierRecord, OutboundMessage, SendResult
from bot.model.ports import Channel
from bot.outbox.reconciling import CLOCK_SKEW
from bot.outbox.senders import Answer
from bot.storage.delivery_rows import DeliveryRow

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A claimed row as the network part needs it: plain values, no session.

    `since` is when its first try began, `looked_at` when it was last seen that it may leave. `unclear`: an
    earlier try may have got through, so that the carrier is asked first. `sender` is what it leaves from (None:
    what its channel chooses). `troubled`: the account had failed before, so that its being taken is news.
    """

    id: int
    channel: str
    recipient: str
    body: str
    since: datetime
    attempts: int
    looked_at: datetime
    unclear: bool = False
    sender: str | None = None
    troubled: bool = False


Outcome = SendResult | CarrierError


def attempt_of(row: DeliveryRow, now: datetime, *, unclear: bool = False, troubled: bool = False) -> Attempt:
    """The attempt that a claimed row stands for."""
    line, since = (row.id, row.channel, row.recipient, row.body), row.first_attempt_at or now
    return Attempt(*line, since, row.attempts, now, unclear, row.sender, troubled)


class CarrierCalls:
    """The channels, as the outbox uses them. Safe to use from several threads."""

    def __init__(self, channels: Mapping[str, Channel], public_base_url: str | None) -> None:
        self._channels = channels
        self._public_base_url = public_base_url
        self._taken_since_failure: set[str] = set()

    def send(self, attempt: Attempt) -> Outcome:
        """Hand the text over. Whatever goes wrong comes back as an error that says what is known."""
        channel = self._channels.get(attempt.channel)
        if channel is None:
            return CarrierError(f"There is no channel {attempt.channel!r} on this server.", permanent=True)
        callback = self._status_callback(channel)
        message = OutboundMessage(attempt.id, attempt.recipient, attempt.body, callback, attempt.sender)
        try:
            result = channel.send(message)
            self._taken_since_failure.add(channel.account)
            return result
        except CarrierError as error:
            return error
        except Exception as error:
            # A fault of ours after the request may have left: as unclear as a time-out.
            log.exception(
                "channel_failed", delivery_id=attempt.id, channel=attempt.channel, error=type(error).__name__
            )
            return CarrierError(
                "Sending broke off. We are asking the carrier what became of it.", ambiguous=True
            )

    def look_up(self, attempt: Attempt) -> Sequence[CarrierRecord] | None:
        """What the carrier lists to the recipient since the first try; None when it gives no answer."""
        channel = self._channels.get(attempt.channel)
        if channel is None:
            return None
        try:
            return channel.find_sent(attempt.recipient, attempt.since - CLOCK_SKEW, attempt.sender)
        except Exception as error:
            log.warning("carrier_not_asked", delivery_id=attempt.id, error=type(error).__name__)
            return None

    def answer(self, attempt: Attempt, outcome: Outcome, now: datetime) -> Answer | None:
        """What the outcome may say of the account and the number; None without a channel."""
        channel = self._channels.get(attempt.channel)
        if channel is None:
            return None
        well = channel.account in self._taken_since_failure
        if isinstance(outcome, CarrierError) and outcome.scope is Scope.ACCOUNT:
            self._taken_since_failure.discard(channel.account)
        return Answer(channel.account, attempt.channel, attempt.sender, outcome, now, well)

    def _status_callback(self, channel: Channel) -> str | None:
        if not self._public_base_url or not channel.status_path:
            return None
        return self._public_base_url + channel.status_path
