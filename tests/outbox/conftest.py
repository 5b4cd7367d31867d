"""An outbox with a fake carrier, on every kind of database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.model.dialogue import Say, Verbatim
from bot.outbox.lanes import Lanes, Pace
from bot.outbox.letters import Reader
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import Mailing, OutgoingSay, Queueing
from bot.outbox.sending import Sender, SendingRules
from bot.school.policy import Policy
from bot.school.quiet_hours import QuietHours
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.outbox.fakes import FakeChannel, FakeQueue
from tests.outbox.phrases import responses, write_catalogues

ZONE = ZoneInfo("America/Los_Angeles")
RULES = SendingRules(QuietHours(time(20), time(8), ZONE), "https://line.example.org")
LINH, OMAR = "+15105550101", "+15105550102"


@dataclass
class Line:
    """The outbox as a test drives it."""

    database: Database
    clock: FixedClock
    channel: FakeChannel
    jobs: FakeQueue
    queueing: Queueing
    sender: Sender
    count: int = 0

    def queue(self, body: str = "Hello.", **changes: Any) -> int:
        """One text to Linh, or as changed; its delivery's id."""
        self.count += 1
        outgoing = OutgoingSay(
            say=Say((Verbatim(body),)),
            channel="sms",
            recipient=LINH,
            language="en",
            dedupe_key=f"test:{self.count}",
            now=self.clock.now(),
        )
        with self.database.write() as session:
            return self.queueing.queue(session, replace(outgoing, **changes)).delivery.id

    def queue_many(self, count: int, **changes: Any) -> list[int]:
        """So many texts of a broadcast, each to a line of its own."""
        usual = {"kind": "broadcast", "priority": -2}
        return [
            self.queue(f"Snow {n}.", recipient=f"+1510556{n:04d}", **{**usual, **changes})
            for n in range(count)
        ]

    def lanes(self, threads: int = 1, owner: str = "", **pace: Any) -> Lanes:
        """The lanes of this process, or of another one."""
        sender = self.another_sender(owner) if owner else self.sender
        return Lanes(self.database, sender, self.clock, Pace(threads=threads, **pace))

    def row(self, delivery_id: int) -> Delivery:
        """The delivery as it stands."""
        with self.database.read() as session:
            found = session.get(Delivery, delivery_id)
            assert found is not None
            session.expunge(found)
            return found

    def rows(self) -> list[Delivery]:
        """All deliveries, oldest first."""
        with self.database.read() as session:
            found = session.query(Delivery).order_by(Delivery.id).all()
            session.expunge_all()
            return found

    def state(self, delivery_id: int) -> str:
        """Where the delivery stands."""
        return self.row(delivery_id).state

    def another_sender(self, owner: str = "other") -> Sender:
        """A second process at the same database and carrier."""
        return Sender(self.database, {"sms": self.channel}, self.clock, owner, RULES)

    def change(self, delivery_id: int, act: Callable[[Delivery], None]) -> None:
        """Change a row by hand."""
        with self.database.write() as session:
            found = session.get(Delivery, delivery_id)
            assert found is not None
            act(found)

    def drain(self, limit: int = 100) -> None:
        """What the runner does: send all that is due, and whatever follows it."""
        for _ in range(limit):
            due = self.sender.due()
            if not due:
                return
            for delivery_id in due:
                following: int | None = delivery_id
                while following is not None:
                    following = self.sender.send(following)
        raise AssertionError("the outbox does not come to rest")


def queue_all(line: Line, mailing: Mailing, readers: Sequence[Reader]) -> None:
    """A mailing to all of them, in one transaction."""
    with line.database.write() as session:
        post = line.queueing.write_many(session, mailing.kind, readers)
        line.queueing.store_many(session, mailing, line.queueing.judge_many(session, mailing, post))


def line_on(database: Database, clock: FixedClock, locales: Path) -> Line:
    """An outbox on this database."""
    channel, jobs = FakeChannel(clock), FakeQueue()
    book = Phrasebook({}, locales, ZONE)
    queueing = Queueing(book, jobs, Policy(), ZONE)
    return Line(
        database, clock, channel, jobs, queueing, Sender(database, {"sms": channel}, clock, "me", RULES)
    )


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """Catalogues of a few phrases in Spanish and Arabic."""
    return write_catalogues(tmp_path)


@pytest.fixture
def book(locales: Path) -> Phrasebook:
    """The bot's words of these tests."""
    return Phrasebook(responses(), locales, ZONE)


@pytest.fixture
def line(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Line:
    """An outbox on SQLite, where the kind of database makes no difference."""
    return line_on(sqlite_database, clock, tmp_path)


@pytest.fixture
def any_line(database: Database, clock: FixedClock, tmp_path: Path) -> Line:
    """An outbox on each kind of database in turn."""
    return line_on(database, clock, tmp_path)


def at(clock: FixedClock, hour: int, minute: int = 0) -> datetime:
    """Set the clock to this time of day at the schools, today."""
    today = clock.now().astimezone(ZONE)
    clock.set((today.replace(hour=hour, minute=minute, second=0)).astimezone(clock.now().tzinfo))
    return clock.now()


HALF_A_MINUTE = timedelta(seconds=30)
