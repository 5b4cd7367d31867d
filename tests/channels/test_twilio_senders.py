"""What Twilio's channel may send from, as the settings say, and that texts leave from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.twilio.account import DAILY_SEGMENTS, SEGMENTS_PER_SECOND, account_from
from bot.channels.twilio_sms import TwilioSms
from bot.model.errors import BadSetting, CarrierError, Scope
from bot.model.messages import OutboundMessage
from bot.model.pace import SenderLimits
from bot.supervision.postgres import free_port
from tests.carriers import answer, form, scripted_server, twilio_account

LINH, SECOND = "+15105550199", "+15105550101"
VALUES = {
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 26 + "123456",
    "TWILIO_AUTH_TOKEN": "token",
    "PUBLIC_BASE_URL": "https://line.example.org",
    "TWILIO_FROM": "+15105550100,+15105550101=12/s",
}


def test_numbers_have_the_limits_of_the_smallest_campaign_unless_told_otherwise() -> None:
    account = account_from(VALUES)
    assert account.senders == (
        SenderLimits("+15105550100", SEGMENTS_PER_SECOND, DAILY_SEGMENTS),
        SenderLimits("+15105550101", 12, DAILY_SEGMENTS),
    )
    assert (account.sender, account.name) == ("+15105550100", "twilio-123456")
    limits = {"SMS_SEGMENTS_PER_SECOND": "0.0", "SMS_DAILY_SEGMENTS": "500"}
    assert account_from(VALUES | limits).senders[0] == SenderLimits("+15105550100", 0, 500)


def test_a_test_carrier_has_no_limits_unless_told_otherwise() -> None:
    elsewhere = VALUES | {"TWILIO_API_BASE": "http://127.0.0.1:4010"}
    assert account_from(elsewhere).senders[0] == SenderLimits("+15105550100", 0, 0)
    limited = elsewhere | {"SMS_SEGMENTS_PER_SECOND": "30"}
    assert account_from(limited).senders[0] == SenderLimits("+15105550100", 30, 0)


def test_a_messaging_service_is_one_sender() -> None:
    account = account_from(VALUES | {"TWILIO_MESSAGING_SERVICE_SID": "MG1"})
    assert [sender.address for sender in account.senders] == ["MG1"]


def test_a_number_that_is_none_is_named() -> None:
    with pytest.raises(BadSetting, match="TWILIO_FROM"):
        account_from(VALUES | {"TWILIO_FROM": "5105550100"})


def test_a_text_leaves_from_the_sender_it_names() -> None:
    bodies: list[str] = []

    def reply(handler: BaseHTTPRequestHandler, body: str) -> None:
        bodies.append(body)
        answer(handler, 201, '{"sid": "SM1", "status": "queued", "date_created": null}')

    with scripted_server(reply) as base:
        channel = TwilioSms(twilio_account(base))
        channel.send(OutboundMessage(1, LINH, "Hi", sender=SECOND))
        channel.send(OutboundMessage(2, LINH, "Hi", sender="MG7"))
    assert form(bodies[0])["From"] == SECOND
    assert form(bodies[1])["MessagingServiceSid"] == "MG7" and "From" not in form(bodies[1])


def test_twilio_is_asked_for_texts_from_the_number_but_not_from_a_service() -> None:
    asked: list[dict[str, list[str]]] = []

    def reply(handler: BaseHTTPRequestHandler, _: str) -> None:
        asked.append(parse_qs(urlsplit(handler.path).query))
        answer(handler, 200, '{"messages": [], "next_page_uri": null}')

    since = datetime.now(UTC) - timedelta(minutes=5)
    with scripted_server(reply) as base:
        channel = TwilioSms(twilio_account(base))
        for sender in (SECOND, "MG7", None):
            channel.find_sent(LINH, since, sender)
    assert [query.get("From") for query in asked] == [[SECOND], None, None]
    assert all(query["To"] == [LINH] for query in asked)


@pytest.mark.parametrize(
    ("status", "code", "scope"),
    [
        (401, 20003, Scope.ACCOUNT),
        (403, 0, Scope.ACCOUNT),
        (429, 20429, Scope.ACCOUNT),
        (503, 0, Scope.ACCOUNT),
        (429, 21611, Scope.SENDER),
        (400, 21606, Scope.SENDER),
        (400, 21211, Scope.MESSAGE),
        (400, 21610, Scope.MESSAGE),
        (400, 99999, Scope.MESSAGE),
    ],
)
def test_a_refusal_says_what_else_would_be_refused(status: int, code: int, scope: Scope) -> None:
    def reply(handler: BaseHTTPRequestHandler, _: str) -> None:
        answer(handler, status, f'{{"code": {code or status}, "status": {status}}}')

    with scripted_server(reply) as base, pytest.raises(CarrierError) as caught:
        TwilioSms(twilio_account(base)).send(OutboundMessage(1, LINH, "Hi"))
    assert caught.value.scope is scope


def test_a_carrier_that_cannot_be_reached_is_a_matter_of_the_account() -> None:
    channel = TwilioSms(twilio_account(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(CarrierError) as caught:
        channel.send(OutboundMessage(1, LINH, "Hi"))
    assert caught.value.scope is Scope.ACCOUNT
