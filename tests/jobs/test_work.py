"""The ticks: each reminder stands for itself, and what was left behind is brought back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.inbox.landing import TAKE_TURN
from bot.jobs.asking import ASK_CARRIER
from bot.jobs.indexing import INDEX_KNOWLEDGE
from bot.jobs.work import ticks
from bot.model.messages import StatusReport
from bot.outbox.queueing import SEND_BULK, SEND_DELIVERY, OutgoingSay
from bot.outbox.statuses import apply_status
from bot.storage.conversations import Turn
from bot.storage.deliveries import Delivery
from bot.storage.reminders import Reminder
from bot.storage.session import Database
from bot.storage.staff import Heartbeat
from tests import cast
from tests.conftest import FixedClock
from tests.jobs.stand_ins import Lanes, Postman, SameMoment, Shelf, deliveries, remind, standing, work_on


def test_each_due_reminder_becomes_one_delivery_that_it_remembers(
    database: Database, clock: FixedClock
) -> None:
    keys = remind(database, clock, 3)
    work = work_on(database, clock)
    work.fire_reminders()
    work.fire_reminders()
    assert standing(database) == [("fired", True)] * 3
    assert deliveries(database) == [f"reminder:{key}" for key in keys]


def test_one_that_cannot_be_made_into_a_text_is_dropped_and_the_others_leave(
    database: Database, clock: FixedClock
) -> None:
    keys = remind(database, clock, 4)
    shelf = Shelf(fails={f"reminder:{keys[1]}": KeyError("Sofía +19165550196")})
    work = work_on(database, clock, queueing=shelf)
    with capture_logs() as logged:
        work.fire_reminders()
        work.fire_reminders()
    assert standing(database) == [("fired", True), ("dropped", False), ("fired", True), ("fired", True)]
    assert f"reminder:{keys[1]}" not in deliveries(database)
    assert len(shelf.asked) == 4, "a reminder came up again at the next tick"
    assert logged == [
        {"event": "reminder_dropped", "reminder_id": keys[1], "error": "KeyError", "log_level": "error"}
    ]


def test_a_text_that_the_database_refuses_drops_only_its_own_reminder(
    database: Database, clock: FixedClock
) -> None:
    keys = remind(database, clock, 2)

    class Refused(Shelf):
        def queue(self, session: Session, outgoing: OutgoingSay) -> Any:
            """The first one's row breaks a rule of the database."""
            if outgoing.dedupe_key == f"reminder:{keys[0]}":
                session.add(
                    Reminder(appointment_id=0, occurrence="x", due_at=clock.now(), worthless_at=clock.now())
                )
                session.flush()
            return super().queue(session, outgoing)

    work_on(database, clock, queueing=Refused()).fire_reminders()
    assert standing(database) == [("dropped", False), ("fired", True)]


def test_a_database_that_is_down_costs_no_reminder(database: Database, clock: FixedClock) -> None:
    keys = remind(database, clock, 3)
    shelf = Shelf(fails={f"reminder:{keys[1]}": OperationalError("insert", {}, Exception("server closed"))})
    work = work_on(database, clock, queueing=shelf)
    with pytest.raises(OperationalError):
        work.fire_reminders()
    assert standing(database) == [("fired", True), ("waiting", False), ("waiting", False)]
    shelf.fails.clear()
    work.fire_reminders()
    assert standing(database) == [("fired", True)] * 3


def test_two_processes_that_saw_the_same_reminders_fire_each_once(
    database: Database, clock: FixedClock
) -> None:
    keys = remind(database, clock, 8)
    shelf, both = Shelf(), SameMoment(database, 2)
    with ThreadPoolExecutor(2) as pool:
        firing = [pool.submit(work_on(both, clock, queueing=shelf).fire_reminders) for _ in range(2)]
        for one in firing:
            one.result(timeout=60)
    assert sorted(shelf.asked) == sorted(f"reminder:{key}" for key in keys)
    assert standing(database) == [("fired", True)] * 8


def test_a_reminder_that_another_process_has_settled_is_not_dropped_after_a_failure(
    database: Database, clock: FixedClock
) -> None:
    keys = remind(database, clock, 1)
    work = work_on(database, clock)
    work.fire_reminders()
    with capture_logs() as logged:
        work._drop(keys[0], ValueError())
    assert standing(database) == [("fired", True)]
    assert logged == []


