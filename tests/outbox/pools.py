"""An outbox whose channel has numbers with limits, and a carrier that is asked as often as a clock ticks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.pace import SenderLimits
from bot.outbox.lanes import Lanes, Pace
from bot.outbox.senders import keep_in_step
from bot.outbox.sending import Sender
from bot.storage.carrier_accounts import CarrierAccount
from bot.storage.sender_numbers import SenderNumber
from tests.outbox.conftest import RULES, Line

OURS, SECOND = "+15105550190", "+15105550191"
TICK = timedelta(milliseconds=200)


def give_numbers(line: Line, *numbers: SenderLimits) -> Line:
    """The line with these numbers, as after a start with such settings."""
    line.channel.senders = numbers
    with line.database.write() as session:
        keep_in_step(session, [line.channel], line.clock.now())
    return line


def quick_sender(line: Line, owner: str = "me") -> Sender:
    """A sender that looks for bulk at every tick."""
    rules = replace(RULES, bulk_ahead=TICK)
    return Sender(line.database, {"sms": line.channel}, line.clock, owner, rules)


def tick(line: Line, *senders: Sender) -> None:
    """Every sender takes what it finds, and time passes."""
    for sender in senders:
        for delivery_id in sender.due():
            sender.send(delivery_id)
        lanes = Lanes(line.database, sender, line.clock, Pace(threads=1))
        if lanes.due():
            lanes.run(0)
    line.clock.advance(TICK)


def run_for(line: Line, seconds: float, *senders: Sender) -> None:
    """Tick so long."""
    for _ in range(round(seconds / TICK.total_seconds())):
        tick(line, *senders)


def taken_at(line: Line) -> list[datetime]:
    """When the carrier took each text."""
    return [record.created_at for record in line.channel.taken]


def queue_bulk(line: Line, count: int, **changes: object) -> list[int]:
    """Texts of a routine broadcast, each to another telephone."""
    given = {"kind": "broadcast", "priority": -2} | changes
    return [line.queue(f"News {n}", recipient=f"+1510777{n:04d}", **given) for n in range(count)]


def number(line: Line, address: str = OURS) -> SenderNumber:
    """The row of a number."""
    with line.database.read() as session:
        found = session.query(SenderNumber).filter_by(address=address).one()
        session.expunge_all()
        return found


def account(line: Line) -> CarrierAccount:
    """The row of the carrier's account."""
    with line.database.read() as session:
        found = session.get_one(CarrierAccount, line.channel.account)
        session.expunge_all()
        return found


def change_number(line: Line, act: Callable[[SenderNumber], None], address: str = OURS) -> None:
    """Change the row of a number by hand."""
    with line.database.write() as session:
        act(session.query(SenderNumber).filter_by(address=address).one())
