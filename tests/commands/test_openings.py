"""`openings add`: the office enters when a teacher can be met."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.storage.conferences import Opening
from tests.commands.conftest import Operator

DAY = ("openings", "add", "--staff", "t-1", "--date", "2026-11-18")
AFTERNOON = (*DAY, "--from", "15:00", "--until", "16:10")


def stored(operator: Operator) -> list[Opening]:
    with operator.home.database.read() as session:
        return list(session.scalars(select(Opening).order_by(Opening.starts_at)))


def test_hours_become_openings_in_the_zone_of_the_schools_and_the_rest_is_left(operator: Operator) -> None:
    assert "3 openings added for t-1" in operator.says(*AFTERNOON, "--modes", "phone,in_person")
    first, *_, last = stored(operator)
    assert first.starts_at == datetime(2026, 11, 18, 23, 0, tzinfo=UTC)  # 15:00 in Los Angeles
    assert last.ends_at == datetime(2026, 11, 19, 0, 0, tzinfo=UTC)
    assert (first.modes, first.place) == ("in_person,phone", "Bayview Elementary")


def test_several_days_length_and_place_may_be_said(operator: Operator) -> None:
    words = (*AFTERNOON, "--date", "2026-11-19", "--minutes", "30", "--place", "Library")
    assert "4 openings" in operator.says(*words)
    assert {opening.place for opening in stored(operator)} == {"Library"}
    assert {opening.modes for opening in stored(operator)} == {"in_person,phone,video"}


def test_overlapping_openings_are_refused_whole(operator: Operator) -> None:
    operator.says(*AFTERNOON)
    told = operator.refuses(
        *DAY, "--date", "2026-11-17", "--from", "14:30", "--until", "15:10", "--minutes", "40"
    )
    assert "t-1 has an opening at 2026-11-18 15:00 already; none was added" in told
    assert len(stored(operator)) == 3
    operator.says(*DAY, "--from", "14:00", "--until", "15:00")  # one that ends where the next begins
    assert len(stored(operator)) == 6


@pytest.mark.parametrize(
    ("words", "why"),
    [(("--from", "16:00", "--until", "15:00"), "the end is not after the beginning"),
     (("--from", "15:00", "--until", "15:10"), "no room for a conference"),
     (("--from", "15:00", "--until", "16:00", "--minutes", "4"), "lasts 5 to 240 minutes"),
     (("--from", "15:00", "--until", "16:00", "--modes", "phone,pigeon"), "not 'pigeon'"),
     (("--from", "15:00", "--until", "16:00", "--modes", ","), "one or more"),
     (("--from", "3 pm", "--until", "16:00"), "not a time of day"),
     (("--from", "15:00", "--until", "16:00", "--date", "2026-11-15"), "begin in the past"),
     (("--from", "15:00", "--until", "16:00", "--date", "18 November"), "does not match"),
     (("--from", "02:30", "--until", "04:00", "--date", "2027-03-14"), "02:30 does not exist"),
     (("--from", "15:00", "--until", "16:00", "--staff", "t-2"), "no active member of staff 't-2'")],
)  # fmt: skip
def test_openings_that_make_no_sense_are_refused_and_nothing_is_kept(
    operator: Operator, words: tuple[str, ...], why: str
) -> None:
    assert why in operator.refuses(*DAY, *words)
    assert stored(operator) == []


def test_a_day_on_which_the_schools_are_closed_is_refused(operator: Operator) -> None:
    operator.home.policy = replace(operator.home.policy, closed_days=frozenset({date(2026, 11, 18)}))
    told = operator.refuses(*AFTERNOON)
    assert "The schools are closed on 2026-11-18" in told and "CLOSED_DAYS" in told
    assert stored(operator) == []
