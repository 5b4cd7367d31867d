"""A lane that dies between any two steps loses nothing and doubles nothing, against a carrier with a ledger."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.twilio_sms import TwilioSms
from bot.model.messages import OutboundMessage, SendResult
from bot.outbox.lanes import Lanes, Pace
from bot.outbox.sending import Sender
from bot.simulator.carrier import Carrier
from bot.simulator.carrier_ledger import Search
from bot.storage.session import Database
from tests.broadcasts import Killed, mortal
from tests.carriers import running_carrier, twilio_account
from tests.conftest import FixedClock
from tests.outbox.conftest import RULES, Line, line_on

LONG_AGO = datetime(2020, 1, 6, 17, 0, tzinfo=UTC)  # a carrier with a real clock lists everything as later
TEXTS = 6


class MortalChannel(TwilioSms):
    """Its process dies at a certain send: before the text has left, or once the carrier has it."""

    dies_at = 0
    afterwards = False
    sends = 0
    counting = threading.Lock()

    def send(self, message: OutboundMessage) -> SendResult:
        """As Twilio's channel does, until it is time."""
        with self.counting:
            self.sends += 1
            dies = self.sends == self.dies_at
        if dies and not self.afterwards:
            raise Killed
        taken = super().send(message)
        if dies:
            raise Killed
        return taken


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[tuple[Carrier, str]]:
    with running_carrier(tmp_path) as running:
        yield running


def _bodies(carrier: Carrier) -> Counter[str]:
    return Counter(entry.body for entry in carrier.ledger.search(Search(limit=10_000)))


def _queue(line: Line, number: int) -> list[int]:
    """Texts of one round: two of them to the same line."""
    return [
        line.queue(f"{number}: {text}", recipient=f"+1510555{text % (TEXTS - 1):04d}", kind="broadcast", priority=-2)
        for text in range(TEXTS)
    ]  # fmt: skip


def _lanes(line: Line, database: Any, channel: TwilioSms, owner: str) -> Lanes:
    sender = Sender(database, {"sms": channel}, line.clock, owner, RULES)
    return Lanes(database, sender, line.clock, Pace(threads=2, store=2))


def _dies(lanes: Lanes) -> bool:
    """Whether their process ends while they run."""
    try:
        lanes.run(0)
    except Killed:
        return True
    return False


def _rounds(line: Line, carrier: Carrier, die: Callable[[int], bool], base: str) -> int:
    """Each round dies one step later than the one before, until one gets through; then all must be right."""
    for number in range(1, 40):
        ids = _queue(line, number)
        died = die(number)
        successor = _lanes(line, line.database, TwilioSms(twilio_account(base)), f"after{number}")
        line.clock.advance(RULES.lease + RULES.lag)
        while successor.due():
            successor.run(0)
        assert {line.state(one) for one in ids} <= {"sent", "delivered"}, number
        if not died:
            break
    assert _bodies(carrier) == Counter(f"{n}: {text}" for n in range(1, number + 1) for text in range(TEXTS))
    return number


@pytest.mark.parametrize("committed", [False, True])
def test_at_any_commit(
    database: Database, tmp_path: Path, carrier: tuple[Carrier, str], committed: bool
) -> None:
    ledger, base = carrier
    line = line_on(database, FixedClock(LONG_AGO), tmp_path)

    def die(number: int) -> bool:
        dying = mortal(database, number, committed=committed)
        return _dies(_lanes(line, dying, TwilioSms(twilio_account(base)), f"dies{number}"))

    assert _rounds(line, ledger, die, base) > 3, "the steps were too few to tell"


@pytest.mark.parametrize("afterwards", [False, True])
def test_at_any_send(
    database: Database, tmp_path: Path, carrier: tuple[Carrier, str], afterwards: bool
) -> None:
    ledger, base = carrier
    line = line_on(database, FixedClock(LONG_AGO), tmp_path)

    def die(number: int) -> bool:
        channel = MortalChannel(twilio_account(base))
        channel.dies_at, channel.afterwards = number, afterwards
        return _dies(_lanes(line, database, channel, f"dies{number}"))

    assert _rounds(line, ledger, die, base) == TEXTS + 1


def test_what_the_last_owner_left_is_freed_at_the_next_start(
    database: Database, tmp_path: Path, carrier: tuple[Carrier, str]
) -> None:
    ledger, base = carrier
    line = line_on(database, FixedClock(LONG_AGO), tmp_path)
    _queue(line, 1)
    with pytest.raises(Killed):
        _lanes(line, mortal(database, 1), TwilioSms(twilio_account(base)), "dead").run(0)
    sender = Sender(database, {"sms": TwilioSms(twilio_account(base))}, line.clock, "next", RULES)
    with database.write() as session:
        assert sender.recover(session) == TEXTS - 1, "one text waited for the one before it on its line"
    line.clock.advance(RULES.lag)
    Lanes(database, sender, line.clock, Pace(threads=2)).run(0)
    assert _bodies(ledger) == Counter(f"1: {text}" for text in range(TEXTS))
