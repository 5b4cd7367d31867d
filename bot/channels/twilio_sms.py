"""SMS through Twilio: signed webhooks in, the REST API out."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

from bot.channels.twilio.account import TwilioAccount, account_from
from bot.channels.twilio.errors import explain
from bot.model.errors import BadInput, BadSignature
from bot.model.messages import (
    CarrierRecord,
    InboundMessage,
    Media,
    OutboundMessage,
    SendResult,
    StatusReport,
    storable,
)
from bot.model.pace import SenderLimits
from bot.model.ports import Request

if TYPE_CHECKING:
    from twilio.rest import Client

NAME = "sms"
MOST_MEDIA = 10
PAGE = 100
UNKNOWN_RESOURCE = 20404

REPORT_AGAIN = "#rc=5&rp=all"
"""Behind an address: Twilio tries a report five times more when we do not answer (usage/webhooks/webhooks-connection-overrides);
without it a report that meets a server being replaced is lost."""


class TwilioSms:
    """Channel "sms". Safe to use from several threads."""

    name = NAME
    message_path = "/twilio/messages"
    status_path = "/twilio/status"
    acknowledgement = "<Response/>"

    def __init__(self, account: TwilioAccount, timeouts: tuple[float, float] | None = None) -> None:
        self._account = account
        self._timeouts = timeouts
        self._validators = [RequestValidator(token) for token in account.auth_tokens]
        self._connected: Client | None = None
        self._connecting = threading.Lock()
        self.secrets: Sequence[str] = account.secrets
        self.account = account.name
        self.senders: Sequence[SenderLimits] = account.senders

    def verify(self, request: Request) -> None:
        """Raise BadSignature unless one of our auth tokens signed exactly this address and these fields."""
        signature = request.headers.get("X-Twilio-Signature")
        if not signature:
            raise BadSignature("the request carries no X-Twilio-Signature")
        url = self._account.public_base_url + request.target
        fields = _Fields(request.fields)
        # Every token is tried, also after a match: how long this takes must not tell which one fitted.
        fits = [_signed(validator, url, fields, signature) for validator in self._validators]
        if not any(fits):
            raise BadSignature("the signature fits none of our auth tokens for this address and these fields")

    def parse_message(self, request: Request, received_at: datetime) -> InboundMessage:
        """The text in a verified request. Media are noted only; fields that Twilio adds later are ignored."""
        fields = _storable(request)
        return InboundMessage(
            channel=NAME,
            provider_id=_required(fields, "MessageSid", "SmsSid", "SmsMessageSid"),
            sender=_required(fields, "From"),
            recipient=_required(fields, "To"),
            body=fields.get("Body", ""),
            received_at=received_at,
            media=_media(fields),
            opt_out_type=fields.get("OptOutType") or None,
        )

    def parse_status(self, request: Request, received_at: datetime) -> StatusReport:
        """The status report in a verified request; the delivery's id comes back in the query."""
        fields = _storable(request)
        sid = _required(fields, "MessageSid", "SmsSid")
        word = _required(fields, "MessageStatus", "SmsStatus").lower()
        told = _told(sid, word, fields.get("ErrorCode"), received_at)
        return replace(
            told, delivery_id=_whole(parse_qs(urlsplit(request.target).query).get("delivery", [""])[0])
        )

    def send(self, message: OutboundMessage) -> SendResult:
        """Hand one text to Twilio. CarrierError says whether it may have been taken all the same."""
        client = self._client()
        try:
            taken = client.messages.create(**self._parameters(message))
            return SendResult(provider_id=str(taken.sid), status=str(taken.status))
        except Exception as error:
            raise self._failure(client, error) from None

    def find_sent(
        self, recipient: str, since: datetime, sender: str | None = None
    ) -> Sequence[CarrierRecord]:
        """What Twilio lists to `recipient`, from this number if one is named, since then, oldest first.

        The newest page is read without a filter by date, because a text that still waits in Twilio's
        queue has no date of sending and the filter would hide it; only a very busy line needs both.
        """
        client = self._client()
        line = {"to": recipient}
        if sender is not None and not _is_service(sender):
            line["from_"] = sender
        try:
            listed = client.messages.list(**line, limit=PAGE, page_size=PAGE)
            if len(listed) == PAGE:
                day_before = since - timedelta(days=1)
                listed += client.messages.list(**line, date_sent_after=day_before, page_size=1000)
        except Exception as error:
            raise self._failure(client, error) from None
        # Listed newest first and to the second: turned round before sorting, so that texts of one second
        # keep their order.
        records = {record.provider_id: record for record in map(_record, reversed(listed))}
        found = [record for record in records.values() if record.created_at >= since]
        return sorted(found, key=lambda record: record.created_at)

    def ask_status(self, provider_id: str, asked_at: datetime) -> StatusReport | None:
        """What stands at Twilio under this id, with the error number; None when nothing does (any more)."""
        client = self._client()
        try:
            shown = client.messages(provider_id).fetch()
        except Exception as error:
            failed = self._failure(client, error)
            if getattr(failed, "code", None) == UNKNOWN_RESOURCE:
                return None
            raise failed from None
        return _told(provider_id, str(shown.status).lower(), str(shown.error_code or ""), asked_at)

    def _parameters(self, message: OutboundMessage) -> dict[str, str]:
        parameters = {"to": message.recipient, "body": message.body}
        sender = message.sender or self._account.messaging_service or self._account.sender
        parameters["messaging_service_sid" if _is_service(sender) else "from_"] = sender
        if message.status_callback:
            joint = "&" if "?" in message.status_callback else "?"
            callback = f"{message.status_callback}{joint}delivery={message.delivery_id}"
            parameters["status_callback"] = callback + REPORT_AGAIN
        return parameters

    def _client(self) -> Client:
        with self._connecting:
            if self._connected is None:
                from bot.channels.twilio.client import connect

                self._connected = connect(self._account, self._timeouts)
            return self._connected

    def _failure(self, client: Client, error: Exception) -> Exception:
        from bot.channels.twilio.client import failure

        return failure(error, client.http_client.retry_after)


