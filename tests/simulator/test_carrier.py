"""The development carrier behaves as the real one does, down to its own STOP."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from bot.simulator.carrier import HELPED, STARTED, STOPPED, Carrier
from bot.simulator.carrier_ledger import AUTOMATIC, Entry, Ledger, Search
from bot.simulator.carrier_problems import Order
from bot.supervision.postgres import free_port
from tests.carriers import (
    ACCOUNT_SID,
    OURS,
    PUBLIC,
    TOKEN,
    answer,
    form,
    running_carrier,
    scripted_server,
)

LINH = "+15105550199"
CALLBACK = f"{PUBLIC}/twilio/status?delivery=7"


@dataclass
class Product:
    """What the product's webhooks got: (path, form, signature)."""

    address: str = ""
    calls: list[tuple[str, Mapping[str, str], str]] = field(default_factory=list)
    status: int = 200
    first_answers: list[int] = field(default_factory=list)

    def statuses(self) -> list[str]:
        return [fields["MessageStatus"] for _, fields, _ in self.calls]


@contextmanager
def product() -> Iterator[Product]:
    got = Product()

    def reply(handler: BaseHTTPRequestHandler, body: str) -> None:
        got.calls.append((handler.path, form(body), handler.headers["X-Twilio-Signature"]))
        answer(handler, got.first_answers.pop(0) if got.first_answers else got.status, "<Response/>")

    with scripted_server(reply) as address:
        got.address = address
        yield got


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[tuple[Carrier, Product]]:
    with product() as got, running_carrier(tmp_path, reach_at=got.address) as (carrier, _):
        yield carrier, got


def take(carrier: Carrier, body: str = "Hello", recipient: str = LINH, **changes: str) -> Entry | int:
    values = {"sender": OURS, "service": "", "callback": CALLBACK, **changes}
    return carrier.take(Order(recipient=recipient, body=body, **values))


def test_a_text_is_reported_sent_and_then_delivered_with_signatures_that_fit(
    phone: tuple[Carrier, Product],
) -> None:
    carrier, got = phone
    entry = take(carrier)
    assert isinstance(entry, Entry) and entry.status == "queued"
    assert carrier.settle()
    assert sorted(got.statuses()) == ["delivered", "sent"]
    for path, fields, signature in got.calls:
        assert path == "/twilio/status?delivery=7"
        assert fields["MessageSid"] == entry.sid and fields["AccountSid"] == ACCOUNT_SID
        assert RequestValidator(TOKEN).validate(CALLBACK, dict(fields), signature)


def test_a_text_through_a_messaging_service_is_accepted_and_then_reported_queued(
    phone: tuple[Carrier, Product],
) -> None:
    carrier, got = phone
    entry = take(carrier, sender="", service="MG1")
    assert isinstance(entry, Entry) and (entry.status, entry.sender) == ("accepted", OURS)
    assert carrier.settle()
    assert sorted(got.statuses()) == ["delivered", "queued", "sent"]
    assert {fields["MessagingServiceSid"] for _, fields, _ in got.calls} == {"MG1"}


def test_a_phone_that_is_off_is_reported_undelivered_with_its_number(phone: tuple[Carrier, Product]) -> None:
    carrier, got = phone
    entry = take(carrier, recipient="+15005553003")
    assert carrier.settle() and isinstance(entry, Entry)
    last = carrier.ledger.get(entry.sid)
    assert last is not None and (last.status, last.error_code) == ("undelivered", 30003)
    assert "30003" in [fields.get("ErrorCode") for _, fields, _ in got.calls]


def test_without_an_address_nothing_is_reported(phone: tuple[Carrier, Product]) -> None:
    carrier, got = phone
    entry = take(carrier, callback="")
    assert carrier.settle() and isinstance(entry, Entry)
    done = carrier.ledger.get(entry.sid)
    assert got.calls == [] and done is not None and done.status == "delivered"


def test_a_telephone_writes_and_the_webhook_gets_what_twilio_would_send(
    phone: tuple[Carrier, Product],
) -> None:
    carrier, got = phone
    sid = carrier.receive(LINH, "¿Hay clases mañana? 1+1=2 & más")
    assert carrier.settle()
    [(path, fields, signature)] = got.calls
    assert path == "/twilio/messages"
    assert fields["Body"] == "¿Hay clases mañana? 1+1=2 & más"
    assert (fields["MessageSid"], fields["From"], fields["To"], fields["NumMedia"]) == (sid, LINH, OURS, "0")
    assert RequestValidator(TOKEN).validate(f"{PUBLIC}/twilio/messages", dict(fields), signature)


def test_what_a_telephone_writes_arrives_in_order(phone: tuple[Carrier, Product]) -> None:
    carrier, got = phone
    for number in range(20):
        carrier.receive(LINH, str(number))
    assert carrier.settle()
    assert [fields["Body"] for _, fields, _ in got.calls] == [str(number) for number in range(20)]


