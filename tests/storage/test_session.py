"""Sessions keep what they promise on both kinds of database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError

from bot.storage.consents import ConsentEvent
from bot.storage.session import Database
from tests.conftest import FixedClock


def _event(at: datetime) -> ConsentEvent:
    return ConsentEvent(channel="sms", address="+15105550100", verdict="granted", wording="yes",
                        language="en", source="message", actor="family", at=at)  # fmt: skip


def test_a_write_session_commits_at_its_end(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        session.add(_event(clock.now()))
    with database.read() as session:
        assert session.scalar(select(func.count(ConsentEvent.id))) == 1


def test_an_error_rolls_the_whole_write_back(database: Database, clock: FixedClock) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        session.add(_event(clock.now()))
        session.flush()
        raise RuntimeError
    with database.read() as session:
        assert session.scalar(select(func.count(ConsentEvent.id))) == 0


def test_times_come_back_in_utc_whatever_zone_they_went_in(database: Database, clock: FixedClock) -> None:
    eastern = clock.now().astimezone(timezone(timedelta(hours=-5)))
    with database.write() as session:
        session.add(_event(eastern))
    with database.read() as session:
        stored = session.scalars(select(ConsentEvent)).one().at
        assert stored == clock.now()
        assert stored.utcoffset() == timedelta(0)


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(_event(datetime(2026, 1, 1)))  # noqa: DTZ001


def test_only_a_commit_that_somebody_is_told_of_waits_for_the_disk(postgres_home: str) -> None:
    database = Database(f"{postgres_home}?options=-csynchronous_commit%3Don")
    seen = []
    for durable in (True, False, True):
        with database.write(durable=durable) as session:
            seen.append(session.scalar(text("SHOW synchronous_commit")))
    database.close()
    assert seen == ["on", "off", "on"]


def test_postgresql_lets_go_of_a_process_whose_machine_is_gone_and_keeps_what_the_address_asks(
    postgres_home: str,
) -> None:
    wanted = {
        "tcp_keepalives_idle": "5",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "10000",
        "idle_in_transaction_session_timeout": "30s",
        "work_mem": "5MB",
    }
    database = Database(f"{postgres_home}?options=-cwork_mem%3D5MB")
    with database.read() as session:
        shown = {name: session.connection().exec_driver_sql(f"SHOW {name}").scalar() for name in wanted}
    database.close()
    assert shown == wanted
