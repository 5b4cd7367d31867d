"""Before it leaves: who sleeps until when, whom it would not reach in time, and what trial mode leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from bot.school.broadcasts.outlook import Outlook, Sleepers
from bot.school.broadcasts.preview import list_left_out, preview
from bot.storage.rests import GuardianRest
from tests.broadcasts import UNDO, ZONE, District
from tests.cast import EMMA, HODAN


def outlook(district: District, **wanted: Any) -> Outlook:
    with district.database.write() as session:
        found = preview(session, district.compose(session, **wanted), district.desk).outlook
        session.rollback()
    return found


def sleep(district: District, guardian: str, not_before: time | None, not_after: time | None = None) -> None:
    with district.database.write() as session:
        session.add(GuardianRest(
            guardian_id=district.people.guardians[guardian].id, not_before=not_before, not_after=not_after,
            set_by="rosa", set_at=district.clock.now(),
        ))  # fmt: skip


def at(hour: int, minute: int = 0, day: int = 16) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_by_day_nobody_sleeps(district: District) -> None:
    assert outlook(district).sleepers == []


def test_at_night_everybody_sleeps_until_the_districts_morning(district: District) -> None:
    district.clock.set(at(21))
    assert outlook(district).sleepers == [Sleepers(at(8, day=17), 8, in_time=True)]
    assert outlook(district, category="urgent").sleepers == ()


def test_who_sleeps_longer_is_counted_apart(any_district: District) -> None:
    sleep(any_district, "grd-00005-1", time(11))
    sleep(any_district, "grd-00025-1", time(9, 30))
    assert outlook(any_district).sleepers == [
        Sleepers(at(9, 30), 1, in_time=True),
        Sleepers(at(11), 1, in_time=True),
    ]


def test_it_is_told_whom_a_text_does_not_reach_before_it_is_worth_nothing(district: District) -> None:
    sleep(district, "grd-00005-1", time(11))
    found = outlook(district, expires_at=at(10))
    assert found.sleepers == [Sleepers(at(11), 1, in_time=False)]
    assert found.too_late == 1


def test_the_time_it_is_to_leave_counts_and_not_the_present(district: District) -> None:
    found = outlook(district, send_at=at(20, 30), expires_at=at(23))
    assert (found.sleepers, found.too_late) == ([Sleepers(at(8, day=17), 8, in_time=False)], 8)


def test_the_time_to_undo_counts_too(district: District) -> None:
    district.clock.set(at(20) - UNDO)
    assert outlook(district).too_late == 0
    assert [group.count for group in outlook(district).sleepers] == [8]


def test_a_telephone_that_is_never_free_is_told(district: District) -> None:
    sleep(district, "grd-00008-1", time(14))
    sleep(district, "grd-00012-1", None, time(12))
    found = outlook(district)
    assert found.sleepers == [Sleepers(None, 2, in_time=False)]


def test_both_counts_are_told_whichever_was_chosen(district: District) -> None:
    names = {"schools": ["sch-3"]}
    for one_per in ("household", "child"):
        found = outlook(district, text="{child}", one_per=one_per, **names)
        assert (found.per_household, found.per_child) == (2, 3)


def test_in_trial_mode_it_is_told_how_many_are_reached(district: District) -> None:
    assert outlook(district).in_trial is None
    district.policy = replace(district.policy, trial_numbers=(EMMA, HODAN, "+15105550999"))
    assert outlook(district).in_trial == 2


def test_those_left_out_are_listed_with_their_reasons(district: District) -> None:
    with district.database.write() as session:
        draft = district.compose(session, "About {child}.", schools=["sch-3"])
        found = list_left_out(session, draft, district.desk)
    assert [(one.name, one.reason) for one in found] == [
        ("Olivia Brooks", "no_records"),
        ("Ángel López Martínez", "of_age"),
    ]
