"""Saved audiences: used again by name, read anew when a text leaves, readable when they are gone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.audience import Audience, Names, read_audience
from bot.school.broadcasts.saved import change_audience, remove_audience, rename_audience, save_audience
from bot.storage.broadcasts import Broadcast
from bot.storage.people import Enrollment, StaffMember, Student
from bot.storage.saved_audiences import list_saved
from bot.storage.staff import AuditEvent
from tests.broadcasts import District
from tests.cast import ANGEL, HODAN


def save(
    district: District, name: str, deed: Any = save_audience, by: str = "staff-2-pr", **names: Any
) -> None:
    with district.database.write() as session:
        author = session.get_one(StaffMember, district.people.staff[by].id)
        audience = read_audience(session, Names(**names))
        deed(session, name, audience, author, actor=by, now=district.clock.now())


def draft(district: District, saved: str, **wanted: Any) -> int:
    with district.database.write() as session:
        return district.compose(session, saved=saved, **wanted).id


def stored(district: District, number: int) -> tuple[Audience, str | None]:
    with district.database.read() as session:
        row = session.get_one(Broadcast, number)
        return Audience.from_json(row.audience), row.saved_audience.name if row.saved_audience else None


def test_a_saved_audience_is_used_by_name_and_says_who_made_it(any_district: District) -> None:
    district = any_district
    save(district, "Seventh  grade maths", classes=["cls-2"])
    with district.database.read() as session:
        (found,) = list_saved(session)
        assert (found.name, found.author and found.author.given_name) == ("Seventh grade maths", "Ana")
    number = draft(district, "seventh grade MATHS")
    audience, name = stored(district, number)
    assert (len(audience.classes), name) == (1, "Seventh grade maths")


def test_whom_it_reaches_is_read_when_the_text_leaves(any_district: District) -> None:
    district = any_district
    save(district, "Maths", classes=["cls-2"])
    number = district.send(saved="Maths")
    with district.database.write() as session:
        ifrah = select(Student.id).where(Student.source_id == "stu-000038").scalar_subquery()
        session.execute(delete(Enrollment).where(Enrollment.student_id == ifrah))
    district.advance()
    assert {row.recipient for row in district.deliveries(number)} == {ANGEL}


def test_drafts_follow_a_change_and_what_was_sent_does_not(district: District) -> None:
    save(district, "Ours", classes=["cls-2"])
    sent, waiting = district.send(saved="Ours"), draft(district, "Ours")
    save(district, "ours", change_audience, schools=["sch-2"], languages=["so"])
    assert stored(district, waiting)[0].languages == ("so",)
    assert stored(district, sent)[0].languages == ()
    district.advance()
    assert {row.recipient for row in district.deliveries(sent)} == {ANGEL, HODAN}


def test_what_was_sent_stays_readable_when_it_is_renamed_or_removed(district: District) -> None:
    save(district, "Ours", classes=["cls-2"])
    number = draft(district, "Ours")
    now = district.clock.now()
    with district.database.write() as session:
        rename_audience(session, "Ours", "Maths 7", actor="rosa", now=now)
    assert stored(district, number)[1] == "Maths 7"
    with district.database.write() as session:
        remove_audience(session, "maths 7", actor="rosa", now=now)
    audience, name = stored(district, number)
    assert (len(audience.classes), name) == (1, "Maths 7")
    with pytest.raises(NotFound, match="no saved audience 'Maths 7'"):
        draft(district, "Maths 7")
    save(district, "Maths 7", classes=["cls-3"])
    with district.database.read() as session:
        deeds = [event.deed for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert [deed for deed in deeds if deed.endswith("audience")] == [
        "save_audience", "rename_audience", "remove_audience", "save_audience",
    ]  # fmt: skip


def test_a_name_is_given_once_and_the_whole_district_needs_none(district: District) -> None:
    save(district, "Ours", classes=["cls-2"])
    with pytest.raises(Taken, match="already"):
        save(district, "OURS", classes=["cls-2"])
    with pytest.raises(BadInput, match="needs no name"):
        save(district, "All", by="staff-admin")
    save(district, "Two", classes=["cls-3"])
    with pytest.raises(Taken, match="already"), district.database.write() as session:
        rename_audience(session, "Two", "ours", actor="x", now=district.clock.now())


def test_nobody_reaches_further_through_a_name(district: District) -> None:
    with pytest.raises(BadInput, match="Bayview"):
        save(district, "Theirs", classes=["cls-1"])
    save(district, "Theirs", by="staff-admin", classes=["cls-1"])
    with pytest.raises(BadInput, match="Bayview"):
        draft(district, "Theirs", author="staff-2-pr")
    with pytest.raises(BadInput, match="Bayview"):
        save(district, "Theirs", change_audience, classes=["cls-2"])


def test_a_name_and_parts_together_are_refused(district: District) -> None:
    save(district, "Ours", classes=["cls-2"])
    with pytest.raises(BadInput, match="not both"):
        draft(district, "Ours", schools=["sch-2"])
