"""A small carrier for development and tests that speaks the part of Twilio's API (2010-04-01) that we use.

Inside the product it is a blueprint; alone it is a process: `python -m bot.simulator.carrier --help`.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from bot.outbox.segments import count_segments
from bot.simulator.carrier_courier import Courier, SignedPost
from bot.simulator.carrier_ledger import AUTOMATIC, INBOUND, OUTBOUND, Entry, Ledger
from bot.simulator.carrier_mischief import Dice, Mischief
from bot.simulator.carrier_problems import Order, late_failure, refuse

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


@dataclass(frozen=True, slots=True)
class CarrierAccount:
    """The account the carrier serves. `public_base_url` is the product's address as it signs it,
    `reach_at` where it really connects, when that differs."""

    account_sid: str
    auth_token: str
    number: str
    public_base_url: str
    api_key: str = ""
    api_secret: str = ""
    reach_at: str = ""

    def admits(self, user: str, password: str) -> bool:
        """True for the account's own credentials or its API key's."""
        return (user, password) == (self.account_sid, self.auth_token) or (
            bool(self.api_key) and (user, password) == (self.api_key, self.api_secret)
        )


@dataclass
class Carrier:
    """Takes texts, reports what became of them, and brings in what telephones write. Safe in several threads.

    `repeat_reports_seconds` is the pause after which a report that was not acknowledged is sent again, for
    ever (0: never again). Twilio itself repeats only what it is told to, and not for ever.
    """

    account: CarrierAccount
    ledger: Ledger
    mischief: Mischief = Mischief()
    sent_after_seconds: float = 0.2
    delivered_after_seconds: float = 0.8
    reports: bool = True
    seed: int | None = None
    repeat_reports_seconds: float = 0.0
    _dice: Dice = field(init=False)

    def __post_init__(self) -> None:
        self.misbehave(self.mischief)
        self._post = SignedPost(self.account.auth_token, self.account.reach_at)
        self._outbound = Courier("carrier-reports", threads=4)
        self._inbound = Courier("carrier-inbound", threads=1)
        for entry in self.ledger.unfinished():  # an earlier process ended before these were done
            self._plan(entry)

    def misbehave(self, mischief: Mischief) -> None:
        """Fail in this way from now on."""
        self.mischief, self._dice = mischief, Dice(mischief, self.seed)

    def take(self, order: Order) -> Entry | int:
        """Take a text to send. Its entry, or the error number of the refusal."""
        problem = refuse(order)
        sender = order.sender or self.account.number
        if problem is None and self.ledger.is_blocked(sender, order.recipient):
            problem = 21610
        if problem is not None:
            return problem
        status = "accepted" if order.service else "queued"
        way = (sender, order.recipient)
        entry = self._write(OUTBOUND, way, order.body, status, order)
        self._plan(entry)
        return entry

    def receive(self, sender: str, body: str, recipient: str = "") -> str:
        """A telephone writes: the text goes to the product's webhook, in the background. Its id.

        English keywords are obeyed and answered by the carrier itself, as Twilio does by default.
        """
        ours = recipient or self.account.number
        entry = self._write(INBOUND, (sender, ours), body, "received")
        self._obey(ours, sender, body)
        url = f"{self.account.public_base_url}/twilio/messages"
        fields = self._webhook_fields(entry)
        self._inbound.add(lambda: _ignore(self._post.post(url, fields)))
        return entry.sid

    def trouble(self, recipient: str = "") -> str | None:
        """What goes wrong with this try to hand over a text; the ledger counts it."""
        name = self._dice.roll(recipient)
        if name is not None:
            self.ledger.count_mishap(name)
        return name

    def settle(self, timeout_seconds: float = 10.0) -> bool:
        """Wait until every report and every inbound text was brought. False when it took too long."""
        return self._inbound.settle(timeout_seconds) and self._outbound.settle(timeout_seconds)

    def close(self) -> None:
        """Stop the background work and close the ledger."""
        self._inbound.close()
        self._outbound.close()
        self.ledger.close()

    def _write(
        self, direction: str, way: tuple[str, str], body: str, status: str, order: Order | None = None
    ) -> Entry:
        """Put a text into the ledger. `way` is the sender's number and the recipient's."""
        now, (sender, recipient) = time.time(), way
        entry = Entry(
            sid=f"SM{secrets.token_hex(16)}",
            direction=direction,
            sender=sender,
            recipient=recipient,
            body=body,
            status=status,
            created=now,
            updated=now,
            sent=None if direction == OUTBOUND else now,
            service=(order.service if order else "") or None,
            callback=urldefrag(order.callback).url or None
            if order
            else None,  # how to try again is not signed
        )
        self.ledger.add(entry)
        return entry

    def _plan(self, entry: Entry) -> None:
        """Have the text pass through its statuses."""
        code = late_failure(entry.recipient)
        last = ("delivered", None) if code is None else ("undelivered", code)
        if entry.status == "accepted":  # only a messaging service reports that it queued the text
            self._outbound.add(lambda: self._advance(entry, "queued", None))
        if entry.status != "sent":
            self._outbound.add(lambda: self._advance(entry, "sent", None), self.sent_after_seconds)
        self._outbound.add(lambda: self._advance(entry, *last), self.delivered_after_seconds)

    def _advance(self, entry: Entry, status: str, error_code: int | None) -> None:
        self.ledger.advance(entry.sid, status, time.time(), error_code)
        if entry.callback and self.reports:
            self._report(entry.callback, self._report_fields(entry, status, error_code))

    def _report(self, url: str, fields: Mapping[str, str]) -> None:
        acknowledged = self._post.post(url, fields) in (200, 204)
        if not acknowledged and self.repeat_reports_seconds:
            self._outbound.add(lambda: self._report(url, fields), self.repeat_reports_seconds)

    def _obey(self, ours: str, theirs: str, body: str) -> None:
        word = body.strip().upper()
        answer = None
        if word in STOP_WORDS:
            answer = STOPPED if self.ledger.block(ours, theirs) else None
        elif word in START_WORDS:
            answer = STARTED if self.ledger.unblock(ours, theirs) else None
        elif word in HELP_WORDS:
            answer = HELPED
        if answer:
            self._write(AUTOMATIC, (ours, theirs), answer, "delivered")

    def _webhook_fields(self, entry: Entry) -> dict[str, str]:
        return {
            "ToCountry": "US",
            "SmsMessageSid": entry.sid,
            "NumMedia": "0",
            "SmsSid": entry.sid,
            "SmsStatus": "received",
            "Body": entry.body,
            "FromCountry": "US",
            "To": entry.recipient,
            "NumSegments": str(count_segments(entry.body)),
            "MessageSid": entry.sid,
            "AccountSid": self.account.account_sid,
            "From": entry.sender,
            "ApiVersion": "2010-04-01",
        }

    def _report_fields(self, entry: Entry, status: str, error_code: int | None) -> dict[str, str]:
        fields = {
            "SmsSid": entry.sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": entry.recipient,
            "MessageSid": entry.sid,
            "AccountSid": self.account.account_sid,
            "From": entry.sender,
            "ApiVersion": "2010-04-01",
        }
        if entry.service:
            fields["MessagingServiceSid"] = entry.service
        return fields | ({"ErrorCode": str(error_code)} if error_code else {})


def _ignore(_: object) -> None:
    """An errand has no result."""


if __name__ == "__main__":
    from bot.simulator.carrier_process import main

    sys.exit(main())
