"""What travels: messages in, status reports in, messages out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.errors import Scope


def storable(text: str) -> str:
    """The text as every database and carrier takes it: no NUL, and no half of a surrogate pair.

    PostgreSQL refuses the first, UTF-8 the second. Anything else stays as it was written.
    """
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice note or file that came with a message. Only noted, not fetched."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as a channel received it, verified and parsed, not yet stored.

    `sender` and `recipient` are addresses on the channel (E.164 for SMS); `provider_id`
    is the carrier's id and unique per channel; `opt_out_type` is the carrier's own
    STOP/START/HELP verdict when it already answered the keyword itself.
    """

    channel: str
    provider_id: str
    sender: str
    recipient: str
    body: str
    received_at: datetime
    media: tuple[Media, ...] = ()
    opt_out_type: str | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What the carrier says became of a message we sent. May arrive late, twice, in any order.

    `status` is the carrier's word; `delivery_id` the id we put into the callback URL, if it came back.
    Of a failure the channel knows more than the number: `reason` in plain words for staff, `resends`
    (how many later attempts make sense, 0 for none), `opted_out` (the carrier blocks this pair of numbers),
    `scope` (what else fails for the same cause), `next_day` (another attempt makes no sense today).
    `not_before` is when that day is over, once somebody who knows whose days count has said so.
    """

    channel: str
    provider_id: str
    status: str
    received_at: datetime
    delivery_id: int | None = None
    error_code: int | None = None
    reason: str | None = None
    resends: int = 0
    opted_out: bool = False
    scope: Scope = Scope.MESSAGE
    next_day: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One delivery on its way out, as a channel needs it. `sender` None: from what the channel chooses."""

    delivery_id: int
    recipient: str
    body: str
    status_callback: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """The carrier took the message: its id and its first status word."""

    provider_id: str
    status: str


@dataclass(frozen=True, slots=True)
class CarrierRecord:
    """A message as the carrier's own list shows it (used to reconcile unclear outcomes)."""

    provider_id: str
    recipient: str
    body: str
    status: str
    created_at: datetime
