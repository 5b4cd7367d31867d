"""The clock's part in broadcasts: recipients become rows and deliveries, a chunk a transaction.

All that was done stands in rows, so a process that dies between two chunks, or two processes at once, neither
lose nor double anything: each chunk locks the broadcast and takes up what is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot.jobs.ahead import Ahead
from bot.jobs.one_by_one import one_by_one
from bot.model.dialogue import Say
from bot.model.ports import Clock
from bot.outbox.letters import Post, Reader
from bot.outbox.queueing import Mailing, Queueing
from bot.school.broadcasts import rows
from bot.school.broadcasts.households import Household, Scope, walk_households, with_classrooms
from bot.school.broadcasts.listing import Listing, address_all, chunks, close_list
from bot.school.broadcasts.merging import own_words
from bot.school.broadcasts.reasons import FAULT
from bot.school.broadcasts.rows import CHUNK, Helping
from bot.school.broadcasts.wording import KINDS, Content, Wording
from bot.storage.broadcasts import Broadcast, list_ready
from bot.storage.delivery_batches import NewDelivery, Person
from bot.storage.given import plan_anew
from bot.storage.session import Database

log = structlog.get_logger(__name__)

PRIORITIES = {"urgent": -1, "routine": -2}
"""Below replies and what staff write: those pass."""

CHUNKS_AT_ONCE = 40
"""Chunks of one broadcast between two looks at the others."""


class Piece(NamedTuple):
    """Households that become rows in one transaction. `texts`: whom of them to text, and with what, made beforehand."""

    households: Sequence[Household]
    texts: tuple[Helping, Post] | None


@dataclass(frozen=True, slots=True)
class Broadcasting:
    """Everything the clock does for broadcasts. `stopping` set, it ends after the chunk at hand; what is left stands in rows."""

    database: Database
    clock: Clock
    queueing: Queueing
    wording: Wording
    zone: ZoneInfo
    district: str
    chunk: int = CHUNK
    stopping: threading.Event = field(default_factory=threading.Event)

    def advance(self) -> None:
        """Tick: take every broadcast whose time has come as far as it goes now.

        One that fails does not keep back the others. A database that is down ends the tick.
        """
        with self.database.read() as session:
            ready = list_ready(session, self.clock.now())
        one_by_one(ready, self._advance, _tell)

    def _advance(self, broadcast_id: int) -> None:
        with self.database.write() as session:
            state = rows.begin(session, broadcast_id, self.clock.now())
        if self._being_listed(broadcast_id) and not self._list_all(broadcast_id):
            return
        if state == "expanding" and not self._queue_all(broadcast_id):
            return
        with self.database.write() as session:
            if rows.finish(session, broadcast_id, self.clock.now()):
                log.info("broadcast_done", broadcast_id=broadcast_id)

    def _being_listed(self, broadcast_id: int) -> bool:
        with self.database.read() as session:
            return session.get_one(Broadcast, broadcast_id).being_listed

    def _list_all(self, broadcast_id: int) -> bool:
        """Everybody becomes a row, most with their texts. False when nobody is to be queued, because it was stopped."""
        listing = Listing(broadcast_id)
        with self.database.read() as session, Ahead(self._pieces(session, listing)) as pieces:
            for number, piece in enumerate(pieces, 1):
                if self.stopping.is_set() or not self._list(listing, piece, pieces.go_on):
                    return False
                if number % CHUNKS_AT_ONCE == 0:
                    self._let_pass(broadcast_id)
        with self.database.write() as session:
            return close_list(session, broadcast_id)

    def _pieces(self, session: Session, listing: Listing) -> Iterator[Piece]:
        """Chunks, with their texts as long as these may be stored at once; nothing changes them any more: only a
        draft's text is written."""
        plan_anew(session)
        content = Content.of(session.get_one(Broadcast, listing.broadcast_id))
        scope = self._scope(content)
        for chunk in chunks(walk_households(session, scope), self.chunk):
            households = with_classrooms(session, scope, chunk)
            texts = self._write(session, content, households) if listing.alone else None
            yield Piece(households, texts)

    def _write(
        self, session: Session, content: Content, households: Sequence[Household]
    ) -> tuple[Helping, Post] | None:
        """Whom of them to text, and with what. None when a text of theirs cannot be made."""
        try:
            helping = address_all(content, households)
            return helping, self._post(session, helping)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.warning("chunk_failed", broadcast_id=content.broadcast.id, error=type(error).__name__)
            return None

    def _scope(self, content: Content) -> Scope:
        return content.scope(self.clock.now().astimezone(self.zone).date())

    def _list(self, listing: Listing, piece: Piece, go_on: Callable[[], None]) -> bool:
        """One chunk. False when the broadcast is no longer being listed."""
        try:
            return self._list_chunk(listing, piece, go_on, straight=True)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.warning("chunk_failed", broadcast_id=listing.broadcast_id, error=type(error).__name__)
            return self._list_chunk(listing, piece, go_on, straight=False)

    def _list_chunk(
        self, listing: Listing, piece: Piece, go_on: Callable[[], None], *, straight: bool
    ) -> bool:
        now, helping = self.clock.now(), None
        # Not durable: the sender's own durable commit comes before anything leaves.
        with self.database.write(durable=False) as session:
            broadcast = listing.open(session)
            if broadcast is None:
                return False
            mailing = _mailing(broadcast, now)
            judged: Sequence[NewDelivery] = ()
            if straight and piece.texts and listing.goes_straight(broadcast, now):
                helping, post = piece.texts
                judged = self._judge(session, mailing, post)
            go_on()  # from here on the database is at work
            self.queueing.store_many(session, mailing, judged)
            listing.add(session, broadcast, piece.households, now, helping)
        return True

    def _let_pass(self, broadcast_id: int) -> None:
        """Urgent ones do not wait until a large one is listed."""
        with self.database.read() as session:
            ready = list_ready(session, self.clock.now(), urgent=True)
        if broadcast_id not in ready:
            one_by_one(ready, self._advance, _tell)

    def _queue_all(self, broadcast_id: int) -> bool:
        """Queue chunk after chunk. False when some are left for the next tick, or it was stopped."""
        for _ in range(CHUNKS_AT_ONCE):
            if self.stopping.is_set():
                return False
            try:
                queued = self._queue(broadcast_id, self.chunk)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                log.warning("chunk_failed", broadcast_id=broadcast_id, error=type(error).__name__)
                self._queue_singly(broadcast_id)
                continue
            if not queued:
                break
        with self.database.write() as session:
            return rows.end_expansion(session, broadcast_id)

    def _queue(self, broadcast_id: int, limit: int) -> bool:
        """One chunk in one transaction. False when nobody is left, or the broadcast was stopped."""
        now = self.clock.now()
        # Not durable: the sender's own durable commit comes before anything leaves.
        with self.database.write(durable=False) as session:
            helping = rows.next_recipients(session, broadcast_id, now, self.zone, limit=limit)
            if helping is None:
                return False
            self.queue(session, helping, now)
        return True

    def queue(self, session: Session, helping: Helping, now: datetime) -> None:
        """Those addressed get their texts, the others are skipped."""
        mailing = _mailing(helping.content.broadcast, now)
        judged = self._judge(session, mailing, self._post(session, helping))
        self.queueing.store_many(session, mailing, judged)
        rows.settle(session, helping)

    def _judge(self, session: Session, mailing: Mailing, post: Post) -> Sequence[NewDelivery]:
        plan_anew(session)
        return self.queueing.judge_many(session, mailing, post)

    def _queue_singly(self, broadcast_id: int) -> None:
        """A chunk that cannot be queued whole: each recipient alone, so that a fault costs only its own text."""
        for _ in range(self.chunk):
            try:
                if not self._queue(broadcast_id, 1):
                    return
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                self._skip_first(broadcast_id, error)

    def _skip_first(self, broadcast_id: int, error: Exception) -> None:
        with self.database.write() as session:
            skipped = rows.skip_next(session, broadcast_id, FAULT)
        log.error("recipient_skipped", recipient_id=skipped, error=type(error).__name__)

    def _post(self, session: Session, helping: Helping) -> Post:
        plan_anew(session)
        kind = KINDS[helping.content.broadcast.category]
        return self.queueing.write_many(session, kind, self._readers(helping))

    def _readers(self, helping: Helping) -> Sequence[Reader]:
        """What each of them is sent; those who read the same language have one say in common, and their own words."""
        content = helping.content
        says: dict[Hashable, Say] = {}
        readers = []
        for _, home, values, cause in helping.addressed:
            reads = (home.language, *values)
            if reads not in says:
                says[reads] = content.open_say(values, home.language, self.wording, self.district)
            person = Person(cause, home.channel, home.address, home.contact_id)
            readers.append(Reader(says[reads], home.language, person, own_words(values)))
        return readers


def _tell(broadcast_id: int, error: Exception) -> None:
    log.error("broadcast_failed", broadcast_id=broadcast_id, error=type(error).__name__)


def _mailing(broadcast: Broadcast, now: datetime) -> Mailing:
    return Mailing(
        kind=KINDS[broadcast.category],
        now=now,
        broadcast_id=broadcast.id,
        expires_at=broadcast.expires_at,
        priority=PRIORITIES[broadcast.category],
    )
