"""Conferences by text: what is offered only to whom, and what happens when somebody was faster."""

from __future__ import annotations

from typing import Any

from bot.school.conferences import Booking, book, cancel
from bot.storage.conferences import Appointment, Opening
from bot.storage.people import Contact, Enrollment, StaffMember
from bot.storage.session import Database
from tests import cast
from tests.actions.rig import Rig, phrases, rig
from tests.conftest import FixedClock
from tests.flows.stage import POLICY


def _plan(on: Rig) -> dict[str, Any]:
    """Everything that Ángel's booking needs, for the teacher's first opening."""
    teacher = on.people.staff["tch-2-002"].id
    opening = on.session.query(Opening).filter_by(staff_id=teacher).order_by(Opening.starts_at).first()
    assert opening is not None
    child = on.people.students["stu-000008"].id
    return {
        "child": child,
        "teacher": teacher,
        "opening": opening.id,
        "mode": "phone",
        "offered_for": f"{child}/{teacher}",
    }


def _booked(on: Rig, number: int = 4) -> Appointment:
    teacher = on.people.staff["tch-2-002"].id
    opening = on.session.query(Opening).filter_by(staff_id=teacher).order_by(Opening.starts_at).all()[number]
    people = on.people.students["stu-000008"].id, on.people.guardians["grd-00006-1"].id
    return book(on.session, Booking(opening.id, *people, "phone", on.line.id), POLICY, on.clock.now())


