"""SMS through Twilio: whose webhooks are believed, what is read from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.twilio_sms import TwilioSms, build
from bot.model.errors import BadInput, BadSetting, BadSignature
from tests.carriers import TOKEN, twilio_account
from tests.channels.requests_in import WebhookCall, signed

NOW = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
FIELDS = (
    ("MessageSid", "SM1"),
    ("From", "+15105550199"),
    ("To", "+15105550100"),
    ("Body", "¿A qué hora? ñ & + %2F"),
)
TARGET = "/twilio/messages"


@pytest.fixture
def channel() -> TwilioSms:
    return TwilioSms(twilio_account("http://127.0.0.1:9", auth_tokens=(TOKEN, "previous-token")))


def vector(token: str, base: str) -> TwilioSms:
    return TwilioSms(twilio_account("http://127.0.0.1:9", auth_tokens=(token,), public_base_url=base))


def believes(channel: TwilioSms, call: WebhookCall) -> bool:
    try:
        channel.verify(call)
    except BadSignature:
        return False
    return True


VECTOR_FIELDS = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675310"),
    ("Digits", "1234"),
    ("From", "+14158675310"),
    ("To", "+18005551212"),
)


def test_twilios_own_test_vector_is_believed() -> None:
    headers = {"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="}
    call = WebhookCall("/myapp.php?foo=1&bar=2", headers, VECTOR_FIELDS)
    assert believes(vector("12345", "https://example.com"), call)
    assert not believes(vector("12346", "https://example.com"), call)
    with_port = replace(call, headers={"X-Twilio-Signature": "nbjTKFXyL7SOTAXZi6MWqyIuq40="})
    assert believes(vector("12345", "https://example.com"), with_port)
    assert believes(vector("12345", "https://example.com:443"), with_port)


def test_a_request_signed_with_any_of_our_tokens_is_believed(channel: TwilioSms) -> None:
    assert believes(channel, signed(TOKEN, TARGET, FIELDS))
    assert believes(channel, signed("previous-token", TARGET, FIELDS))
    assert not believes(channel, signed("a-stranger's-token", TARGET, FIELDS))


@pytest.mark.parametrize(
    "target", [TARGET, "/twilio/messages?a=%2F&b=%C3%B1&c=a+b", "/twilio/messages/", "/twilio/messages?"]
)
def test_the_target_counts_as_it_came_over_the_wire(channel: TwilioSms, target: str) -> None:
    assert believes(channel, signed(TOKEN, target, FIELDS))
    assert not believes(channel, replace(signed(TOKEN, target, FIELDS), target=target + "x"))


def test_blank_and_repeated_fields_are_part_of_the_signature(channel: TwilioSms) -> None:
    fields = (*FIELDS, ("Blank", ""), ("Twice", "b"), ("Twice", "a"), ("Twice", "b"))
    assert believes(channel, signed(TOKEN, TARGET, fields))
    assert not believes(channel, replace(signed(TOKEN, TARGET, fields), fields=fields[:-2]))


@pytest.mark.parametrize(
    "forged",
    [
        signed("somebody-else", TARGET, FIELDS),
        replace(signed(TOKEN, TARGET, FIELDS), headers={}),
        replace(signed(TOKEN, TARGET, FIELDS), headers={"X-Twilio-Signature": ""}),
        replace(signed(TOKEN, TARGET, FIELDS), headers={"X-Twilio-Signature": "ñ" * 28}),
        replace(signed(TOKEN, TARGET, FIELDS), fields=(*FIELDS[:-1], ("Body", "another text"))),
        replace(signed(TOKEN, TARGET, FIELDS), fields=(*FIELDS, ("Extra", "1"))),
        replace(signed(TOKEN, TARGET, FIELDS), fields=FIELDS[1:]),
        replace(signed(TOKEN, TARGET, FIELDS), target="/twilio/status"),
        signed(TOKEN, TARGET, FIELDS, base="https://elsewhere.example.org"),
    ],
)
def test_everything_else_is_refused(channel: TwilioSms, forged: WebhookCall) -> None:
    with pytest.raises(BadSignature):
        channel.verify(forged)


def test_a_text_is_read_and_unknown_fields_do_no_harm(channel: TwilioSms) -> None:
    call = signed(TOKEN, TARGET, (*FIELDS, ("SomethingNew", "x"), ("OptOutType", "STOP")))
    message = channel.parse_message(call, NOW)
    assert (message.channel, message.provider_id, message.received_at) == ("sms", "SM1", NOW)
    assert (message.sender, message.recipient) == ("+15105550199", "+15105550100")
    assert message.body == "¿A qué hora? ñ & + %2F"
    assert message.opt_out_type == "STOP"
    assert message.media == ()


def test_a_picture_without_words_is_noted(channel: TwilioSms) -> None:
    media = (
        ("NumMedia", "2"),
        ("MediaUrl0", "https://x/0"),
        ("MediaContentType0", "image/jpeg"),
        ("MediaUrl1", "https://x/1"),
    )
    message = channel.parse_message(signed(TOKEN, TARGET, (*FIELDS[:3], *media)), NOW)
    assert message.body == ""
    assert [(m.url, m.content_type) for m in message.media] == [
        ("https://x/0", "image/jpeg"),
        ("https://x/1", ""),
    ]


@pytest.mark.parametrize("count", ["", "x", "-1", "99999999", "²"])
def test_a_strange_number_of_pictures_does_no_harm(channel: TwilioSms, count: str) -> None:
    assert channel.parse_message(signed(TOKEN, TARGET, (*FIELDS, ("NumMedia", count))), NOW).media == ()


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_a_text_without_a_needed_field_is_named(channel: TwilioSms, missing: str) -> None:
    call = signed(TOKEN, TARGET, tuple(pair for pair in FIELDS if pair[0] != missing))
    with pytest.raises(BadInput, match=missing):
        channel.parse_message(call, NOW)


def test_a_status_brings_back_the_deliverys_id_and_says_what_the_number_means(channel: TwilioSms) -> None:
    fields = (("MessageSid", "SM7"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003"))
    report = channel.parse_status(signed(TOKEN, "/twilio/status?delivery=42", fields), NOW)
    assert (report.provider_id, report.status, report.delivery_id) == ("SM7", "undelivered", 42)
    assert (report.error_code, report.resends, report.opted_out) == (30003, 2, False)
    assert report.reason is not None and report.reason.startswith("The phone was off")


def test_a_stop_that_the_carrier_reports_late_is_recognised(channel: TwilioSms) -> None:
    fields = (("MessageSid", "SM7"), ("MessageStatus", "failed"), ("ErrorCode", "21610"))
    assert channel.parse_status(signed(TOKEN, "/twilio/status", fields), NOW).opted_out


@pytest.mark.parametrize("query", ["", "?delivery=", "?delivery=abc", "?delivery=-1", "?other=1"])
def test_a_status_without_a_usable_id_has_none(channel: TwilioSms, query: str) -> None:
    fields = (("SmsSid", "SM7"), ("SmsStatus", "Sent"))
    report = channel.parse_status(signed(TOKEN, f"/twilio/status{query}", fields), NOW)
    assert (report.delivery_id, report.status, report.error_code, report.reason) == (None, "sent", None, None)


def test_a_status_without_a_status_is_named(channel: TwilioSms) -> None:
    with pytest.raises(BadInput, match="MessageStatus"):
        channel.parse_status(signed(TOKEN, "/twilio/status", (("MessageSid", "SM7"),)), NOW)


def test_the_channel_names_its_secrets() -> None:
    account = twilio_account("x", auth_tokens=("one", "two"), api_key="SK1", api_secret="three")
    assert TwilioSms(account).secrets == ("one", "two", "three")


def test_settings_that_are_missing_are_all_named() -> None:
    with pytest.raises(BadSetting) as missing:
        build({"TWILIO_API_KEY": "SK1"})
    for name in (
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "PUBLIC_BASE_URL",
        "TWILIO_FROM",
        "TWILIO_API_SECRET",
    ):
        assert name in str(missing.value)


def test_the_settings_make_a_channel() -> None:
    values = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "new, old",
        "PUBLIC_BASE_URL": "https://line.example.org/",
        "TWILIO_MESSAGING_SERVICE_SID": "MG1",
    }
    channel = build(values)
    assert channel.secrets == ("new", "old")
    channel.verify(signed("old", TARGET, FIELDS))
