"""Stand-ins for what the jobs work with, and reminders to work on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.jobs.work import Work
from bot.outbox.queueing import OutgoingSay
from bot.school.cases import Promise
from bot.school.conferences import Booking, book
from bot.school.policy import Policy
from bot.storage.deliveries import Delivery
from bot.storage.delivery_rows import add_once
from bot.storage.reminders import Reminder
from bot.storage.session import Database
from tests import cast, cast_world
from tests.conftest import FixedClock


@dataclass
class Shelf:
    """Stands in for Queueing: stores the row, then fails where it is told to."""

    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def queue(self, session: Session, outgoing: OutgoingSay) -> Any:
        """Store the say as a row."""
        self.asked.append(outgoing.dedupe_key)
        row = {"dedupe_key": outgoing.dedupe_key, "kind": outgoing.kind, "channel": outgoing.channel,
               "recipient": outgoing.recipient, "language": outgoing.language, "body": "…",
               "due_at": outgoing.now, "created_at": outgoing.now, "expires_at": outgoing.expires_at}  # fmt: skip
        stored, _ = add_once(session, row)
        if outgoing.dedupe_key in self.fails:
            raise self.fails[outgoing.dedupe_key]
        return SimpleNamespace(delivery=stored, labels=())


@dataclass
class Postman:
    """Stands in for the sender: says what is due."""

    waiting: Sequence[int] = ()

    def due(self) -> Sequence[int]:
        """Deliveries that may go."""
        return self.waiting


@dataclass
class Lanes:
    """Stands in for the lanes of broadcasts: whether they have work, and how many there are."""

    busy: bool = False
    count: int = 2

    def due(self) -> bool:
        """Whether broadcasts wait."""
        return self.busy


class SameMoment:
    """A database whose readers all have looked before any of them goes on."""

    def __init__(self, database: Database, readers: int) -> None:
        self._database, self._all_looked = database, threading.Barrier(readers, timeout=30)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Look, then wait for the others."""
        with self._database.read() as session:
            yield session
        self._all_looked.wait()

    def write(self, *, durable: bool = True) -> AbstractContextManager[Session]:
        """As the database does."""
        return self._database.write(durable=durable)


def work_on(database: Any, clock: FixedClock, **parts: Any) -> Work:
    """All ticks of a process, of stand-ins but for the parts given."""
    postman = parts.get("sender", Postman())
    broadcasting = SimpleNamespace(advance=lambda: None, wording=None, database=database, clock=clock)
    usual: dict[str, Any] = {"sender": postman, "lanes": Lanes(), "queueing": Shelf(), "broadcasting": broadcasting,
                             "promise": Promise(Policy(), ZoneInfo("UTC")), "our_faults": frozenset(),
                             "asking": SimpleNamespace(any_due=lambda: False),
                             "submit": lambda job, row_id: None}  # fmt: skip
    return Work(database=database, clock=clock, **{**usual, **parts})


def remind(database: Database, clock: FixedClock, count: int) -> list[int]:
    """So many reminders of Ángel's conference, all due; their keys."""
    with database.write() as session:
        people = cast.populate(session)
        openings = cast_world.add_openings(session, people, clock.now())
        mine = [o for o in openings if o.staff_id == people.staff["tch-2-002"].id]
        line = cast.converse(session, cast.ANGEL, clock.now())
        booking = Booking(mine[-1].id, people.students["stu-000008"].id, people.guardians["grd-00006-1"].id, "phone",
                          line.id)  # fmt: skip
        appointment = book(session, booking, replace(Policy(), reminders=()), clock.now())
        rows = [
            Reminder(appointment_id=appointment.id, occurrence=f"{n}h", due_at=clock.now() - timedelta(minutes=9 - n),
                     worthless_at=clock.now() + timedelta(hours=1))
            for n in range(count)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def standing(database: Database) -> list[tuple[str, bool]]:
    """State of each reminder, and whether a delivery carries it."""
    with database.read() as session:
        rows = session.scalars(select(Reminder).order_by(Reminder.id))
        return [(row.status, row.delivery_id is not None) for row in rows]


def deliveries(database: Database) -> list[str]:
    """The causes of all deliveries."""
    with database.read() as session:
        return list(session.scalars(select(Delivery.dedupe_key).order_by(Delivery.id)))
