"""Scheduling, approving, pausing, resuming and cancelling: at any moment, with exact counts, nothing sent by accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.model.errors import BadInput, CarrierError, NotFound, Taken
from bot.school.broadcasts import course
from bot.school.broadcasts.counts import Counts, count
from bot.school.broadcasts.preview import preview
from bot.storage.broadcasts import Broadcast
from bot.storage.people import StaffMember
from bot.storage.staff import AuditEvent
from tests.broadcasts import UNDO, District


def schedule(district: District, text: str = "Closed.", **wanted: Any) -> int:
    """A broadcast just scheduled, its time to undo still running."""
    with district.database.write() as session:
        draft = district.compose(session, text, **wanted)
        district.schedule(session, draft)
    return draft.id


def approve(district: District, number: int, by: str, why: str = "Water is coming in.") -> None:
    with district.database.write() as session:
        who = session.get_one(StaffMember, district.people.staff[by].id)
        course.approve(session, number, who, district.desk, by, why=why)


def do(district: District, deed: Callable[..., Counts], number: int) -> Counts:
    with district.database.write() as session:
        return deed(session, number, "operator", district.clock.now())


def counts(district: District, number: int) -> Counts:
    with district.database.read() as session:
        return count(session, session.get_one(Broadcast, number))


def test_nothing_leaves_before_the_time_to_undo_is_over(any_district: District) -> None:
    district = any_district
    number = schedule(district)
    district.clock.advance(UNDO - timedelta(seconds=1))
    district.advance()
    assert (district.state(number), district.recipients(number)) == ("scheduled", [])
    district.clock.advance(timedelta(seconds=1))
    district.advance()
    district.deliver()
    district.advance()
    assert district.state(number) == "done"
    assert len(district.channel.taken) == 8


def test_one_for_later_waits_for_its_time(district: District) -> None:
    number = schedule(district, send_at=district.clock.now() + timedelta(hours=2))
    district.clock.advance(timedelta(minutes=119))
    district.advance()
    assert district.state(number) == "scheduled"
    district.clock.advance(timedelta(minutes=1))
    district.advance()
    assert district.state(number) == "sending"


def test_a_text_with_missing_values_is_not_scheduled(district: District) -> None:
    with pytest.raises(BadInput, match="Ángel Quiñones .about Sofía.: no value for .teacher."):
        schedule(district, "{teacher}", schools=["sch-2"])


def test_a_text_for_nobody_is_not_scheduled(district: District) -> None:
    with pytest.raises(BadInput, match="Nobody"):
        schedule(district, schools=["sch-1"], languages=["vi"])


def test_one_that_expires_within_the_time_to_undo_is_not_scheduled(district: District) -> None:
    with pytest.raises(BadInput, match="worth nothing"):
        schedule(district, expires_at=district.clock.now() + timedelta(seconds=20))


def test_a_second_person_approves_and_then_it_can_still_be_undone(any_district: District) -> None:
    district = any_district
    number = schedule(district, category="urgent")
    district.clock.advance(UNDO)
    district.advance()
    assert district.state(number) == "scheduled"
    with pytest.raises(BadInput, match="second person"):
        approve(district, number, "staff-admin")
    approve(district, number, "staff-1-pr")
    district.advance()
    assert district.state(number) == "scheduled"
    district.clock.advance(UNDO)
    district.advance()
    assert district.state(number) == "sending"
    with pytest.raises(Taken, match="does not wait"):
        approve(district, number, "staff-2-pr")


@pytest.mark.parametrize("why", ["", "  now "])
def test_an_urgent_one_is_let_through_the_night_only_for_a_reason(district: District, why: str) -> None:
    number = schedule(district, category="urgent")
    with pytest.raises(BadInput, match="Say why it cannot wait"):
        approve(district, number, "staff-1-pr", why)
    approve(district, number, "staff-1-pr", " Water is coming in. ")
    with district.database.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None and (event.actor, event.at) == ("staff-1-pr", district.clock.now())
        assert event.detail["why"] == "Water is coming in."
        assert event.detail["approver"] == "staff-1-pr"
        assert session.get_one(Broadcast, number).override_reason == "Water is coming in."


def test_a_large_one_needs_no_reason(district: District) -> None:
    district.policy = replace(district.policy, approval_above=0)
    number = schedule(district)
    approve(district, number, "staff-1-pr", "")
    with district.database.read() as session:
        assert session.get_one(Broadcast, number).override_reason is None


def test_one_that_needs_no_approval_cannot_be_approved(district: District) -> None:
    with pytest.raises(Taken, match="does not wait"):
        approve(district, schedule(district), "staff-1-pr")


def test_one_nobody_approved_in_time_expires(district: District) -> None:
    district.policy = replace(district.policy, approval_above=0)
    number = schedule(district, expires_at=district.clock.now() + timedelta(hours=1))
    district.clock.advance(timedelta(hours=1))
    district.advance()
    assert (district.state(number), district.recipients(number)) == ("expired", [])


def test_cancelled_within_the_time_to_undo_nothing_ever_leaves(any_district: District) -> None:
    district = any_district
    number = schedule(district)
    assert do(district, course.cancel, number).recipients == 0
    district.clock.advance(UNDO)
    district.advance()
    district.deliver()
    assert (district.state(number), district.channel.taken) == ("cancelled", [])


def _three_of_eight_sent(district: District) -> int:
    """A broadcast in the middle of its way; its number."""
    number = district.send()
    district.advance()
    for delivery_id in district.waiting(number)[:3]:
        district.sender.send(delivery_id)
    return number


def test_paused_while_sending_the_rest_waits_and_leaves_when_resumed(any_district: District) -> None:
    district = any_district
    number = _three_of_eight_sent(district)
    paused = do(district, course.pause, number)
    assert paused.deliveries == {"sent": 3, "held": 5}
    assert (paused.recipients, paused.skipped, paused.arrived, paused.waiting) == (9, {"no_contact": 1}, 3, 5)
    district.clock.advance(timedelta(hours=3))
    district.advance()
    district.deliver()
    assert (len(district.channel.taken), district.state(number)) == (3, "paused")
    do(district, course.resume, number)
    district.deliver()
    district.advance()
    assert (len(district.channel.taken), district.state(number)) == (8, "done")
    assert counts(district, number).deliveries == {"sent": 8}


def test_cancelled_while_sending_what_has_not_begun_never_leaves(any_district: District) -> None:
    district = any_district
    number = _three_of_eight_sent(district)
    ended = do(district, course.cancel, number)
    assert (ended.deliveries, ended.skipped) == ({"sent": 3, "cancelled": 5}, {"no_contact": 1})
    district.deliver()
    assert len(district.channel.taken) == 3


@pytest.mark.parametrize(("deed", "state"), [(course.pause, "held"), (course.cancel, "cancelled")])
def test_stopped_in_the_middle_of_a_lane_the_counts_are_exact(
    any_district: District, deed: Callable[..., Counts], state: str
) -> None:
    """Texts that the lane has claimed, but that have not left, stay with all the others."""
    district = any_district
    number = district.send()
    district.advance()

    def stop_after_three(_: Any, __: str) -> None:
        if len(district.channel.taken) == 3:
            do(district, deed, number)
            district.clock.advance(timedelta(seconds=1))

    district.channel.before_answer = stop_after_three
    district.deliver()
    assert counts(district, number).deliveries == {"sent": 3, state: 5}
    assert len(district.channel.taken) == 3
    assert {row.attempts for row in district.deliveries(number)} == {0, 1}


def test_cancelled_while_paused_the_rest_is_withdrawn(district: District) -> None:
    number = district.send()
    district.advance()
    do(district, course.pause, number)
    assert do(district, course.cancel, number).deliveries == {"cancelled": 8}


@pytest.mark.parametrize(("deed", "state"), [(course.pause, "held"), (course.cancel, "cancelled")])
def test_a_text_the_carrier_refused_for_now_does_not_leave_after_a_stop(
    any_district: District, deed: Callable[..., Counts], state: str
) -> None:
    """It was under way when everything else was stopped, and came back to be tried again."""
    district = any_district
    number = district.send(languages=["so"])
    district.advance()
    (delivery_id,) = district.waiting(number)
    district.channel.script = [CarrierError("busy", retry_after=5.0)]
    original = district.channel.send

    def stop_meanwhile(message: Any) -> Any:
        do(district, deed, number)
        return original(message)

    district.channel.send = stop_meanwhile  # type: ignore[method-assign]
    district.sender.send(delivery_id)
    district.channel.send = original  # type: ignore[method-assign]
    district.clock.advance(timedelta(minutes=30))
    district.deliver()
    assert [row.state for row in district.deliveries(number)] == [state]
    assert district.channel.taken == []
    if state == "held":
        do(district, course.resume, number)
        district.deliver()
        assert len(district.channel.taken) == 1


def test_what_was_held_for_the_night_is_held_again_when_resumed_at_night(district: District) -> None:
    district.clock.advance(timedelta(hours=12))  # 21:00 at the schools
    number = district.send()
    district.advance()
    do(district, course.pause, number)
    do(district, course.resume, number)
    district.deliver()
    assert {row.state for row in district.deliveries(number)} == {"held"}
    district.clock.advance(timedelta(hours=11))
    district.deliver()
    assert len(district.channel.taken) == 8


@pytest.mark.parametrize("deed", [course.pause, course.cancel, course.resume])
def test_one_that_is_over_stays_over(district: District, deed: Callable[..., Counts]) -> None:
    number = schedule(district)
    do(district, course.cancel, number)
    with pytest.raises(Taken, match="is cancelled"):
        do(district, deed, number)
    with pytest.raises(NotFound):
        do(district, deed, 99)


def test_it_is_scheduled_once(district: District) -> None:
    number = schedule(district)
    with pytest.raises(Taken, match="is scheduled"), district.database.write() as session:
        district.schedule(session, session.get_one(Broadcast, number))


def test_what_changed_after_it_was_looked_at_is_looked_at_again(district: District) -> None:
    with district.database.write() as session:
        draft = district.compose(session, "Closed.")
        seen = preview(session, draft, district.desk)
        draft.text = "Open."
    with pytest.raises(Taken, match="changed meanwhile"), district.database.write() as session:
        course.schedule(session, draft.id, seen, district.desk, "operator")
    assert district.state(draft.id) == "draft"


def test_every_deed_is_audited(district: District) -> None:
    number = schedule(district, category="urgent")
    approve(district, number, "staff-1-pr")
    for deed in (course.pause, course.resume, course.cancel):
        do(district, deed, number)
    with district.database.read() as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [event.deed.removesuffix("_broadcast") for event in events] == [
            "compose", "schedule", "approve", "pause", "resume", "cancel",
        ]  # fmt: skip
        assert events[2].actor == "staff-1-pr"
