"""One district with a past of a given size, and the steps of a message's way that are measured on it.

A step makes ready what it needs and gives back what is to be timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import insert, text

from bench import history
from bench.machine import scheduled_seconds
from bot.app import Homeline
from bot.environment import load_settings
from bot.inbox.landing import land
from bot.jobs.work import Work
from bot.journey import Journey
from bot.model.dialogue import Say, Verbatim
from bot.model.messages import InboundMessage, SendResult, StatusReport
from bot.model.pace import SenderLimits
from bot.model.utterance import IntentGuess, Utterance
from bot.outbox.queueing import OutgoingSay
from bot.outbox.results import Carried, Results
from bot.outbox.statuses import apply_status
from bot.serving import prepare
from bot.storage.bulk_claims import claim_bulk
from bot.storage.deliveries import Delivery
from tests.conftest import FixedClock
from tests.journeys.house import SCHOOL, House
from tests.outbox.fakes import FakeChannel

LINES = 100
"""Lines that take part, spread evenly over all."""

TOGETHER = 64
"""Broadcast texts of one claim."""

SETTINGS = {"HOMELINE_DEMO": "0", "SMS_SEGMENTS_PER_SECOND": "0", "SMS_DAILY_SEGMENTS": "0"}
AGAIN = (
    "UPDATE deliveries SET state = 'queued', attempts = 0, provider_id = NULL, sent_at = NULL,"
    " first_attempt_at = NULL WHERE broadcast_id = :broadcast AND state <> 'queued'"
)

Deed = Callable[[], object]
Spent = tuple[float, float]
"""Milliseconds of the processor (the database's included) and of the clock on the wall."""


@dataclass(frozen=True, slots=True)
class Stub:
    """Stands in for the model: every text is the same greeting."""

    intent: str = "greet"

    def understand(self, body: str, *, preferred: str | None = None) -> Utterance:
        """A greeting in the language of the line."""
        return Utterance(body, preferred or "en", IntentGuess(self.intent, 1.0), decision="table")


class District:
    """The product on a database of its own, its carrier in memory, its clock standing still."""

    def __init__(self, url: str, folder: Path, deliveries: int) -> None:
        self.clock = FixedClock()
        self.channel = FakeChannel(self.clock, senders=(SenderLimits(SCHOOL),))
        house = House(folder, url, extra=SETTINGS)
        self.home = Homeline(load_settings(house.environment()), clock=self.clock)
        self.home.__dict__["channels"] = {"sms": self.channel}  # instead of the account of the settings
        prepare(self.home)
        history.fill(self.home.database, deliveries)
        self.results = Results(self.home.database, self.home.sender, self.clock)
        self.journey: Journey = replace(
            self.home.journey,
            understander=Stub(),  # type: ignore[arg-type]
            conversing=replace(self.home.conversing, embedder=None),
        )
        self.work: Work = self.home.work
        self._lines = [history.address(1 + n * history.lines(deliveries) // LINES) for n in range(LINES)]
        self._count = 0
        self._backends: Sequence[int] = ()
        self._queue_bulk()

    def steps(self) -> Mapping[str, Callable[[], Deed]]:
        """What is measured, in the order of a message's way."""
        return {
            "a text answered": self.text,
            "its reply sent": self.reply,
            "a status report": self.report,
            "a lost text that arrived": self.lost,
            f"{TOGETHER} broadcast texts": self.bulk,
            "the clock's sweep": lambda: self.work.sweep,
        }

    def time(self, step: Callable[[], Deed]) -> Spent:
        """What a step takes."""
        deed = step()
        before = sum(map(scheduled_seconds, self._backends))
        wall, processor = time.perf_counter(), time.process_time()
        deed()
        processor, wall = time.process_time() - processor, time.perf_counter() - wall
        return (processor + sum(map(scheduled_seconds, self._backends)) - before) * 1000, wall * 1000

    def text(self) -> Deed:
        """A text lands, is claimed, answered and committed; the model is left out."""
        self._count += 1
        self.clock.advance(timedelta(seconds=1))
        sender = self._lines[self._count % LINES]
        message = InboundMessage("sms", f"MI{self._count:032x}", sender, SCHOOL, "Hello!", self.clock.now())

        def deed() -> None:
            with self.home.database.write() as session:
                turn_id = land(session, message, self.home.queue)
            assert turn_id is not None
            self.journey.take_turn(turn_id)

        return deed

    def reply(self) -> Deed:
        """The oldest delivery that is due goes to the carrier, and that is stored."""
        (delivery_id,) = self.home.sender.due()
        return lambda: self.home.sender.send(delivery_id)

    def report(self) -> Deed:
        """The carrier says that the last text arrived."""
        return lambda: self._hear("delivered")

    def lost(self) -> Deed:
        """The carrier says that a text was lost and can be tried again; that try stops because it arrived after all."""
        with self.home.database.write() as session:
            outgoing = OutgoingSay(say=Say((Verbatim("Hello."),)), channel="sms", recipient=self._lines[0],
                                   language="en", dedupe_key=f"lost:{self._count}", now=self.clock.now())  # fmt: skip
            delivery = self.home.queueing.queue(session, outgoing).delivery
        self.home.sender.send(delivery.id)

        def deed() -> None:
            self._hear("undelivered", 30003, 1)
            self._hear("delivered")

        return deed

    def bulk(self) -> Deed:
        """So many texts of a broadcast are claimed, looked at, and stored as taken by the carrier."""
        with self.home.database.write() as session:
            session.execute(text(AGAIN), {"broadcast": history.A_LINE})
        self._count += 1
        tag = self._count

        def deed() -> None:
            lease = self.home.sender.lease()
            with self.home.database.write() as session:
                rows = claim_bulk(session, lease, self.home.sender.room(session, TOGETHER, lease.now))
                attempts = self.home.sender.begin(session, rows, lease.now)
            assert len(attempts) == TOGETHER
            done = [
                Carried(one, SendResult(f"MB{tag:08x}{n:08x}", "queued")) for n, one in enumerate(attempts)
            ]
            self.results.store(0, done)

        return deed

    def _hear(self, status: str, code: int | None = None, resends: int = 0) -> None:
        sent = self.channel.seen[-1]
        report = StatusReport("sms", self.channel.taken[-1].provider_id, status, self.clock.now(),
                              sent.delivery_id, code, None, resends)  # fmt: skip
        with self.home.database.write() as session:
            apply_status(session, report)

    def _queue_bulk(self) -> None:
        now = self.clock.now()
        with self.home.database.write() as session:
            session.execute(
                text("UPDATE broadcasts SET state = 'sending' WHERE id = :n"), {"n": history.A_LINE}
            )
            session.execute(insert(Delivery), [
                {"dedupe_key": f"bulk:{n}", "kind": "broadcast", "channel": "sms", "recipient": line,
                 "language": "en", "body": "School is closed tomorrow.", "priority": -2, "due_at": now,
                 "created_at": now, "broadcast_id": history.A_LINE} for n, line in enumerate(self._lines)
            ])  # fmt: skip

    def look_round(self) -> None:
        """Find the processes of PostgreSQL that work for us; none of SQLite, which works in our own. Between rounds."""
        url = self.home.database.engine.url
        if self.home.database.embedded:
            return
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        with psycopg.connect(plain, autocommit=True) as connection:
            mine = connection.info.backend_pid
            self._backends = [row[0] for row in connection.execute(asked, (url.database,)) if row[0] != mine]

    def close(self) -> None:
        """Give the database's connections back."""
        self.home.close()
