"""What was queued before the roster changed: nobody gets it who must not be told of the child any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.model.dialogue import Say, Verbatim
from bot.outbox.queueing import OutgoingSay
from bot.school.still_told import ROSTER_CHANGED
from bot.storage.conferences import Appointment
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact, Guardian, Guardianship, Student
from bot.storage.reminders import Reminder
from tests import cast_world
from tests.broadcasts import District
from tests.cast import ANGEL, DANDRE, EMMA, GUADALUPE_R, HODAN, SHARED


def _link(student: str, guardian: str) -> tuple[Any, ...]:
    """The link of the two, by their roster keys."""
    child = select(Student.id).where(Student.source_id == student).scalar_subquery()
    adult = select(Guardian.id).where(Guardian.source_id == guardian).scalar_subquery()
    return Guardianship.student_id == child, Guardianship.guardian_id == adult


def _change(district: District, statement: Any) -> None:
    with district.database.write() as session:
        session.execute(statement)


def _sent(district: District, number: int) -> set[str]:
    """Deliver; who got the text. The others were told why not, and nothing was tried for them."""
    district.deliver()
    rows = district.deliveries(number)
    others = {(row.state, row.reason, row.attempts) for row in rows if row.state != "sent"}
    assert others <= {("suppressed", ROSTER_CHANGED, 0)}
    return {row.recipient for row in rows if row.state == "sent"}


CHANGES = [
    (update(Contact).where(Contact.address == HODAN).values(active=False), HODAN),
    (update(Guardian).where(Guardian.source_id == "grd-00025-1").values(active=False), HODAN),
    (update(Student).where(Student.source_id == "stu-000038").values(active=False), HODAN),
    (update(Guardianship).where(*_link("stu-000038", "grd-00025-1")).values(active=False), HODAN),
    (update(Guardianship).where(*_link("stu-000008", "grd-00006-1")).values(no_contact=True), ANGEL),
]


@pytest.mark.parametrize(("change", "address"), CHANGES)
def test_a_text_stays_when_the_roster_no_longer_lets_its_reader_hear_of_the_child(
    district: District, change: Any, address: str
) -> None:
    number = district.send(schools=["sch-2"])
    district.advance()
    _change(district, change)
    assert _sent(district, number) == {ANGEL, HODAN} - {address}
    district.advance()
    assert district.state(number) == "done"


def test_somebody_else_who_has_the_number_now_does_not_get_the_text_of_the_one_before(
    district: District,
) -> None:
    number = district.send(schools=["sch-2"])
    district.advance()
    with district.database.write() as session:
        session.execute(update(Contact).where(Contact.address == HODAN).values(active=False))
        stranger = district.people.guardians["grd-00002-1"].id
        session.add(Contact(guardian_id=stranger, channel="sms", address=HODAN, language="en"))
    assert _sent(district, number) == {ANGEL}


def test_an_order_against_anybody_on_the_telephone_counts(district: District) -> None:
    number = district.send(schools=["sch-1"], languages=["en"])
    district.advance()
    _change(district, update(Guardianship).where(*_link("stu-000011", "grd-00008-2")).values(no_contact=True))
    assert _sent(district, number) == {DANDRE}


def test_a_text_about_two_children_stays_when_one_of_them_is_barred(district: District) -> None:
    number = district.send(schools=["sch-3"])
    district.advance()
    _change(district, update(Guardianship).where(*_link("stu-000006", "grd-00005-1")).values(no_contact=True))
    assert EMMA not in _sent(district, number)


def test_where_each_child_has_a_text_only_that_of_the_barred_child_stays(district: District) -> None:
    number = district.send("{child} was here.", schools=["sch-3"], one_per="child")
    district.advance()
    _change(district, update(Guardianship).where(*_link("stu-000006", "grd-00005-1")).values(no_contact=True))
    assert _sent(district, number) == {EMMA, SHARED}
    assert [row.body for row in district.deliveries(number) if row.recipient == EMMA and row.state == "sent"] == [
        "Jayden was here."
    ]  # fmt: skip


def test_a_text_whose_families_stand_as_they_stood_leaves(district: District) -> None:
    number = district.send(languages=["en", "es", "so"])
    district.advance()
    everybody = {row.recipient for row in district.deliveries(number)}
    assert _sent(district, number) == everybody and GUADALUPE_R not in everybody


def test_a_further_try_stays_too(district: District) -> None:
    number = district.send(languages=["so"])
    district.advance()
    district.deliver()
    (first,) = district.deliveries(number)
    with district.database.write() as session:
        row = session.get_one(Delivery, first.id)
        values = {
            name: getattr(row, name)
            for name in ("kind", "channel", "recipient", "contact_id", "language", "body")
        }
        session.add(Delivery(**values, broadcast_id=number, dedupe_key="again", resend_of=first.id, resends=1, priority=-2,
                             due_at=district.clock.now(), created_at=district.clock.now()))  # fmt: skip
    _change(district, update(Guardianship).where(*_link("stu-000038", "grd-00025-1")).values(no_contact=True))
    district.deliver()
    assert [row.state for row in district.deliveries(number)] == ["sent", "suppressed"]


@pytest.mark.parametrize("barred", [True, False])
def test_a_reminder_that_waits_stays_when_its_guardian_may_not_be_told_any_more(
    district: District, barred: bool
) -> None:
    key = _queue_reminder(district)
    if barred:
        _change(
            district, update(Guardianship).where(*_link("stu-000008", "grd-00006-1")).values(no_contact=True)
        )
    district.deliver()
    with district.database.read() as session:
        row = session.get_one(Delivery, key)
        expected = ("suppressed", ROSTER_CHANGED) if barred else ("sent", None)
        assert (row.state, row.reason) == expected


def _queue_reminder(district: District) -> int:
    """Ángel's reminder, queued; its delivery."""
    people, now = district.people, district.clock.now()
    with district.database.write() as session:
        openings = cast_world.add_openings(session, people, now)
        guardian = people.guardians["grd-00006-1"].id
        booked = Appointment(opening_id=openings[-1].id, student_id=people.students["stu-000008"].id,
                             guardian_id=guardian, mode="phone", booked_at=now)  # fmt: skip
        session.add(booked)
        session.flush()
        contact = session.scalars(select(Contact.id).where(Contact.guardian_id == guardian)).one()
        say = OutgoingSay(say=Say((Verbatim("Tomorrow."),)), kind="reminder", channel="sms", recipient=ANGEL,
                          language="es", dedupe_key="reminder:1", now=now, contact_id=contact)  # fmt: skip
        delivery = district.queueing.queue(session, say).delivery.id
        session.add(Reminder(appointment_id=booked.id, occurrence="1d", due_at=now, status="fired",
                             worthless_at=now + timedelta(hours=9), delivery_id=delivery))  # fmt: skip
    return delivery
