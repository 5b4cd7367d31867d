"""Sending and stopping broadcasts in the console: undo, approval, pause, resume, cancel, and who may."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.school.policy import Policy
from bot.storage.broadcasts import BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.people import Enrollment
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.broadcasting import (
    ROOM,
    deeds,
    newest,
    plain,
    press,
    sent,
    stored,
    under_way,
    write,
)
from tests.console.house import Browser, Cast, SignIn, make_app


def test_it_is_sent_and_the_time_to_undo_is_shown(
    signed_in: SignIn, sqlite_database: Database, clock: FixedClock
) -> None:
    rosa = signed_in("rosa")
    write(rosa)
    key = newest(sqlite_database).id
    told = press(rosa, key, "send")
    assert "It goes to 1 telephone." in told and "Scheduled" in told
    assert "Nothing leaves within the next 30 seconds" in told and "Not begun yet" in rosa.read(ROOM)
    clock.advance(timedelta(seconds=29, milliseconds=500))
    assert "Nothing leaves within the next 1 second:" in rosa.read(f"{ROOM}/{key}")
    clock.advance(timedelta(seconds=1))
    assert "Nothing leaves within" not in rosa.read(f"{ROOM}/{key}")
    parts = rosa.client.get(f"{ROOM}/{key}/progress").get_json()["parts"]
    assert "Scheduled" in parts["state"] and "Nothing leaves within" not in parts["undo"]
    assert deeds(sqlite_database) == [("rosa", "compose_broadcast"), ("rosa", "schedule_broadcast")]


def test_it_is_cancelled_whole_while_nothing_has_left(signed_in: SignIn, sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    key = sent(rosa, sqlite_database)
    told = press(rosa, key, "cancel")
    assert "Cancelled. Nothing had left." in told and "Nobody has been texted." in told
    assert "Write another like it" in told and "Cancel it" not in told
    assert "No school on Friday." in rosa.read(f"{ROOM}?tab=ended")


def test_what_is_under_way_is_paused_resumed_and_cancelled_with_exact_counts(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    rosa = signed_in("rosa")
    told = press(rosa, key, "pause")
    assert "Paused." in told and "Waits until the broadcast goes on" in told and "at night</a>" not in told
    results = rosa.read(f"{ROOM}/{key}/recipients?state=held")
    assert "Waits until the broadcast goes on" in results and "The broadcast is paused." not in results
    assert "It goes on." in press(rosa, key, "resume") and stored(sqlite_database, key).state == "sending"
    told = press(rosa, key, "cancel")
    assert "Cancelled. 4 texts had left or were leaving." in told
    with sqlite_database.read() as session:
        states = [row.state for row in session.query(Delivery)]
        assert "queued" not in states and "held" not in states and states.count("cancelled") == 3
        assert session.query(BroadcastRecipient).filter_by(state="pending").count() == 0
    assert [deed for _, deed in deeds(sqlite_database)] == [
        "pause_broadcast", "resume_broadcast", "cancel_broadcast"
    ]  # fmt: skip


def test_of_two_who_press_at_once_the_second_sees_how_it_stands(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa, ada = signed_in("rosa"), signed_in("ada")
    key = sent(rosa, sqlite_database)
    press(ada, key, "cancel")
    assert "It has changed meanwhile." in press(rosa, key, "pause")
    assert "It has changed meanwhile." in press(rosa, key, "send")


def test_an_urgent_one_waits_for_a_second_person_of_the_office(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    rosa, ada = signed_in("rosa"), signed_in("ada")
    write(rosa, category="urgent")
    key = newest(sqlite_database).id
    assert "It needs approval by a second person" in rosa.read(f"{ROOM}/{key}")
    told = press(rosa, key, "send")
    assert "It leaves as soon as a second person has approved it." in told and "Approve it" not in told
    assert "This could not be done." in press(rosa, key, "approve")
    waiting = ada.read(f"{ROOM}?tab=approval")
    assert "No school on Friday." in waiting and "waits for an approval" in waiting
    assert "Leaves once it is approved" in waiting
    page = ada.read(f"{ROOM}/{key}")
    assert "Approve it" in page and "1 telephone" in page
    assert "Why it cannot wait for the end of the hours of rest" in page
    assert "This could not be done." in press(ada, key, "approve")
    told = ada.press(f"{ROOM}/{key}/approve", f"{ROOM}/{key}", why="A pipe has burst.")
    assert "Approved. It leaves at its time." in plain(told) and "A pipe has burst." in plain(told)
    found = stored(sqlite_database, key)
    assert found.approved_by not in (None, cast.rosa) and found.approved_at is not None
    page = rosa.read(f"{ROOM}/{key}")
    assert "Ada Chen" in page and "Nothing leaves within the next 30 seconds" in page
    assert "Nothing waits for an approval." in ada.read(f"{ROOM}?tab=approval")


def test_a_large_one_needs_approval_and_the_price_is_shown_where_one_is_set(
    sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    policy = Policy(district="Harbor Unified", approval_above=0, segment_price=Decimal("0.0079"))
    rosa = Browser(make_app(sqlite_database, clock, policy=policy).test_client())
    rosa.sign_in("rosa")
    page = plain(write(rosa))
    assert "It needs approval by a second person" in page and "about $0.01" in page


def test_only_who_wrote_it_sends_it(signed_in: SignIn, sqlite_database: Database) -> None:
    write(signed_in("rosa"))
    key, ada = newest(sqlite_database).id, signed_in("ada")
    assert "Send it now" not in ada.read(f"{ROOM}/{key}")
    assert ada.press(f"{ROOM}/{key}/send", f"{ROOM}/{key}").status_code == 403
    assert "The draft is thrown away." in press(ada, key, "cancel")


def test_a_teacher_sees_and_stops_own_broadcasts_only_and_approves_none(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa, emma = signed_in("rosa"), signed_in("emma")
    theirs, own = sent(rosa, sqlite_database), sent(emma, sqlite_database, text="Bring boots.")
    page = emma.read(ROOM)
    assert "Bring boots." in page and "No school on Friday." not in page and "To approve" not in page
    for address in ("", "/progress", "/recipients"):
        assert emma.client.get(f"{ROOM}/{theirs}{address}").status_code == 404
    for deed in ("send", "pause", "resume", "cancel"):
        assert emma.press(f"{ROOM}/{theirs}/{deed}", ROOM).status_code == 404
    assert emma.press(f"{ROOM}/{own}/approve", ROOM).status_code == 403
    assert stored(sqlite_database, theirs).state == "scheduled"
    assert "Cancelled." in press(emma, own, "cancel")
    assert "Bring boots." in rosa.read(f"{ROOM}?tab=ended")


def test_a_teacher_who_lost_the_class_meanwhile_sends_nothing(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    emma = signed_in("emma")
    write(emma)
    with sqlite_database.write() as session:
        session.query(Enrollment).filter(Enrollment.staff_id.is_not(None)).update({"active": False})
    assert "This could not be done." in press(emma, newest(sqlite_database).id, "send")
    assert newest(sqlite_database).state == "draft"