def test_somebody_faster_leaves_the_family_with_other_times(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        plan = _plan(on)
        taken = Booking(
            plan["opening"],
            on.people.students["stu-000038"].id,
            on.people.guardians["grd-00025-1"].id,
            "phone",
        )
        book(session, taken, POLICY, clock.now())
        receipt = on.run("book_appointment", **plan)
        assert phrases(receipt) == ["utter_opening_taken"]
        assert receipt.slots["booked"] == "taken"
        assert receipt.slots["opening"] is None
        assert session.query(Appointment).count() == 1


def test_nobody_books_for_another_familys_child_or_with_another_teacher(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        plan = _plan(on)
        for wrong in (
            {"child": on.people.students["stu-000002"].id},
            {"teacher": on.people.staff["tch-1-005"].id},
            {"opening": "more"},
            {"child": "none"},
        ):
            assert on.run("book_appointment", **{**plan, **wrong}).slots["booked"] == "taken"
        on.line = cast.converse(session, cast.STRANGER, clock.now())
        assert on.run("book_appointment", **plan).slots["booked"] == "taken"
        assert session.query(Appointment).count() == 0


def test_a_way_of_meeting_the_opening_does_not_offer_is_replaced(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        plan = _plan(on)
        session.get_one(Opening, plan["opening"]).modes = "video"
        assert on.run("ask_mode", **plan).slots == {"mode": "video"}
        assert phrases(on.run("book_appointment", **plan))[0] == "utter_booked_video"


def test_answers_that_no_longer_fit_are_dropped(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        plan = _plan(on)
        assert on.run("fit_plan", **plan).slots == {"appointment": None}
        stale = on.run("fit_plan", **{**plan, "teacher": on.people.staff["tch-1-005"].id}).slots
        assert (stale["teacher"], stale["opening"]) == (None, None)
        opening = session.get_one(Opening, plan["opening"])
        opening.modes = "video"
        assert on.run("fit_plan", **plan).slots["mode"] is None
        opening.starts_at = clock.now()
        assert on.run("fit_plan", **plan).slots["opening"] is None
        on.line = cast.converse(session, cast.STRANGER, clock.now())
        assert on.run("fit_plan", **plan).slots["child"] is None


def test_an_interpreter_on_file_is_said_and_still_asked(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        assert phrases(on.run("ask_interpreter")) == ["utter_ask_interpreter"]
        on.people.guardians["grd-00006-1"].interpreter_needed = True
        assert phrases(on.run("ask_interpreter")) == ["utter_ask_interpreter_on_file"]
        assert on.run("ask_interpreter_language").slots == {"interpreter_language": "es"}


def test_a_child_without_teachers_leads_to_the_office(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        session.query(Enrollment).delete()
        session.query(StaffMember).filter_by(role="counselor").update({"active": False})
        session.flush()
        assert on.run("ask_teacher", child=on.people.students["stu-000008"].id).slots == {"teacher": "none"}


def test_the_times_begin_anew_after_the_last_ones(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        plan = _plan(on)
        seen = ",".join(str(o.id) for o in session.query(Opening).filter_by(staff_id=plan["teacher"]))
        plan["openings_seen"] = seen
        assert len(on.run("ask_opening", **plan).say[0].choices) == 5
        standing = _booked(on)
        again = on.run("ask_new_opening", appointment=standing.id, openings_seen=seen)
        assert len(again.say[0].choices) == 5


def test_where_nothing_is_free_the_question_answers_itself(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        standing = _booked(on)
        plan = _plan(on)
        session.query(Opening).filter(Opening.id != standing.opening_id).delete()
        assert on.run("ask_opening", **plan).slots == {"opening": "none_left"}
        assert on.run("ask_new_opening", appointment=standing.id).slots == {"new_opening": "none_left"}
        on.line = cast.converse(session, cast.STRANGER, clock.now())
        assert on.run("ask_opening", **plan).slots == {"opening": "none_left"}


def test_a_conference_that_is_gone_meanwhile_is_never_changed(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        standing = _booked(on)
        cancel(session, standing, clock.now())
        for action in ("cancel_appointment", "confirm_appointment", "move_appointment"):
            receipt = on.run(action, appointment=standing.id)
            assert phrases(receipt) == ["utter_appointment_gone"]
            assert receipt.slots == {"change_made": "no"}
        assert on.run("ask_change", appointment=standing.id).slots == {"change": "gone"}
        assert on.run("ask_standing", appointment=standing.id).slots == {"standing": "another"}
        assert on.run("ask_new_opening", appointment=standing.id).slots == {"new_opening": "none_left"}
        assert on.run("use_reminded").slots == {"appointment": "none"}


def test_another_familys_conference_cannot_be_cancelled(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        standing = _booked(on)
        on.line = cast.converse(session, cast.HODAN, clock.now())
        assert phrases(on.run("cancel_appointment", appointment=standing.id)) == ["utter_appointment_gone"]
        session.refresh(standing)
        assert standing.status == "booked"


def test_a_move_to_a_time_that_was_taken_keeps_the_old_one(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        standing, other = _booked(on), _booked(on, 6)
        receipt = on.run("move_appointment", appointment=standing.id, new_opening=other.opening_id)
        assert phrases(receipt) == ["utter_opening_taken"]
        assert receipt.slots["change_made"] == "taken"
        session.refresh(standing)
        assert standing.status == "booked"


def test_of_several_conferences_one_is_chosen(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        first, second = _booked(on), _booked(on, 6)
        choices = on.run("ask_appointment").say[0].choices
        assert [choice.value for choice in choices] == [first.id, second.id]
        assert on.run("list_appointments").slots == {"appointments_listed": 2}


def test_a_summary_without_its_plan_leaves_it_to_the_booking(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        assert on.run("ask_booking_right").slots == {"booking_right": True}


def test_two_of_one_name_on_a_telephone_are_told_apart(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.SHARED)
        on.people.guardians["grd-00008-2"].given_name = "Ava"
        session.flush()
        labels = [choice.label for choice in on.run("ask_speaker").say[0].choices]
        assert [getattr(label, "text", None) for label in labels] == ["Ava S.", "Ava W.", "Guadalupe", None]


def test_a_line_left_to_one_guardian_needs_no_question(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        contact = session.query(Contact).filter_by(address=cast.ANGEL).one()
        assert on.run("ask_speaker").slots == {"speaker": contact.id}


def test_nobody_becomes_the_speaker_who_is_not_on_file_for_the_line(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.SHARED)
        stranger = session.query(Contact).filter_by(address=cast.ANGEL).one()
        on.run("set_speaker", speaker=stranger.id)
        assert on.line.contact_id is None
