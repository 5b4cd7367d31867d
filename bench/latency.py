"""Text to reply row on an idle product, seen from outside: from before the POST until the row can be read."""

from __future__ import annotations

import http.client
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bench.figures import Figure, Target, share
from bench.ledgers import Watch
from bench.machine import wait_until_calm
from bench.texts import Text, singles
from tests.journeys.house import TOKEN, House, message_fields, sid

TEXTS = 100
WARM_UP = 6
PATH = "/twilio/messages"
SEEN = """select 1 from deliveries d join turns t on t.id = d.turn_id join messages m on m.id = t.message_id
          where m.provider_id = ? limit 1"""


def measure(runs: int, patience: float) -> list[Figure]:
    """A new product and database each run."""
    webhooks, rows = [], []
    for number in range(runs):
        wait_until_calm(patience)
        pairs = _once(number)
        webhooks.append([pair[0] for pair in pairs])
        rows.append([pair[1] for pair in pairs])
    target = Target(40, at_least=False)
    return [
        Figure("text to reply row p50, idle", "ms", tuple(share(run, 0.5) for run in rows), target=target),
        Figure("text to reply row p99, idle", "ms", tuple(share(run, 0.99) for run in rows)),
        Figure("of it the webhook's answer p50", "ms", tuple(share(run, 0.5) for run in webhooks)),
    ]


def _once(seed: int) -> list[tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), f"sqlite:///{folder}/homeline.db", carrier_options=("--no-callbacks",))
        try:
            house.start_carrier()
            house.start_product()
            watch = Watch(house)
            watch.settle(0, 30)
            texts = singles(WARM_UP + TEXTS, seed)
            line = http.client.HTTPConnection("127.0.0.1", house.port)
            with closing(
                sqlite3.connect(f"file:{watch.database}?mode=ro", uri=True, isolation_level=None)
            ) as eyes:
                times = [_text(house, line, eyes, text, n) for n, text in enumerate(texts)]
            watch.settle(len(texts), 30)
            watch.check(len(texts))
        finally:
            house.stop()
    return times[WARM_UP:]


def _text(
    house: House, line: http.client.HTTPConnection, eyes: sqlite3.Connection, text: Text, number: int
) -> tuple[float, float]:
    """Milliseconds until the webhook answered and until the first reply row was there."""
    fields = message_fields(text.sender, text.body, sid(number + 1))
    signature = RequestValidator(TOKEN).compute_signature(house.base + PATH, fields)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    began = time.perf_counter()
    line.request("POST", PATH, urlencode(fields), headers)
    line.getresponse().read()
    answered = time.perf_counter()
    while not eyes.execute(SEEN, (fields["MessageSid"],)).fetchone():
        time.sleep(0.0005)
    seen = time.perf_counter()
    while eyes.execute("select 1 from deliveries where state in ('queued', 'sending') limit 1").fetchone():
        time.sleep(0.005)
    return (answered - began) * 1000, (seen - began) * 1000
