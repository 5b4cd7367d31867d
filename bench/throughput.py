"""Whole texts to replies a second against a carrier that takes 100 ms, beside Rasa's own Twilio channel."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import rasa_peer
from bench.figures import Figure, Target
from bench.ledgers import Watch
from bench.load import fire, request
from bench.machine import cpu_seconds, wait_until_calm
from bench.texts import Text, conversations, singles
from tests.journeys.house import TOKEN, House, message_fields, sid

CONNECTIONS = 16
LATENCY_MS = 100
RASA_PHONES = 12
WARM, WARM_SID = 8, 900_000
"""Texts before the first that counts, and the number of the first of them."""
EARLIER = 8.3
"""Texts a second of Rasa's Twilio channel, measured earlier with another model: quoted where Rasa is not."""
PATH = "/twilio/messages"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: texts answered and replies sent a second, and the CPU time a text took."""

    texts: float
    sends: float
    cpu_ms: float


def measure(runs: int, patience: float) -> list[Figure]:
    """The product on a new database each run; Rasa, where it is, started once and asked between the runs."""
    ours: list[Run] = []
    theirs: list[float] = []
    with ExitStack() as stack:
        rasa = _rasa(stack)
        for number in range(runs):
            wait_until_calm(patience)
            ours.append(_product(number))
            if rasa is not None:
                wait_until_calm(patience)
                theirs.append(_ask_rasa(rasa, number))
    name = "Rasa Twilio channel" if theirs else "Rasa Twilio channel, measured earlier"
    rate = Figure(f"texts answered, carrier {LATENCY_MS} ms", "texts/s", tuple(run.texts for run in ours),
                  name, tuple(theirs) or (EARLIER,), Target(5, at_least=True, of_ratio=True))  # fmt: skip
    sends = Figure("replies in the carrier's ledger", "sends/s", tuple(run.sends for run in ours))
    cpu = Figure("CPU time of the product a text", "ms", tuple(run.cpu_ms for run in ours))
    return [rate, sends, cpu]


def _product(number: int) -> Run:
    talks = conversations(number)
    with tempfile.TemporaryDirectory() as folder:
        house = _house(folder)
        watch = Watch(house)
        try:
            house.start_carrier()
            house.start_product()
            warm = _warm(house, watch)
            sent_before = watch.sent()[0]
            assert house.product is not None
            before = cpu_seconds(house.product.pid)
            started = fire(house.port, lanes(house.base, PATH, talks)).started
            total = sum(map(len, talks))
            watch.settle(warm + total, 180)
            sends, last = watch.sent()
            sends -= sent_before
            spent = cpu_seconds(house.product.pid) - before
            watch.check(warm + total)
        finally:
            house.stop()
    return Run(total / (last - started), sends / (last - started), spent / total * 1000)


def _warm(house: House, watch: Watch) -> int:
    """Have a few texts answered first, as of Rasa: starting is a figure of its own. How many."""
    talks = [[text] for text in singles(WARM, 99)]
    fire(house.port, lanes(house.base, PATH, talks, first_sid=WARM_SID))
    watch.settle(WARM, 60)
    return WARM


def _rasa(stack: ExitStack) -> House | None:
    python = rasa_peer.prepare()
    if python is None:
        return None
    house = _house(stack.enter_context(tempfile.TemporaryDirectory()))
    stack.callback(house.stop)
    house.start_carrier()
    stack.enter_context(rasa_peer.serving(python, house))
    _ask_rasa(house, 99)  # warm
    return house


def _ask_rasa(house: House, number: int) -> float:
    talks = conversations(number, RASA_PHONES)
    watch = Watch(house)
    before, total = watch.sent()[0], sum(map(len, talks))
    outcome = fire(house.port, lanes(house.base, rasa_peer.WEBHOOK, talks))
    deadline = time.monotonic() + 60
    while watch.sent()[0] < before + total and time.monotonic() < deadline:
        time.sleep(0.2)
    sends, last = watch.sent()
    if sends - before != total:
        raise RuntimeError(f"Rasa sent {sends - before} replies to {total} texts: {outcome.statuses}")
    return total / (last - outcome.started)


def lanes(base: str, path: str, talks: Sequence[Sequence[Text]], *, first_sid: int = 1) -> list[list[str]]:
    """The talks over a few connections, every phone's texts in order, phones taking turns."""
    numbers = iter(range(first_sid, 1_000_000))
    ready = [
        [
            request(base, path, message_fields(text.sender, text.body, sid(next(numbers))), TOKEN)
            for text in talk
        ]
        for talk in talks
    ]
    held = [ready[lane::CONNECTIONS] for lane in range(min(CONNECTIONS, len(ready)))]
    return [[text for round_ in zip(*phones, strict=True) for text in round_] for phones in held]


def _house(folder: str) -> House:
    options = ("--latency-ms", str(LATENCY_MS))
    return House(Path(folder), f"sqlite:///{folder}/homeline.db", carrier_options=options)