def build(values: Mapping[str, str]) -> TwilioSms:
    """The channel from settings by their environment names."""
    return TwilioSms(account_from(values))


class _Fields:
    """Form fields as Twilio's validator reads them: names may repeat, blank values count."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        """All values of one name."""
        return self._values[name]


def _signed(validator: RequestValidator, url: str, fields: _Fields, signature: str) -> bool:
    # The validator rewrites the address before it signs (it tries with and without the port, and drops
    # a bare "?"); the address exactly as it came is tried first.
    exact = validator.compute_signature(url, fields)
    if hmac.compare_digest(exact.encode(), signature.encode()):
        return True
    return bool(validator.validate(url, fields, signature))


def _storable(request: Request) -> dict[str, str]:
    """The fields without what no database takes. Only after `verify`: the carrier signed them as they came."""
    return {storable(name): storable(value) for name, value in request.fields}


def _required(fields: Mapping[str, str], *names: str) -> str:
    for name in names:
        if fields.get(name):
            return fields[name]
    raise BadInput(f"the request has no field {names[0]}")


def _media(fields: Mapping[str, str]) -> tuple[Media, ...]:
    count = min(_whole(fields.get("NumMedia")) or 0, MOST_MEDIA)
    return tuple(
        Media(url=fields[f"MediaUrl{n}"], content_type=fields.get(f"MediaContentType{n}", ""))
        for n in range(count)
        if fields.get(f"MediaUrl{n}")
    )


def _told(sid: str, word: str, number: str | None, at: datetime) -> StatusReport:
    """A status with what its error number means, whether Twilio reported it or was asked."""
    code = _whole(number, digits=9)
    report = StatusReport(NAME, sid, word, at, error_code=code)
    if not code:
        return report
    known = explain(code)
    return replace(
        report, reason=known.reason, resends=known.resends, opted_out=known.opted_out, scope=known.scope,
        next_day=known.next_day,
    )  # fmt: skip


def _is_service(sender: str) -> bool:
    """Whether this is a messaging service: of these Twilio chooses the number itself."""
    return sender.startswith("MG")


def _whole(value: str | None, digits: int = 18) -> int | None:
    """A number that fits its column (18 digits: a key; 9: an error number); None for anything else."""
    fits = value and value.isascii() and value.isdigit() and len(value) <= digits
    return int(value) if value and fits else None


def _record(listed: Any) -> CarrierRecord:
    created = listed.date_created or listed.date_sent or datetime.max.replace(tzinfo=UTC)
    return CarrierRecord(
        provider_id=str(listed.sid),
        recipient=str(listed.to),
        body=str(listed.body or ""),
        status=str(listed.status),
        created_at=created if created.tzinfo else created.replace(tzinfo=UTC),
    )
