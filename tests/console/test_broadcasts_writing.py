"""Writing a broadcast in the console: what is offered, what is refused and kept, what it would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.console.moments import read_moment
from bot.model.errors import BadInput
from bot.school.broadcasts.audience import Audience, check_reach
from bot.school.broadcasts.choices import CLASSES, DISTRICT, SCHOOL, classes_to_offer, read_choices
from bot.school.broadcasts.merging import FIELDS
from bot.storage.people import Enrollment, Guardian, Org, SchoolClass, StaffMember, Student
from bot.storage.session import Database
from bot.storage.staff import Account
from tests.conftest import FixedClock
from tests.console.broadcasting import NEW, ROOM, deeds, move_to_district, newest, plain, stored, write
from tests.console.house import Cast, SignIn

ZONE = ZoneInfo("America/Los_Angeles")


def add_school(database: Database) -> tuple[int, int]:
    """Another school with one class; their keys."""
    with database.write() as session:
        school = Org(source_id="s2", name="Hillside High", type="school")
        session.add(school)
        session.flush()
        room = SchoolClass(source_id="c9", title="Biology", school_id=school.id)
        child = Student(source_id="k", given_name="Kim", family_name="Le", grade="9", school_id=school.id)
        session.add_all([room, child])
        session.flush()
        session.add(Enrollment(class_id=room.id, student_id=child.id))
        return school.id, room.id


def test_a_broadcast_is_written_shown_and_nothing_leaves(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    page = plain(write(signed_in("rosa")))
    assert "No school on Friday." in page and "Draft" in page and "Bayview Elementary" in page
    assert "1 telephone" in page and "[not translated]\nNo school on Friday." in page
    assert "Send it now" in page and newest(sqlite_database).state == "draft"
    assert deeds(sqlite_database) == [("rosa", "compose_broadcast")]


def test_the_fields_are_explained_and_filled(signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    page = rosa.read(NEW)
    assert all("{" + name + "}" in page for name in FIELDS)
    told = plain(
        write(rosa, text="{teacher} wants to see you about {child} on {date}.", about_on="2026-11-20")
    )
    assert "Emma Washington wants to see you about Lucía on 2026-11-20." in told


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "  "}, "Write the text first."),
        ({"text": "x" * 1001}, "This is longer than 1000 characters."),
        ({"text": "Dear {parent}"}, "{parent} is no field."),
        ({"text": "Dear {child"}, "There is a brace that belongs to no field."),
        ({"text": "On {date}"}, "choose the day it stands for"),
        ({"text": "On {date}", "about_on": "Friday"}, "This is no day."),
        ({"who": "all"}, "You said everybody and chose some as well."),
        ({"classes": []}, "Choose who gets it, or say that it is for everybody."),
        ({"who": ""}, "Choose who gets it"),
        ({"grades": ["12"]}, "Please choose from the list."),
        ({"languages": ["xx"]}, "Please choose from the list."),
        ({"category": "spam"}, "Please choose from the list."),
        ({"written_in": "xx"}, "Please choose from the list."),
        ({"when": ""}, "Please choose from the list."),
        ({"when": "later"}, "Choose the day and the time it is to leave."),
        ({"when": "later", "send_at": "tomorrow"}, "There is no such time."),
        ({"when": "later", "send_at": "2027-03-14T02:30"}, "There is no such time."),
        ({"when": "later", "send_at": "2026-11-16T08:59"}, "This time has passed."),
        ({"send_at": "2026-11-17T10:00"}, "You said now and chose a time as well."),
        ({"expires_at": "2026-11-16T09:00"}, "This is before the text leaves."),
        ({"when": "later", "send_at": "2026-11-17T10:00", "expires_at": "2026-11-17T09:00"}, "before the text leaves"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    signed_in: SignIn, sqlite_database: Database, fields: dict[str, object], said: str
) -> None:
    answer = write(signed_in("rosa"), **{"text": "Keep <this>", "languages": ["es"], "when": "now", **fields} | (
        {"languages": []} if "classes" in fields else {}))  # fmt: skip
    page = plain(answer)
    assert answer.status_code == 422 and said in page
    typed = str({"text": "Keep <this>", **fields}["text"]).strip()
    assert typed in page and "Nothing is kept yet" in page
    if "classes" not in fields and "languages" not in fields:
        assert 'value="es" checked' in page
    assert str(fields.get("send_at", "")) in page
    with sqlite_database.read() as session:
        assert deeds(sqlite_database) == [] and session.is_active


def test_times_are_those_of_the_schools(signed_in: SignIn, sqlite_database: Database) -> None:
    write(signed_in("rosa"), when="later", send_at="2026-11-17T10:00", expires_at="2026-11-17T12:30")
    found = newest(sqlite_database)
    assert found.send_at == datetime(2026, 11, 17, 18, tzinfo=UTC)
    assert found.expires_at == datetime(2026, 11, 17, 20, 30, tzinfo=UTC)


def test_a_time_with_a_zone_of_its_own_or_left_out_by_the_clocks_is_no_time() -> None:
    for text in ("2026-11-17T10:00Z", "2027-03-14T02:30", "10:00", "x"):
        with pytest.raises(ValueError):
            read_moment(text, ZONE)


def test_a_teacher_writes_to_own_classes_only(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    _, other = add_school(sqlite_database)
    emma = signed_in("emma")
    page = emma.read(NEW)
    assert "Grade 3" in page and "Biology" not in page and "All families" not in page
    assert "Choose at least one of your classes." in plain(write(emma, classes=[]))
    assert write(emma, classes=[str(other)]).status_code == 422
    assert "1 telephone" in plain(write(emma)) and newest(sqlite_database).author_id == cast.emma


def test_staff_of_a_school_write_to_that_school(signed_in: SignIn, sqlite_database: Database) -> None:
    school, other = add_school(sqlite_database)
    rosa = signed_in("rosa")
    page = rosa.read(NEW)
    assert "All families of Bayview Elementary" in page and "Hillside" not in page
    write(rosa, who="all", classes=[], schools=[str(school)])
    assert write(rosa, who="chosen", classes=[str(other)]).status_code == 422
    write(rosa, who="all", classes=[])
    with sqlite_database.read() as session:
        mine = session.scalar(select(Org.id).where(Org.source_id == "s1"))
    assert newest(sqlite_database).audience == {
        "schools": [mine],
        "grades": [],
        "classes": [],
        "languages": [],
        "groups": [],
    }


def test_staff_of_the_district_choose_schools_and_then_their_classes(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    school, room = add_school(sqlite_database)
    move_to_district(sqlite_database, cast.rosa)
    rosa = signed_in("rosa")
    page = rosa.read(NEW)
    assert "Hillside High" in page and "Biology" not in page
    shown = rosa.press(NEW, NEW, text="Half typed", show="classes", schools=str(school), who="chosen")
    assert shown.status_code == 200 and "Biology" in plain(shown) and "Half typed" in plain(shown)
    assert f'value="{school}" checked' in plain(shown) and deeds(sqlite_database) == []
    write(rosa, schools=[str(school)], classes=[str(room)])
    assert newest(sqlite_database).audience["classes"] == [room]
    page = plain(write(rosa, who="all", classes=[]))
    assert "The whole district" in page


def test_whatever_is_offered_is_within_reach(sqlite_database: Database, cast: Cast) -> None:
    school, _ = add_school(sqlite_database)
    with sqlite_database.write() as session:
        rosa, emma = session.get_one(StaffMember, cast.rosa), session.get_one(StaffMember, cast.emma)
        for author, reach in ((rosa, SCHOOL), (emma, CLASSES)):
            choices = read_choices(session, author)
            assert choices.reach == reach
            for room in classes_to_offer(session, choices, [school]):
                check_reach(session, author, Audience(schools=tuple(choices.schools), classes=(room.id,)))
        with pytest.raises(BadInput):
            check_reach(session, rosa, Audience(schools=(school,)))
        rosa.school_id = None
        session.flush()
        session.expire(rosa)
        choices = read_choices(session, rosa)
        assert choices.reach == DISTRICT and set(choices.grades) == {"3", "7", "9"}
        check_reach(session, rosa, Audience())


def test_a_draft_is_changed_and_the_old_one_goes(signed_in: SignIn, sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    write(rosa, when="later", send_at="2026-11-17T10:00", languages=["es"])
    old = newest(sqlite_database)
    page = rosa.read(f"{NEW}?like={old.id}")
    assert (
        'value="2026-11-17T10:00"' in page and 'value="es" checked' in page and "No school on Friday." in page
    )
    assert f'name="replaces" value="{old.id}"' in page
    write(rosa, text="No school on Monday.", replaces=str(old.id))
    assert stored(sqlite_database, old.id).state == "cancelled"
    page = rosa.read(f"{ROOM}?tab=drafts")
    assert "No school on Monday." in page and "No school on Friday." not in page
    assert "No school on Friday." not in rosa.read(f"{ROOM}?tab=ended")


def test_a_draft_for_the_whole_school_is_changed_without_choosing_again(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    write(rosa, who="all", classes=[])
    page = rosa.read(f"{NEW}?like={newest(sqlite_database).id}")
    assert 'id="who-all" name="who" value="all" checked' in page


def test_a_colleague_replaces_no_draft_that_is_not_his_own(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    write(signed_in("rosa"))
    old = newest(sqlite_database)
    ada = signed_in("ada")
    assert 'name="replaces"' not in ada.read(f"{NEW}?like={old.id}")
    write(ada, replaces=str(old.id))
    assert stored(sqlite_database, old.id).state == "draft"


def test_a_missing_value_is_named_and_keeps_it_from_being_sent(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    with sqlite_database.write() as session:
        session.get_one(StaffMember, cast.emma).active = False
    rosa = signed_in("rosa")
    page = plain(write(rosa, text="Ask {teacher}."))
    assert "1 value is missing" in page and "María Ramos" in page and "Lucía" in page
    assert "Send it now" not in page and "Change it" in page
    draft = newest(sqlite_database)
    told = plain(rosa.press(f"{ROOM}/{draft.id}/send", f"{ROOM}/{draft.id}"))
    assert "This could not be done." in told and stored(sqlite_database, draft.id).state == "draft"


def test_nobody_to_write_to_is_said(signed_in: SignIn, sqlite_database: Database, cast: Cast) -> None:
    with sqlite_database.write() as session:
        session.get_one(Guardian, cast.maria).active = False
    page = plain(write(signed_in("rosa")))
    assert "Nobody would get it." in page and "Send it now" not in page


def test_who_is_left_out_is_counted_with_the_reason(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    page = plain(write(signed_in("rosa"), classes=[], grades=["7"]))
    assert "Somebody on this telephone must not be contacted about the child." in page


def test_a_draft_that_would_come_too_late_is_not_offered_for_sending(
    signed_in: SignIn, sqlite_database: Database, clock: FixedClock
) -> None:
    rosa = signed_in("rosa")
    write(rosa, expires_at="2026-11-16T10:00")
    clock.advance(timedelta(hours=1))
    page = rosa.read(f"{ROOM}/{newest(sqlite_database).id}")
    assert "It would be worth nothing when it leaves." in page and "Send it now" not in page


def test_an_account_without_a_person_behind_it_cannot_write(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "ada")).one().staff_id = None
    ada = signed_in("ada")
    assert ada.client.get(NEW).status_code == 403
    page = ada.read(ROOM)
    assert NEW not in page and "Your account belongs to nobody on the roster" in page