def test_the_sweep_brings_back_turns_left_behind_and_deliveries_that_are_due(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        old, done = cast.say(session, line, "hello", clock.now()), cast.say(session, line, "bye", clock.now())
        old.status, done.status, turn_id = "waiting", "done", old.id
    submitted: list[tuple[str, int]] = []
    work = work_on(
        database,
        clock,
        sender=Postman([7, 9]),
        lanes=Lanes(busy=True),
        submit=lambda job, row_id: submitted.append((job, row_id)),
    )
    work.sweep()
    sends = [(SEND_DELIVERY, 7), (SEND_DELIVERY, 9), (SEND_BULK, 0), (SEND_BULK, 1)]
    assert submitted == sends, "a turn of this very second is not left behind"
    clock.advance(timedelta(seconds=2))
    submitted.clear()
    work.sweep()
    assert submitted == [(TAKE_TURN, turn_id), *sends]
    with database.read() as session:
        assert session.get_one(Turn, turn_id).status == "waiting", "the sweep only wakes; the job claims"


def test_a_status_that_came_too_early_finds_its_delivery(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        apply_status(session, StatusReport("sms", "SM1", "delivered", clock.now()))
        row = Delivery(dedupe_key="x", kind="reply", channel="sms", recipient=cast.EMMA, language="en", body="…",
                       state="sent", provider_id="SM1", due_at=clock.now(), created_at=clock.now())  # fmt: skip
        session.add(row)
        session.flush()
        delivery_id = row.id
    work_on(database, clock).attach_strays()
    with database.read() as session:
        assert session.get_one(Delivery, delivery_id).state == "delivered"


def test_the_heartbeat_is_one_row_that_moves(database: Database, clock: FixedClock) -> None:
    work = work_on(database, clock)
    work.beat()
    clock.advance(timedelta(seconds=10))
    work.beat()
    with database.read() as session:
        beats = session.scalars(select(Heartbeat)).all()
    assert [(beat.name, beat.at) for beat in beats] == [("clock", clock.now())]


def test_new_articles_are_looked_for_by_a_worker_not_by_the_clock(
    sqlite_database: Database, clock: FixedClock
) -> None:
    asked: list[tuple[str, int]] = []
    work_on(sqlite_database, clock, submit=lambda job, row_id: asked.append((job, row_id))).ask_for_index()
    assert asked == [(INDEX_KNOWLEDGE, 0)]


def test_the_carrier_is_asked_only_when_texts_are_silent(
    sqlite_database: Database, clock: FixedClock
) -> None:
    asked: list[tuple[str, int]] = []
    for due in (False, True):
        asking = SimpleNamespace(any_due=lambda due=due: due)
        work_on(
            sqlite_database, clock, asking=asking, submit=lambda job, row_id: asked.append((job, row_id))
        ).ask_carrier()
    assert asked == [(ASK_CARRIER, 0)]


def test_lanes_are_woken_only_when_broadcasts_wait(sqlite_database: Database, clock: FixedClock) -> None:
    submitted: list[tuple[str, int]] = []
    lanes = Lanes()
    work = work_on(
        sqlite_database, clock, lanes=lanes, submit=lambda job, row_id: submitted.append((job, row_id))
    )
    work.sweep()
    assert submitted == []
    lanes.busy = True
    work.sweep()
    assert submitted == [(SEND_BULK, 0), (SEND_BULK, 1)]


def test_the_clock_calls_every_tick_at_its_own_pace(sqlite_database: Database, clock: FixedClock) -> None:
    calls = ticks(work_on(sqlite_database, clock))
    assert {name: seconds for name, (_, seconds) in calls.items()} == {
        "beat": 10.0, "sweep": 1.0, "reminders": 5.0, "broadcasts": 1.0, "strays": 60.0, "review": 3600.0, "knowledge": 30.0,
        "free_turns": 3.0, "forget_jobs": 10.0, "series": 30.0, "rescues": 30.0, "silent": 10.0, "silent_families": 60.0, "lost_answers": 30.0,
    }  # fmt: skip
    for call, _ in calls.values():
        call()