@pytest.mark.parametrize(
    "word", ["STOP", " stop ", "Unsubscribe", "CANCEL", "end", "quit", "REVOKE", "optout", "StopAll"]
)
def test_an_english_stop_is_obeyed_by_the_carrier_itself(phone: tuple[Carrier, Product], word: str) -> None:
    carrier, got = phone
    carrier.receive(LINH, word)
    assert take(carrier) == 21610
    assert isinstance(take(carrier, recipient="+15105550177"), Entry)
    assert isinstance(take(carrier, sender="+15105550111"), Entry)
    assert carrier.settle()
    assert word in [fields.get("Body") for _, fields, _ in got.calls]
    replies = [entry.body for entry in carrier.ledger.thread(LINH) if entry.direction == AUTOMATIC]
    assert replies == [STOPPED]


@pytest.mark.parametrize("words", ["stop please", "ALTO", "توقف", "Please stop texting me"])
def test_other_words_for_stop_are_left_to_the_product(phone: tuple[Carrier, Product], words: str) -> None:
    carrier, _ = phone
    carrier.receive(LINH, words)
    assert isinstance(take(carrier), Entry)


def test_start_lifts_the_block_and_every_keyword_is_answered_once(phone: tuple[Carrier, Product]) -> None:
    carrier, _ = phone
    for word in ("stop", "STOP", "help", "start", "YES"):
        carrier.receive(LINH, word)
    assert isinstance(take(carrier), Entry)
    replies = [entry.body for entry in carrier.ledger.thread(LINH) if entry.direction == AUTOMATIC]
    assert replies == [STOPPED, HELPED, STARTED]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recipient": ""}, 21604),
        ({"sender": ""}, 21603),
        ({"sender": "+15005550001"}, 21212),
        ({"sender": "+15005550007"}, 21606),
        ({"sender": "+15005550008"}, 21611),
        ({"recipient": "+15005550001"}, 21211),
        ({"recipient": "+15005550004"}, 21610),
        ({"recipient": "5105550199"}, 21211),
        ({"recipient": "+1510abc"}, 21211),
        ({"body": ""}, 21619),
        ({"body": "x" * 1601}, 21617),
    ],
)
def test_orders_are_refused_with_twilios_numbers(
    phone: tuple[Carrier, Product], changes: dict[str, str], code: int
) -> None:
    assert take(phone[0], **changes) == code


def test_a_product_that_is_away_or_refuses_does_not_stop_the_carrier(tmp_path: Path) -> None:
    with running_carrier(tmp_path, reach_at=f"http://127.0.0.1:{free_port()}") as (carrier, _):
        entry = take(carrier)
        assert carrier.settle() and isinstance(entry, Entry)
        done = carrier.ledger.get(entry.sid)
        assert done is not None and done.status == "delivered"
    with product() as got:
        got.status = 500
        with running_carrier(tmp_path / "b", reach_at=got.address) as (carrier, _):
            carrier.receive(LINH, "Hi")
            assert carrier.settle()
            assert len(got.calls) == 1


def test_a_report_that_is_not_acknowledged_comes_again_until_it_is(tmp_path: Path) -> None:
    with product() as got:
        got.first_answers = [500]
        with running_carrier(tmp_path, reach_at=got.address, repeat_reports_seconds=0.01) as (carrier, _):
            take(carrier)
            assert carrier.settle()
            assert len(got.calls) == 3
            assert set(got.statuses()) == {"sent", "delivered"}


def test_the_ledger_outlives_the_process_and_unfinished_texts_go_on(tmp_path: Path) -> None:
    with running_carrier(tmp_path, sent_after_seconds=60.0, delivered_after_seconds=60.0) as (carrier, _):
        carrier.receive(LINH, "STOP")
        entry = take(carrier, recipient="+15105550177")
    with product() as got, running_carrier(tmp_path, reach_at=got.address) as (carrier, _):
        assert take(carrier) == 21610
        assert carrier.settle() and isinstance(entry, Entry)
        assert sorted(got.statuses()) == ["delivered", "sent"]


def test_the_ledger_lists_by_address_and_time(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "deep" / "ledger.db")
    for number, recipient in enumerate([LINH, "+1", LINH], 1):
        made = Entry(
            f"SM{number}",
            "outbound-api",
            OURS,
            recipient,
            str(number),
            "sent",
            100.0,
            100.0,
            sent=100.0 + number,
        )
        ledger.add(made)
    assert [entry.sid for entry in ledger.search(Search(recipient=LINH))] == ["SM3", "SM1"]
    assert [entry.sid for entry in ledger.search(Search(sent_from=102.0, sent_until=102.5))] == ["SM2"]
    assert [entry.sid for entry in ledger.search(Search(sender=OURS, limit=1))] == ["SM3"]
    assert ledger.get("SM9") is None
    ledger.close()


def test_what_was_delivered_is_not_sent_again_by_a_late_thread(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.add(Entry("SM1", "outbound-api", OURS, LINH, "Hi", "queued", 100.0, 100.0))
    for status, at in (("delivered", 102.0), ("sent", 101.0)):
        ledger.advance("SM1", status, at)
    entry = ledger.get("SM1")
    assert entry is not None and (entry.status, entry.updated) == ("delivered", 102.0)
    ledger.close()


def test_many_texts_at_once_are_all_remembered(phone: tuple[Carrier, Product]) -> None:
    carrier, _ = phone
    threads = [threading.Thread(target=take, args=(carrier, f"text {n}")) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert {entry.body for entry in carrier.ledger.search(Search(limit=100))} == {
        f"text {n}" for n in range(40)
    }
    assert carrier.settle()
