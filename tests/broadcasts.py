"""A district that sends broadcasts: the cast, a desk with real words, and the clock's part in small chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.jobs.broadcasting import Broadcasting
from bot.model.dialogue import Response
from bot.outbox.broadcast_wording import PhrasebookWording
from bot.outbox.lanes import Lanes, Pace
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import Queueing
from bot.outbox.sending import Sender, SendingRules
from bot.school.broadcasts import course
from bot.school.broadcasts.audience import Names, read_audience
from bot.school.broadcasts.drafts import NewBroadcast, compose
from bot.school.broadcasts.preview import Desk, preview
from bot.school.broadcasts.trying import MARK
from bot.school.broadcasts.wording import ABOUT
from bot.school.policy import Policy
from bot.school.quiet_hours import QuietHours
from bot.storage.broadcasts import Broadcast, BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.people import StaffMember
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock
from tests.outbox.fakes import FakeChannel, FakeQueue

ZONE = ZoneInfo("America/Los_Angeles")
UNDO = timedelta(seconds=30)
EVERYBODY = Counter(
    [cast.ANGEL, cast.HODAN, cast.DANDRE, cast.EMMA, cast.OLIVIA, cast.LOPEZ, cast.SHARED, cast.SHARED]
)
"""The texts of a broadcast to all: one a line and language, and two languages share a line."""
RESPONSES = {
    ABOUT: Response(ABOUT, "{school}: this message is about {children}."),
    MARK: Response(MARK, "TRIAL:"),
    "utter_not_translated": Response("utter_not_translated", "Written in {language_name}, not translated."),
}


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Interrupted:
    """A database at a certain write of which something else happens: right after its commit, or before it."""

    database: Database
    at: int
    do: Callable[[], None]
    committed: bool = True
    writes: int = 0

    def read(self) -> Any:
        """As the database does."""
        return self.database.read()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """As the database does, until it is time."""
        self.writes += 1
        now = self.writes == self.at
        with self.database.write(durable=durable) as session:
            yield session
            if now and not self.committed:
                self.do()
        if now and self.committed:
            self.do()


def mortal(database: Database, dies_at: int, *, committed: bool = True) -> Interrupted:
    """A database whose process dies at a certain write."""

    def die() -> None:
        raise Killed

    return Interrupted(database, dies_at, die, committed)


@dataclass
class District:
    """The cast's district as a test drives it."""

    database: Database
    clock: FixedClock
    folder: Path
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        book = Phrasebook(RESPONSES, self.folder, ZONE)
        self.wording = PhrasebookWording(book)
        self.channel, self.jobs = FakeChannel(self.clock), FakeQueue()
        self.queueing = Queueing(book, self.jobs, self.policy, ZONE)
        rest = QuietHours(self.policy.quiet_from, self.policy.quiet_until, ZONE)
        self.sender = Sender(self.database, {"sms": self.channel}, self.clock, "me", SendingRules(rest))
        self.lanes = Lanes(self.database, self.sender, self.clock, Pace(threads=1))
        with self.database.write() as session:
            self.people = cast.populate(session)

    @property
    def desk(self) -> Desk:
        """The desk at this moment."""
        return Desk(self.policy, self.wording, ZONE, self.clock.now())

    def clockwork(self, database: Any = None, *, chunk: int = 2, queueing: Any = None) -> Broadcasting:
        """The clock's part, of this process or of another one."""
        return Broadcasting(
            database or self.database,
            self.clock,
            queueing or self.queueing,
            self.wording,
            ZONE,
            "Río Vista",
            chunk,
        )

    def compose(self, session: Session, text: str = "School is closed tomorrow.", **wanted: Any) -> Broadcast:
        """A draft of the district's administrator, or `author`, for an audience named as operators do."""
        author = wanted.pop("author", "staff-admin")
        names = Names(
            **{part: wanted.pop(part, ()) for part in ("schools", "grades", "classes", "languages", "groups")}
        )
        new = NewBroadcast(text, wanted.pop("language", "en"), read_audience(session, names), **wanted)
        staff = session.get_one(StaffMember, self.people.staff[author].id)
        return compose(session, staff, new, "operator", self.clock.now())

    def schedule(self, session: Session, draft: Broadcast) -> None:
        """Look at a draft and send it."""
        course.schedule(session, draft.id, preview(session, draft, self.desk), self.desk, "operator")

    def send(self, text: str = "School is closed tomorrow.", **wanted: Any) -> int:
        """A scheduled broadcast, its time to undo over; its number."""
        with self.database.write() as session:
            draft = self.compose(session, text, **wanted)
            self.schedule(session, draft)
        self.clock.advance(UNDO)
        return draft.id

    def advance(self) -> None:
        """One tick."""
        self.clockwork().advance()

    def deliver(self) -> None:
        """Send all that is due."""
        while due := self.sender.due():
            for delivery_id in due:
                self.sender.send(delivery_id)
        self.lanes.run(0)

    def waiting(self, number: int) -> list[int]:
        """The deliveries of a broadcast that wait to be sent, oldest first."""
        return [row.id for row in self.deliveries(number) if row.state in ("queued", "held")]

    def state(self, number: int) -> str:
        """Where a broadcast stands."""
        with self.database.read() as session:
            return session.get_one(Broadcast, number).state

    def recipients(self, number: int) -> list[tuple[str, str, str, str | None]]:
        """Line, language, state and reason of each recipient."""
        with self.database.read() as session:
            query = select(BroadcastRecipient).where(BroadcastRecipient.broadcast_id == number)
            return sorted((row.line, row.language, row.state, row.reason) for row in session.scalars(query))

    def deliveries(self, number: int) -> list[Delivery]:
        """The deliveries of a broadcast, oldest first."""
        with self.database.read() as session:
            query = select(Delivery).where(Delivery.broadcast_id == number).order_by(Delivery.id)
            return list(session.scalars(query))
