"""One suite for every channel that is found. A channel without its case file fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.registry import discover
from bot.model.errors import BadInput, BadSignature, CarrierError
from bot.model.messages import OutboundMessage
from bot.model.ports import Channel
from tests.carriers import answer, scripted_server
from tests.channels.requests_in import WebhookCall

FOLDER = Path(__file__).parent / "channels"
NAMES = sorted(discover())
NOW = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)


@dataclass
class Case:
    """A channel with its case file; `next_answer` is what its carrier says next."""

    channel: Channel
    told: dict[str, Any]
    next_answer: dict[str, Any]


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    file = FOLDER / f"{request.param}.yml"
    assert file.exists(), f"channel {request.param} has no case file: write {file.name}"
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    next_answer: dict[str, Any] = {}

    def reply(handler: BaseHTTPRequestHandler, _: str) -> None:
        answer(handler, next_answer["status"], next_answer["body"])

    with scripted_server(reply) as address:
        values = {name: value.replace("{carrier}", address) for name, value in told["settings"].items()}
        yield Case(discover()[request.param](values), told, next_answer)


def call(told: dict[str, Any]) -> WebhookCall:
    return WebhookCall(told.get("target", "/"), told.get("headers", {}), tuple(told["fields"].items()))


def test_every_case_file_belongs_to_a_channel() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.yml")) == NAMES


def test_the_channel_says_what_it_is(case: Case, request: pytest.FixtureRequest) -> None:
    channel = case.channel
    assert channel.name in NAMES
    for path in (channel.message_path, channel.status_path):
        assert path == "" or path.startswith("/")
    assert isinstance(channel.acknowledgement, str)


def test_its_secrets_are_those_of_its_settings(case: Case) -> None:
    secret = {v for k, v in case.told["settings"].items() if k.endswith(("TOKEN", "SECRET", "PASSWORD"))}
    assert set(case.channel.secrets) == secret


def test_a_signed_request_is_believed_and_any_change_to_it_is_not(case: Case) -> None:
    for told in case.told["verified"]:
        genuine = call(told)
        case.channel.verify(genuine)
        name, value = genuine.fields[0]
        changed = (
            WebhookCall(genuine.target, {}, genuine.fields),
            WebhookCall(genuine.target + "x", genuine.headers, genuine.fields),
            WebhookCall(genuine.target, genuine.headers, ((name, value + "x"), *genuine.fields[1:])),
            WebhookCall(genuine.target, genuine.headers, genuine.fields[1:]),
            WebhookCall(genuine.target, genuine.headers, (*genuine.fields, ("Body", "more"))),
        )
        for forged in changed:
            with pytest.raises(BadSignature):
                case.channel.verify(forged)


def test_an_unsigned_request_is_refused(case: Case) -> None:
    with pytest.raises(BadSignature):
        case.channel.verify(WebhookCall("/", {}, ()))


def test_messages_are_read(case: Case) -> None:
    for told in case.told["messages"]:
        if told["gives"] == "error":
            with pytest.raises(BadInput):
                case.channel.parse_message(call(told), NOW)
            continue
        message = case.channel.parse_message(call(told), NOW)
        assert (message.channel, message.received_at) == (case.channel.name, NOW)
        assert {name: getattr(message, name) for name in told["gives"]} == told["gives"]


def test_statuses_are_read(case: Case) -> None:
    for told in case.told["statuses"]:
        if told["gives"] == "error":
            with pytest.raises(BadInput):
                case.channel.parse_status(call(told), NOW)
            continue
        report = case.channel.parse_status(call(told), NOW)
        assert (report.channel, report.received_at) == (case.channel.name, NOW)
        assert {name: getattr(report, name) for name in told["gives"]} == told["gives"]


def test_sends_end_as_the_carrier_answers(case: Case) -> None:
    for told in case.told["sends"]:
        case.next_answer.update(told.get("answer", {}))
        message = OutboundMessage(7, "+15105550199", "Hello", None)
        if "error" not in told["gives"]:
            result = case.channel.send(message)
            assert (result.provider_id, result.status) == (
                told["gives"]["provider_id"],
                told["gives"]["status"],
            )
            continue
        with pytest.raises(CarrierError) as caught:
            case.channel.send(message)
        error = caught.value
        kind = "permanent" if error.permanent else "ambiguous" if error.ambiguous else "transient"
        assert (kind, error.code) == (told["gives"]["error"], told["gives"]["code"])
        assert all(secret not in str(error) for secret in case.channel.secrets)


def test_what_was_sent_is_found_oldest_first(case: Case) -> None:
    for told in case.told["lookups"]:
        case.next_answer.update(told.get("answer", {}))
        found = case.channel.find_sent("+15105550199", NOW - timedelta(minutes=2))
        assert [record.provider_id for record in found] == told["gives"]


def test_what_became_of_a_text_can_be_asked_by_its_id(case: Case) -> None:
    for told in case.told["questions"]:
        case.next_answer.update(told.get("answer", {}))
        if told["gives"] == "error":
            with pytest.raises(CarrierError):
                case.channel.ask_status(told["id"], NOW)
            continue
        report = case.channel.ask_status(told["id"], NOW)
        if told["gives"] is None:
            assert report is None
            continue
        assert report is not None
        assert (report.provider_id, report.received_at) == (told["id"], NOW)
        for name, value in told["gives"].items():
            assert getattr(report, name) == value, name
