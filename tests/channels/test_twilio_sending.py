"""Sending through Twilio's own client, against real sockets: what is certain, and what is not."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from bot.channels.twilio.client import connect
from bot.channels.twilio_sms import TwilioSms
from bot.model.errors import CarrierError
from bot.model.messages import OutboundMessage
from bot.simulator.carrier_problems import Order
from bot.supervision.postgres import free_port
from tests.carriers import (
    OURS,
    Reply,
    answer,
    form,
    hang_up,
    running_carrier,
    scripted_server,
    twilio_account,
)

LINH = "+15105550199"
TEXT = OutboundMessage(17, LINH, "Chào chị Linh", "https://line.example.org/twilio/status")
CREATED = '{"sid": "SM1", "status": "queued", "date_created": null}'


@contextmanager
def channel_at(reply: Reply, **account: Any) -> Iterator[TwilioSms]:
    with scripted_server(reply) as base:
        yield TwilioSms(twilio_account(base, **account), timeouts=(0.5, 0.3))


def failure_of(reply: Reply) -> CarrierError:
    with channel_at(reply) as channel, pytest.raises(CarrierError) as caught:
        channel.send(TEXT)
    return caught.value


def test_a_text_goes_out_with_sender_callback_and_delivery_id() -> None:
    seen: list[tuple[str, str | None, str]] = []

    def reply(handler: BaseHTTPRequestHandler, body: str) -> None:
        seen.append((handler.path, handler.headers.get("Authorization"), body))
        answer(handler, 201, CREATED)

    with channel_at(reply) as channel:
        result = channel.send(TEXT)
    assert (result.provider_id, result.status) == ("SM1", "queued")
    [(path, credentials, body)] = seen
    assert path.endswith("/Messages.json") and credentials is not None and credentials.startswith("Basic ")
    assert form(body) == {
        "To": LINH,
        "From": OURS,
        "Body": "Chào chị Linh",
        "StatusCallback": "https://line.example.org/twilio/status?delivery=17#rc=5&rp=all",
    }


def test_a_messaging_service_is_used_instead_of_the_number_and_no_callback_without_an_address() -> None:
    bodies: list[str] = []

    def reply(handler: BaseHTTPRequestHandler, body: str) -> None:
        bodies.append(body)
        answer(handler, 201, CREATED)

    with channel_at(reply, messaging_service="MG1") as channel:
        channel.send(OutboundMessage(1, LINH, "Hi"))
        channel.send(OutboundMessage(2, LINH, "Hi", "https://x/status?token=1"))
    assert form(bodies[0]) == {"To": LINH, "Body": "Hi", "MessagingServiceSid": "MG1"}
    assert form(bodies[1])["StatusCallback"] == "https://x/status?token=1&delivery=2#rc=5&rp=all"


def test_an_api_key_signs_the_calls_and_the_base_may_have_a_path(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as (carrier, base):
        channel = TwilioSms(twilio_account(base, api_key="SK" + "b" * 32, api_secret="key-secret"))
        sent = channel.send(TEXT)
        entry = carrier.ledger.get(sent.provider_id)
    assert entry is not None and (entry.recipient, entry.body) == (LINH, "Chào chị Linh")
    paths: list[str] = []

    def reply(handler: BaseHTTPRequestHandler, body: str) -> None:
        paths.append(handler.path)
        answer(handler, 201, CREATED)

    with scripted_server(reply) as base:
        TwilioSms(twilio_account(f"{base}/simulator/carrier")).send(TEXT)
    assert paths[0].startswith("/simulator/carrier/2010-04-01/Accounts/")


def test_a_proxy_in_the_environment_does_not_stand_between_us_and_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with channel_at(lambda handler, _: answer(handler, 201, CREATED)) as channel:
        assert channel.send(TEXT).provider_id == "SM1"


def test_no_answer_in_time_is_unclear() -> None:
    silence = threading.Event()
    try:
        error = failure_of(lambda handler, _: (silence.wait(5), None)[1])
    finally:
        silence.set()
    assert (error.ambiguous, error.permanent) == (True, False)


def test_a_connection_lost_after_the_text_left_is_unclear() -> None:
    error = failure_of(lambda handler, _: hang_up(handler))
    assert (error.ambiguous, error.permanent) == (True, False)


@pytest.mark.parametrize(
    "body",
    ["", "<html>Bad gateway</html>", '{"code": 20500, "message": "x", "status": 500}', '{"code": 21211}'],
)
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_5xx_is_unclear_whatever_it_says(status: int, body: str) -> None:
    error = failure_of(lambda handler, _: answer(handler, status, body))
    assert (error.ambiguous, error.permanent) == (True, False)


def test_an_answer_that_cannot_be_read_is_unclear() -> None:
    assert failure_of(lambda handler, _: answer(handler, 201, "<html>")).ambiguous


def test_a_carrier_that_is_not_there_never_got_the_text() -> None:
    channel = TwilioSms(twilio_account(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(CarrierError) as caught:
        channel.send(TEXT)
    assert (caught.value.ambiguous, caught.value.permanent) == (False, False)


def test_too_many_requests_are_tried_again_after_the_pause_named() -> None:
    busy = '{"code": 20429, "message": "Too Many Requests", "status": 429}'
    error = failure_of(lambda handler, _: answer(handler, 429, busy, Retry_After="7"))
    assert (error.code, error.ambiguous, error.permanent, error.retry_after) == (20429, False, False, 7.0)
    plain = failure_of(lambda handler, _: answer(handler, 429, "slow down", Retry_After="soon"))
    assert (plain.code, plain.ambiguous, plain.permanent, plain.retry_after) == (None, False, False, None)


@pytest.mark.parametrize(
    ("recipient", "code", "opted_out"),
    [
        ("+15005550001", 21211, False),
        ("+15005550002", 21612, False),
        ("+15005550003", 21408, False),
        ("+15005550004", 21610, True),
        ("+15005550009", 21614, False),
    ],
)
def test_final_refusals_are_final(tmp_path: Path, recipient: str, code: int, opted_out: bool) -> None:
    with running_carrier(tmp_path) as (_, base), pytest.raises(CarrierError) as caught:
        TwilioSms(twilio_account(base)).send(OutboundMessage(1, recipient, "Hi"))
    error = caught.value
    assert (error.code, error.permanent, error.ambiguous, error.opted_out) == (code, True, False, opted_out)


def test_a_refusal_in_twilios_new_form_is_understood_too() -> None:
    problem = '{"type": "about:blank", "title": "No", "status": 400, "code": 21614}'
    assert failure_of(lambda handler, _: answer(handler, 400, problem)).code == 21614


def test_wrong_credentials_are_final_and_say_whom_to_tell(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as (_, base), pytest.raises(CarrierError) as caught:
        TwilioSms(twilio_account(base, auth_tokens=("wrong",))).send(TEXT)
    assert (caught.value.code, caught.value.permanent) == (20003, True)
    assert "administrator" in str(caught.value)


def test_neither_the_error_nor_the_log_holds_account_number_or_text(caplog: pytest.LogCaptureFixture) -> None:
    problem = '{"code": 21211, "message": "The number +15105550199 is not valid", "status": 400}'
    with caplog.at_level(logging.DEBUG, logger="twilio"):
        error = failure_of(lambda handler, _: answer(handler, 400, problem))
    told = str(error) + caplog.text
    assert "AC" + "a" * 32 not in told and "5550199" not in told and "Linh" not in told
    assert error.__suppress_context__


def test_what_was_sent_is_found_oldest_first_also_while_it_is_queued(tmp_path: Path) -> None:
    with running_carrier(tmp_path, sent_after_seconds=60.0, delivered_after_seconds=60.0) as (carrier, base):
        channel = TwilioSms(twilio_account(base))
        since = datetime.now(UTC) - timedelta(seconds=5)
        channel.send(TEXT)
        channel.send(OutboundMessage(18, LINH, "second"))
        channel.send(OutboundMessage(19, "+15105550177", "to somebody else"))
        found = channel.find_sent(LINH, since)
        assert [record.body for record in found] == ["Chào chị Linh", "second"]
        assert {record.recipient for record in found} == {LINH}
        assert channel.find_sent(LINH, since + timedelta(hours=1)) == []
        assert carrier.settle(0.0) is False


def test_a_busy_line_is_searched_beyond_the_first_page(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as (carrier, base):
        for number in range(130):
            carrier.take(Order(OURS, "", LINH, f"text {number}", ""))
        assert carrier.settle()
        found = TwilioSms(twilio_account(base)).find_sent(LINH, datetime.now(UTC) - timedelta(minutes=1))
    assert {record.body for record in found} == {f"text {number}" for number in range(130)}


def test_a_list_that_cannot_be_had_is_an_error_not_an_empty_list() -> None:
    with channel_at(lambda handler, _: answer(handler, 503)) as channel, pytest.raises(CarrierError):
        channel.find_sent(LINH, datetime.now(UTC))


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux lets a request be given up")
def test_what_the_line_did_not_carry_in_time_is_not_carried_later() -> None:
    with scripted_server(lambda handler, _: answer(handler, 201, CREATED)) as base:
        client = connect(twilio_account(base), (0.5, 7.0))
        client.messages.create(to=LINH, from_=OURS, body="Hi")
        pools = client.http_client.session.get_adapter(base).poolmanager.pools
        [key] = pools.keys()
        line = pools[key].pool.get(block=False).sock
        names = (socket.TCP_USER_TIMEOUT, socket.TCP_NODELAY)
        assert [line.getsockopt(socket.IPPROTO_TCP, name) for name in names] == [7000, 1]


def test_many_threads_share_one_client(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as (carrier, base):
        channel = TwilioSms(twilio_account(base))
        threads = [
            threading.Thread(target=channel.send, args=(OutboundMessage(n, LINH, f"text {n}"),))
            for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(carrier.ledger.thread(LINH)) == 20
