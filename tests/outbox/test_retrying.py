"""Pauses grow, differ between texts, and repeat for the same one."""

from __future__ import annotations

from datetime import timedelta

from bot.outbox.retrying import REFUSED_FOR_NOW, Backoff

BACKOFF = Backoff(first=timedelta(seconds=2), longest=timedelta(seconds=20), attempts=4)


def test_pauses_double_up_to_the_longest() -> None:
    for attempt, doubled in ((0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 20), (400, 20)):
        pause = BACKOFF.pause(7, attempt).total_seconds()
        assert doubled / 2 <= pause <= doubled


def test_a_pause_depends_on_text_and_attempt_alone() -> None:
    assert BACKOFF.pause(7, 2) == BACKOFF.pause(7, 2)
    assert len({BACKOFF.pause(number, 3) for number in range(50)}) == 50


def test_the_last_attempt_is_the_last() -> None:
    assert [BACKOFF.spent(attempt) for attempt in (1, 3, 4, 5)] == [False, False, True, True]


def test_a_carrier_may_be_away_for_an_hour() -> None:
    waited = sum((REFUSED_FOR_NOW.pause(1, n) for n in range(1, REFUSED_FOR_NOW.attempts)), timedelta())
    assert waited > timedelta(minutes=45)
