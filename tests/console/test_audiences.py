"""Groups, saved audiences, trials and families' hours in the console."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.school.policy import Policy
from bot.storage.broadcasts import Broadcast
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.groups import StudentGroup, StudentGroupMember
from bot.storage.people import Guardian, Guardianship, StaffMember
from bot.storage.rests import find_rest
from bot.storage.saved_audiences import SavedAudience, list_saved
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests.conftest import FixedClock
from tests.console.broadcasting import NEW, ROOM, add_families, newest, plain, write
from tests.console.house import Browser, Cast, PlainLine, SignIn, make_app


def add_group(database: Database, cast: Cast, name: str, leader: int | None = None) -> int:
    """A group of Lucía's; its key."""
    with database.write() as session:
        group = StudentGroup(
            name=name, name_key=name.casefold(), leader_id=leader, made_by="x",
            created_at=session.get_one(Conversation, cast.line).created_at,
        )  # fmt: skip
        session.add(group)
        session.flush()
        session.add(StudentGroupMember(group_id=group.id, student_id=cast.lucia))
        return group.id


def saved(database: Database) -> list[str]:
    with database.read() as session:
        return [row.name for row in list_saved(session)]


def test_families_are_chosen_by_group(signed_in: SignIn, sqlite_database: Database, cast: Cast) -> None:
    band = add_group(sqlite_database, cast, "Band")
    rosa = signed_in("rosa")
    assert "Band" in rosa.read(NEW)
    page = plain(write(rosa, classes=[], groups=[str(band)]))
    assert "Bayview Elementary · Band" in page and "1 telephone" in page
    assert newest(sqlite_database).audience["groups"] == [band]
    assert write(rosa, classes=[], groups=["999"]).status_code == 422


def test_a_teacher_is_offered_the_groups_she_leads(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    own = add_group(sqlite_database, cast, "Chess", cast.emma)
    other = add_group(sqlite_database, cast, "Band")
    emma = signed_in("emma")
    page = emma.read(NEW)
    assert "Chess" in page and "Band" not in page
    assert write(emma, classes=[], groups=[str(other)]).status_code == 422
    assert "Chess" in plain(write(emma, classes=[], groups=[str(own)]))


def test_a_choice_is_saved_and_used_again_by_whoever_reaches_so_far(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    kept = write(rosa, classes=[], grades=["3"], save_as="Third grade")
    assert "Third grade (Bayview Elementary" in plain(kept)
    assert saved(sqlite_database) == ["Third grade"]
    assert "Third grade (Rosa Delgado)" in rosa.read(NEW)
    assert "Third grade" not in signed_in("emma").read(NEW)
    with sqlite_database.read() as session:
        key = session.scalars(select(SavedAudience.id)).one()
    page = plain(write(rosa, who="", classes=[], saved=str(key)))
    assert "Third grade (Bayview Elementary" in page
    again = rosa.read(f"{NEW}?like={newest(sqlite_database).id}")
    assert f'value="{key}" selected' in again


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"save_as": "Third grade"}, "already"),
        ({"save_as": "x" * 61}, "A name has 1 to 60 characters."),
        ({"save_as": "All", "who": "all", "classes": []}, "Choose some parts to save"),
        ({"saved": "1"}, "Choose a saved audience or its parts, not both."),
        ({"saved": "1", "who": "all", "classes": []}, "Choose a saved audience or its parts, not both."),
        ({"saved": "77", "classes": []}, "Please choose from the list."),
        ({"one_per": "school"}, "Please choose from the list."),
    ],
)
def test_choices_that_do_not_fit_are_refused_and_nothing_is_kept(
    signed_in: SignIn, sqlite_database: Database, fields: dict[str, object], told: str
) -> None:
    rosa = signed_in("rosa")
    write(rosa, save_as="Third grade")
    answer = write(rosa, **fields)
    assert answer.status_code == 422 and told in plain(answer)
    assert saved(sqlite_database) == ["Third grade"]
    with sqlite_database.read() as session:
        assert session.query(Broadcast).count() == 1


