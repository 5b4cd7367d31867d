"""How long a broadcast takes: by the rates of its numbers, their share for bulk, and their days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from bot.commands.broadcast_words import told_duration
from bot.school.broadcasts.duration import Duration, estimate
from bot.storage.carrier_accounts import add_account
from bot.storage.sender_numbers import SenderNumber, add_sender, find_sender
from bot.storage.session import Database

NOW, TODAY = datetime(2026, 11, 16, 17, 0, tzinfo=UTC), date(2026, 11, 16)


def number(session: Session, address: str, rate: float, daily: int = 0) -> SenderNumber:
    add_account(session, "fake")
    add_sender(session, "sms", address, "fake", NOW)
    found = find_sender(session, "sms", address)
    assert found is not None
    found.rate, found.daily_segments = rate, daily
    session.flush()
    return found


def test_one_number_of_the_smallest_campaign(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        number(session, "+15105550190", 3.75)
        found = estimate(session, 4500, TODAY)
    assert found == Duration(minutes=25, rate=3.0, numbers=1)
    assert told_duration(found) == "about 25 minutes at 3 segments a second from 1 number"


def test_several_numbers_add_up_and_a_minute_is_the_least(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        number(session, "+15105550190", 10)
        number(session, "+15105550191", 15)
        assert estimate(session, 1, TODAY) == Duration(minutes=1, rate=20.0, numbers=2)
        assert estimate(session, 24_001, TODAY) == Duration(minutes=21, rate=20.0, numbers=2)


@pytest.mark.parametrize(("segments", "days"), [(1500, 1), (1501, 2), (3500, 2), (3501, 3)])
def test_what_was_used_today_counts_towards_the_days(
    sqlite_database: Database, segments: int, days: int
) -> None:
    with sqlite_database.write() as session:
        sender = number(session, "+15105550190", 3.75, daily=2000)
        sender.day, sender.day_segments = TODAY, 500
        session.flush()
        found = estimate(session, segments, TODAY)
        assert found is not None and found.days == days
        urgent = estimate(session, segments, None)
        assert urgent is not None and urgent.days == 1, "urgent ones do not keep to the day"
    if days > 1:
        words = f"leaves over {days} days: the daily limit of what is sent from 1 number"
        assert told_duration(found) == words


def test_yesterdays_use_does_not_count(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        sender = number(session, "+15105550190", 3.75, daily=2000)
        sender.day, sender.day_segments = date(2026, 11, 15), 2000
        session.flush()
        found = estimate(session, 2000, TODAY)
    assert found is not None and found.days == 1


def test_nothing_is_said_where_nothing_limits_it(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        assert estimate(session, 100, TODAY) is None
        number(session, "+15105550190", 0)
        assert estimate(session, 100, TODAY) is None
        assert estimate(session, 0, TODAY) is None
