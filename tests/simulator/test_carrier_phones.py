"""Telephones of a carrier in another process: what they write arrives, what they show is its ledger."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.carrier import Carrier, CarrierAccount
from bot.simulator.carrier_ledger import INBOUND, Ledger, Search
from bot.simulator.carrier_phones import PhonesElsewhere
from bot.simulator.carrier_problems import Order
from bot.simulator.carrier_process import create_server

SCHOOL, PHONE = "+15105550190", "+15105550178"
ACCOUNT = CarrierAccount("AC" + "1" * 32, "token", SCHOOL, "http://127.0.0.1:1")


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Carrier]:
    made = Carrier(ACCOUNT, Ledger(tmp_path / "ledger.db"), reports=False)
    yield made
    made.close()


@pytest.fixture
def base(carrier: Carrier) -> Iterator[str]:
    """Where the carrier answers."""
    server = create_server(carrier)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    running.join()
    server.server_close()


def test_a_telephone_shows_what_the_carrier_took_for_it(carrier: Carrier, base: str) -> None:
    phones = PhonesElsewhere(base, ACCOUNT.account_sid, "token")
    assert phones.shown_on(PHONE) == []
    carrier.take(Order(sender=SCHOOL, service="", recipient=PHONE, body="Hola, Ángel", callback=""))
    shown = phones.shown_on(PHONE)
    assert [(one.body, one.automatic) for one in shown] == [("Hola, Ángel", False)]
    assert shown[0].at.tzinfo is not None


@pytest.mark.parametrize("picture", [False, True])
def test_what_a_telephone_writes_reaches_the_carrier(carrier: Carrier, base: str, picture: bool) -> None:
    PhonesElsewhere(base, ACCOUNT.account_sid, "token").write(PHONE, "¿A qué hora?", picture=picture)
    found = carrier.ledger.search(Search(sender=PHONE))
    assert [(entry.body, entry.direction) for entry in found] == [("¿A qué hora?", INBOUND)]


def test_strangers_do_not_see_telephones(base: str) -> None:
    with pytest.raises(ConnectionError, match="401"):
        PhonesElsewhere(base, ACCOUNT.account_sid, "guessed").shown_on(PHONE)
