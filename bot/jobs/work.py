"""The ticks: what the clock does again and again. Each may run twice, and in two processes at once, unharmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.inbox.landing import TAKE_TURN
from bot.inbox.turns import left_behind
from bot.jobs.asking import ASK_CARRIER, Asking
from bot.jobs.broadcasting import Broadcasting
from bot.jobs.housekeeping import Housekeeping
from bot.jobs.indexing import INDEX_KNOWLEDGE
from bot.jobs.one_by_one import one_by_one
from bot.jobs.reassuring import Reassuring
from bot.jobs.recurring import Recurring
from bot.jobs.reopening import Reopening
from bot.jobs.rescuing import Rescuing
from bot.model.ports import Clock
from bot.outbox.lanes import Lanes
from bot.outbox.queueing import SEND_BULK, SEND_DELIVERY, OutgoingSay, Queueing
from bot.outbox.sending import Sender
from bot.outbox.statuses import attach_strays
from bot.school import review
from bot.school.broadcasts.preview import Desk
from bot.school.cases import Promise
from bot.school.reminders import DueReminder, claim, drop, record_delivery
from bot.storage.heartbeats import CLOCK
from bot.storage.reminders import list_due
from bot.storage.session import Database
from bot.storage.staff import Heartbeat

log = structlog.get_logger(__name__)
LEFT_BEHIND_AFTER = timedelta(seconds=1)
FIRED_AT_ONCE = 200
"""Reminders a tick takes on; the rest waits for the next one."""


@dataclass(frozen=True, slots=True)
class Work:
    """All ticks of one process. They need no model, so that a clock is a light process.

    `our_faults` are the carriers' error numbers that say nothing about a family's number.
    """

    database: Database
    clock: Clock
    sender: Sender
    lanes: Lanes
    queueing: Queueing
    broadcasting: Broadcasting
    promise: Promise
    our_faults: frozenset[int]
    asking: Asking
    submit: Callable[[str, int], None]

    def sweep(self) -> None:
        """Tick: bring back what a crash or a lost wake-up left behind, and what has become due."""
        now = self.clock.now()
        with self.database.read() as session:
            turns = left_behind(session, now=now, older_than=LEFT_BEHIND_AFTER)
        for turn_id in turns:
            self.submit(TAKE_TURN, turn_id)
        for delivery_id in self.sender.due():
            self.submit(SEND_DELIVERY, delivery_id)
        if self.lanes.due():
            for lane in range(self.lanes.count):
                self.submit(SEND_BULK, lane)

    def attach_strays(self) -> None:
        """Tick: join status reports that came before their delivery knew its carrier's id."""
        with self.database.write() as session:
            attach_strays(session)

    def fire_reminders(self) -> None:
        """Tick: due reminders become deliveries, each in a transaction of its own that also claims it.

        One that cannot be made into a text is dropped, so that it does not come up again at every tick.
        """
        with self.database.read() as session:
            due = list_due(session, self.clock.now(), FIRED_AT_ONCE)
        one_by_one(due, self._fire, self._drop)

    def advance_broadcasts(self) -> None:
        """Tick: broadcasts whose time has come become deliveries, in chunks; those that are all sent end."""
        self.broadcasting.advance()

    def desk(self) -> Desk:
        """What the rules of broadcasts work with at this moment."""
        policy, zone = self.promise.policy, self.promise.zone
        return Desk(policy, self.broadcasting.wording, zone, self.clock.now())

    def _fire(self, reminder_id: int) -> None:
        # Not durable, as in a turn: the sender's own durable commit comes before anything leaves.
        with self.database.write(durable=False) as session:
            due = claim(session, reminder_id, self.clock.now())
            if due is not None:
                queued = self.queueing.queue(session, self._reminder(due))
                record_delivery(session, reminder_id, queued.delivery.id)

    def _drop(self, reminder_id: int, error: Exception) -> None:
        with self.database.write() as session:
            dropped = drop(session, reminder_id, self.clock.now())
        if dropped:
            log.error("reminder_dropped", reminder_id=reminder_id, error=type(error).__name__)

    def _reminder(self, due: DueReminder) -> OutgoingSay:
        return OutgoingSay(
            say=due.say,
            kind="reminder",
            channel=due.channel,
            recipient=due.address,
            language=due.language,
            dedupe_key=f"reminder:{due.reminder_id}",
            now=self.clock.now(),
            conversation_id=due.conversation_id,
            contact_id=due.contact_id,
            expires_at=due.expires_at,
        )

    def ask_for_index(self) -> None:
        """Tick: a worker, who has the embedding, looks for new and changed articles."""
        self.submit(INDEX_KNOWLEDGE, 0)

    def ask_carrier(self) -> None:
        """Tick: a worker asks what became of texts of which no report came; nothing runs when there are none."""
        if self.asking.any_due():
            self.submit(ASK_CARRIER, 0)

    def forget_review_texts(self) -> None:
        """Tick: delete the texts to review whose time is over."""
        with self.database.write() as session:
            review.forget_old(session, self.clock.now())

    def beat(self) -> None:
        """Tick: show that the clock is alive."""
        with self.database.write() as session:
            session.merge(Heartbeat(name=CLOCK, at=self.clock.now(), detail={}))


Ticks = dict[str, tuple[Callable[[], None], float]]


def ticks(work: Work) -> Ticks:
    """What the clock calls, and how often in seconds."""
    housekeeping = Housekeeping(work.database, work.clock)
    recurring = Recurring(work.database, work.desk)
    reassuring = Reassuring(work.database, work.clock, work.queueing)
    reopening = Reopening(work.database, work.clock, work.promise)
    rescuing = Rescuing(work.broadcasting, work.promise, work.our_faults)
    return {
        "beat": (work.beat, 10.0),
        "sweep": (work.sweep, 1.0),
        "reminders": (work.fire_reminders, 5.0),
        "broadcasts": (work.advance_broadcasts, 1.0),
        "rescues": (rescuing.rescue, 30.0),
        "series": (recurring.make, 30.0),
        "silent_families": (reassuring.reassure, 60.0),
        "lost_answers": (reopening.reopen, 30.0),
        "strays": (work.attach_strays, 60.0),
        "silent": (work.ask_carrier, 10.0),
        "review": (work.forget_review_texts, 3600.0),
        "knowledge": (work.ask_for_index, 30.0),
        "free_turns": (housekeeping.free_turns, 3.0),
        "forget_jobs": (housekeeping.forget_jobs, 10.0),
    }
