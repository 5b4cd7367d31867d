"""The page's telephones at the real development carrier."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from bot.simulator.carrier import Carrier, CarrierAccount
from bot.simulator.carrier_ledger import Ledger
from bot.simulator.carrier_problems import Order
from bot.simulator.company import CarrierPhones

MARIA = "+15105550199"
TOKEN = "a development token"


@pytest.fixture
def posted() -> list[dict[str, str]]:
    """What reached the product's webhook with a right signature."""
    return []


@pytest.fixture
def phones(tmp_path: Path, posted: list[dict[str, str]]) -> Iterator[CarrierPhones]:
    """A carrier that reports to a small product."""
    app = Flask("product")

    @app.post("/twilio/messages")
    def take() -> str:
        fields = request.form.to_dict()
        signature = request.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate("http://school.example/twilio/messages", fields, signature)
        posted.append(fields)
        return "<Response/>"

    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    account = CarrierAccount(
        "AC1",
        TOKEN,
        "+15005550006",
        "http://school.example",
        reach_at=f"http://127.0.0.1:{server.server_port}",
    )
    carrier = Carrier(
        account, Ledger(tmp_path / "ledger.db"), sent_after_seconds=0, delivered_after_seconds=0
    )
    yield CarrierPhones(carrier)
    carrier.close()
    server.shutdown()


def test_a_text_travels_as_a_signed_webhook(phones: CarrierPhones, posted: list[dict[str, str]]) -> None:
    phones.write(MARIA, "¿Qué hay de comer?", picture=False)
    assert phones.carrier.settle()
    assert [(one["From"], one["Body"], one["NumMedia"]) for one in posted] == [
        (MARIA, "¿Qué hay de comer?", "0")
    ]


def test_a_picture_is_mentioned_but_has_no_words(phones: CarrierPhones, posted: list[dict[str, str]]) -> None:
    phones.write(MARIA, "", picture=True)
    [one] = posted
    assert (one["Body"], one["NumMedia"], one["MediaContentType0"]) == ("", "1", "image/jpeg")


def test_a_telephone_shows_what_the_carrier_took_for_it_and_the_carriers_own_answers(
    phones: CarrierPhones,
) -> None:
    taken = phones.carrier.take(
        Order(recipient=MARIA, body="Hoy hay pizza.", sender="+15005550006", service="", callback="")
    )
    assert not isinstance(taken, int)
    phones.write(MARIA, "HELP", picture=False)
    assert phones.carrier.settle()
    first, second = phones.shown_on(MARIA)
    assert (first.body, first.status, first.automatic) == ("Hoy hay pizza.", "delivered", False)
    assert second.automatic and abs(second.at.timestamp() - time.time()) < 60
    assert phones.shown_on("+15105550100") == []
