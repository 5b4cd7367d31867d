"""Which texts may leave now, from which number, and when the others may: one place for all workers.

Whoever has claimed rows asks `reserve` in the same transaction, before anything leaves. What is known of a
number stands in its row, which is locked while slots are taken: two workers never take the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.pace import PROMPT_AHEAD, Pace, Urgency
from bot.outbox.breaker import admits, begin_probe, is_open, probe_from
from bot.outbox.choosing import choose_senders
from bot.school.quiet_hours import next_midnight
from bot.storage.delivery_claims import list_standing
from bot.storage.delivery_rows import DeliveryRow
from bot.storage.sender_numbers import SenderNumber, list_senders, list_shut, lock_senders

URGENT_KINDS = ("crisis", "alert", "consent")
CAPPED_BELOW = -1
"""Texts of a lower priority keep to the daily limit: routine broadcasts. Urgent ones are counted only."""

KEPT_FOR = timedelta(minutes=1)
"""How long after its slot a row still has it: after a pause of its broadcast it needs a new one."""

CLOSED_PAUSE = timedelta(seconds=2)
"""How long a row that met an open breaker stays away; what is not claimed at all just waits."""

HORIZON = timedelta(seconds=30)
"""Bulk takes no slot further ahead, so that an urgent broadcast that comes now need not wait behind them."""

UNLIMITED = 500
"""Rows that a sender without a rate has room for at once, beside others that have one."""

CAPPED = "The daily limit of our number is reached. It leaves tomorrow."
IN_LINE = "It waits for its turn: our number sends only so many texts a second."
CLOSED = "The carrier account is out of order. It leaves when that is over."


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when a row waits and why. `held`: for another day. `slot_of`: the time is a slot of this sender's."""

    until: datetime
    reason: str
    held: bool = False
    slot_of: str | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """Of some claimed rows: what each leaves from now (None: what its channel chooses), or how long it waits.

    `troubled` are accounts whose next success has to be noted (`Limits.note_success`).
    """

    ready: Mapping[int, str | None]
    later: Mapping[int, Wait]
    troubled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    """How many bulk rows find a slot now (None: no limit), and when there is room again if there is none."""

    rows: int | None
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of all senders. Days are those of the school's zone.

    `ahead` is how far ahead a bulk text's slot may lie for it to leave: as long as the pause between two
    looks at the rows that wait, or else part of the rate stays unused.
    """

    zone: ZoneInfo
    ahead: timedelta = timedelta(seconds=1)

    def reserve(self, session: Session, rows: Sequence[DeliveryRow], now: datetime) -> Reserved:
        """Give each row its sender and its slot, in this order, in the transaction that claimed them."""
        senders = list_senders(session, {row.channel for row in rows}) if rows else ()
        if not senders:
            return Reserved({row.id: None for row in rows}, {})
        chosen = choose_senders(session, senders, rows, lambda sender: self._may_take_new(sender, now))
        lock_senders(
            session, {sender.id for sender in chosen.values() if sender.rate or sender.daily_segments}
        )
        ready: dict[int, str | None] = {}
        later: dict[int, Wait] = {}
        for row in rows:
            sender = chosen.get(row.id)
            wait = self._settle(session, row, sender, now) if sender is not None else None
            if wait is not None:
                later[row.id] = wait
            else:
                ready[row.id] = sender.address if sender is not None else None
        accounts = {sender.carrier for sender in chosen.values()}
        troubled = frozenset(account.name for account in accounts if account.failures or is_open(account))
        return Reserved(ready, later, troubled)

    def room(self, session: Session, now: datetime) -> Room:
        """How many bulk rows it makes sense to claim now. A sender whose day is over counts only where all are."""
        senders = list_senders(session)
        able = [sender for sender in senders if not self._is_full(sender, 1, now)] or senders
        rooms = [self._room_of(sender, now) for sender in able]
        if all(room.rows is None for room in rooms):
            return Room(None, now)
        rows = sum(UNLIMITED if room.rows is None else room.rows for room in rooms)
        return Room(rows, min(room.opens_at for room in rooms))

    def admitted(self, session: Session, ids: Sequence[int], now: datetime) -> Sequence[int]:
        """Those of these rows that may be claimed as far as their accounts go: all, unless a breaker is open.

        Then what is urgent, what is only looked up, and one other that tries. The first in order is that one.
        """
        shut = {sender.channel: sender.carrier for sender in list_shut(session)} if ids else {}
        if not shut:
            return ids
        claimable: list[int] = []
        probing: set[str] = set()
        for row in list_standing(session, ids):
            urgency, account = urgency_of(row.kind, row.priority), shut.get(row.channel)
            if account is not None and row.state != "sending" and urgency is not Urgency.URGENT:
                if row.channel in probing or not admits(account, urgency, now):
                    continue
                probing.add(row.channel)
            claimable.append(row.id)
        return claimable

    def _room_of(self, sender: SenderNumber, now: datetime) -> Room:
        if is_open(sender.carrier):
            probe = max(now, probe_from(sender.carrier, Urgency.BULK))
            return Room(int(admits(sender.carrier, Urgency.BULK, now)), probe)
        if sender.paused_until is not None and sender.paused_until > now:
            return Room(0, sender.paused_until)
        if not sender.rate:
            return Room(None, now)
        pace = pace_of(sender)
        opens_at = max(now, pace.slot(Urgency.BULK, now) - self.ahead)
        return Room(pace.bulk_segments(now, now + self.ahead), opens_at)

    def _settle(self, session: Session, row: DeliveryRow, sender: SenderNumber, now: datetime) -> Wait | None:
        """How long the row waits; None when it leaves now, and then its slot is taken."""
        urgency, account = urgency_of(row.kind, row.priority), sender.carrier
        shut = Wait(now + CLOSED_PAUSE, account.reason or CLOSED)
        if not admits(account, urgency, now):
            return shut
        wait = self._wait_at(row, sender, urgency, now)
        if wait is None and is_open(account) and not begin_probe(session, account.name, urgency, now):
            return shut
        return wait

    def _wait_at(
        self, row: DeliveryRow, sender: SenderNumber, urgency: Urgency, now: datetime
    ) -> Wait | None:
        """How long the row waits for its number, whose account is well."""
        rests = sender.paused_until
        if rests is not None and rests > now and urgency is not Urgency.URGENT:
            return Wait(rests, sender.pause_reason or CLOSED)
        if row.slot_at is not None and row.sender == sender.address and now - row.slot_at <= KEPT_FOR:
            return None
        if row.priority < CAPPED_BELOW and self._is_full(sender, row.segments, now):
            return Wait(next_midnight(now, self.zone), CAPPED, held=True)
        return self._take_slot(sender, row, urgency, now)

    def _take_slot(
        self, sender: SenderNumber, row: DeliveryRow, urgency: Urgency, now: datetime
    ) -> Wait | None:
        wait = None
        if sender.rate:
            pace = pace_of(sender)
            slot = pace.slot(urgency, now)
            if urgency is Urgency.BULK and slot > now + HORIZON:
                return Wait(slot, IN_LINE)
            taken = pace.take(urgency, row.segments, now)
            sender.free_at, sender.prompt_at, sender.bulk_at = taken.free_at, taken.prompt_at, taken.bulk_at
            ahead = self.ahead if urgency is Urgency.BULK else PROMPT_AHEAD
            wait = Wait(slot, IN_LINE, slot_of=sender.address) if slot > now + ahead else None
        self._count(sender, row.segments, now)
        return wait

    def _count(self, sender: SenderNumber, segments: int, now: datetime) -> None:
        if sender.rate or sender.daily_segments:  # of the others nothing is known, and no row is locked
            today = now.astimezone(self.zone).date()
            before = sender.day_segments if sender.day == today else 0
            sender.day, sender.day_segments = today, before + segments

    def _is_full(self, sender: SenderNumber, segments: int, now: datetime) -> bool:
        if not sender.daily_segments or sender.day != now.astimezone(self.zone).date():
            return False
        return sender.day_segments + segments > sender.daily_segments

    def _may_take_new(self, sender: SenderNumber, now: datetime) -> bool:
        """Whether a line without a number may be given this one."""
        paused = sender.paused_until is not None and sender.paused_until > now
        return not (paused or is_open(sender.carrier) or self._is_full(sender, 1, now))


def urgency_of(kind: str, priority: int) -> Urgency:
    """How a delivery of this kind and priority stands towards the others."""
    if kind in URGENT_KINDS:
        return Urgency.URGENT
    return Urgency.BULK if priority < 0 or kind == "reminder" else Urgency.PROMPT


def pace_of(sender: SenderNumber) -> Pace:
    """Where a sender with a rate stands."""
    return Pace(sender.rate, sender.free_at, sender.prompt_at, sender.bulk_at)
