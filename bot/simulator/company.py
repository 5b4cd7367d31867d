"""The development carrier as the telephones on the page use it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.simulator.carrier import Carrier
from bot.simulator.carrier_courier import SignedPost
from bot.simulator.carrier_ledger import AUTOMATIC, INBOUND, Entry
from bot.simulator.services import ShownText

PICTURE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class CarrierPhones:
    """Texts go in through the carrier's signed webhooks; what a telephone shows is what its ledger holds."""

    carrier: Carrier

    def write(self, number: str, body: str, *, picture: bool) -> None:
        """Somebody texts the school."""
        if picture:
            self._post_picture(number, body)
        else:
            self.carrier.receive(number, body)

    def shown_on(self, number: str) -> Sequence[ShownText]:
        """The last texts the carrier took for a number, oldest first."""
        return [
            ShownText(
                provider_id=entry.sid,
                body=entry.body,
                status=entry.status,
                at=datetime.fromtimestamp(entry.created, UTC),
                automatic=entry.direction == AUTOMATIC,
            )
            for entry in self.carrier.ledger.thread(number)
            if entry.recipient == number and entry.direction != INBOUND
        ]

    def _post_picture(self, number: str, body: str) -> None:
        """A text with a picture that nobody will fetch: only its mention travels."""
        account, now = self.carrier.account, time.time()
        sid = f"MM{secrets.token_hex(16)}"
        self.carrier.ledger.add(
            Entry(sid, INBOUND, number, account.number, body, "received", created=now, updated=now, sent=now)
        )
        fields = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "AccountSid": account.account_sid,
            "ApiVersion": "2010-04-01",
            "From": number,
            "To": account.number,
            "Body": body,
            "NumSegments": "1",
            "NumMedia": "1",
            "MediaContentType0": PICTURE,
            "MediaUrl0": f"{account.public_base_url}/simulator/pictures/{sid}",
        }
        SignedPost(account.auth_token, account.reach_at).post(
            f"{account.public_base_url}/twilio/messages", fields
        )