def test_a_saved_audience_is_renamed_and_removed_by_its_maker_or_the_office(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    emma, rosa, place = signed_in("emma"), signed_in("rosa"), "/console/audiences"
    write(emma, who="", save_as="Mine")
    write(rosa, save_as="Ours")
    number = newest(sqlite_database).id
    page = emma.read(place)
    assert "Mine" in page and "Ours" in page and page.count("Rename it") == 1
    assert emma.press(f"{place}/2/remove", place).status_code == 403
    assert "It has a new name." in plain(rosa.press(f"{place}/2/rename", place, name="Theirs"))
    assert "of this name already" in plain(rosa.press(f"{place}/1/rename", place, name="theirs"))
    assert "1 to 60 characters" in plain(rosa.press(f"{place}/1/rename", place, name=" "))
    assert "cannot be chosen any more" in plain(rosa.press(f"{place}/2/remove", place))
    assert rosa.press(f"{place}/2/remove", place).status_code == 404
    assert saved(sqlite_database) == ["Mine"]
    assert "Theirs (Bayview Elementary" in rosa.read(f"{ROOM}/{number}")


def test_both_counts_stand_in_the_preview(signed_in: SignIn, sqlite_database: Database) -> None:
    page = plain(write(signed_in("rosa"), one_per="child", text="{child} sings."))
    assert "One text for each child" in page and "A text of its own for each child" in page
    assert newest(sqlite_database).one_per == "child"


def test_the_preview_tells_who_sleeps_and_whom_it_will_not_reach(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    rosa, place = signed_in("rosa"), f"/console/families/{cast.maria}/hours"
    rosa.press(place, place, not_before="11:00", not_after="", zone="")
    assert "1 of them sleeps until Mon, Nov 16, 11:00" in plain(write(rosa)).replace("\u202f", " ")
    page = plain(write(rosa, expires_at="2026-11-16T10:30"))
    assert "By then it is worth nothing: it will not reach them." in page


def test_those_left_out_are_listed_page_by_page(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    add_families(sqlite_database, cast, 60)
    with sqlite_database.write() as session:
        session.execute(update(Guardianship).values(no_contact=True))
    rosa = signed_in("rosa")
    write(rosa)
    place = f"{ROOM}/{newest(sqlite_database).id}"
    assert "Who they are" in rosa.read(place)
    first, second = rosa.read(f"{place}/left-out"), rosa.read(f"{place}/left-out?page=2")
    assert "1 to 50 of 61" in first and "51 to 61 of 61" in second
    assert "Somebody on this telephone must not be contacted about the child." in first


def trials(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        query = select(Delivery.recipient, Delivery.language).where(Delivery.kind == "trial")
        return [(row[0], row[1]) for row in session.execute(query)]


def test_a_text_is_tried_on_ones_own_telephone(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    with sqlite_database.write() as session:
        session.get_one(StaffMember, cast.rosa).phone = "+15105550777"
    rosa = signed_in("rosa")
    assert "+15105550777" in plain(write(rosa))
    place = f"{ROOM}/{newest(sqlite_database).id}"
    assert "A trial is on its way." in plain(rosa.press(f"{place}/try", place, numbers="", language="es"))
    assert trials(sqlite_database) == [("+15105550777", "es")]
    with sqlite_database.read() as session:
        number = session.get_one(Conversation, cast.line).address
    assert "The trial was not sent." in plain(rosa.press(f"{place}/try", place, numbers=number))
    rosa.press(f"{place}/cancel", place)
    assert "It has changed meanwhile." in plain(rosa.press(f"{place}/try", place, numbers=""))
    assert len(trials(sqlite_database)) == 1


def test_trial_mode_is_told_on_every_page(
    sqlite_database: Database, cast: Cast, clock: FixedClock, signed_in: SignIn
) -> None:
    app = make_app(
        sqlite_database, clock, PlainLine(clock), policy=replace(Policy(), trial_numbers=("+15105550777",))
    )
    rosa = Browser(app.test_client())
    rosa.sign_in("rosa")
    assert "Trial mode: only 1 number of your own" in rosa.read("/console/cases")
    assert "Trial mode: 0 of them would get it." in plain(write(rosa))
    assert "Trial mode" not in signed_in("rosa").read("/console/cases")


def test_the_office_sets_a_guardians_hours_from_the_card(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock, case: int
) -> None:
    rosa, place = signed_in("rosa"), f"/console/families/{cast.maria}/hours"
    assert place in rosa.read(f"/console/cases/{case}")
    assert place not in signed_in("emma").read(f"/console/cases/{case}")
    told = plain(rosa.press(place, place, not_before="09:30", not_after="17:00", zone="America/Chicago"))
    assert "The hours are kept." in told and 'value="09:30"' in told
    card = rosa.read(f"/console/cases/{case}")
    assert "09:30–17:00 America/Chicago" in card
    with sqlite_database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.deed == "set_own_hours")).one()
        assert (event.actor, event.subject_id) == ("rosa", cast.maria)
    rosa.press(place, place, not_before="", not_after="", zone="")
    with sqlite_database.read() as session:
        assert find_rest(session, cast.maria) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"not_before": "morning"}, "This is no time of day."),
        ({"zone": "Nowhere"}, "is no time zone"),
        ({"not_before": "20:00", "not_after": "21:00"}, "no time would be left"),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, fields: dict[str, str], told: str
) -> None:
    rosa, place = signed_in("rosa"), f"/console/families/{cast.maria}/hours"
    answer = rosa.press(place, place, **{"not_before": "", "not_after": "", "zone": "", **fields})
    assert answer.status_code == 422 and told in plain(answer)
    with sqlite_database.read() as session:
        assert find_rest(session, cast.maria) is None


def test_hours_are_the_offices_and_of_people_who_are_there(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    place = f"/console/families/{cast.maria}/hours"
    emma = signed_in("emma")
    assert emma.client.get(place).status_code == 403
    with sqlite_database.write() as session:
        session.get_one(Guardian, cast.maria).active = False
    assert signed_in("rosa").client.get(place).status_code == 404
