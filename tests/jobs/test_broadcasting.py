"""A broadcast is expanded: one text a line and language, in its turn, for whom it still may reach."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.model.dialogue import Say, Verbatim
from bot.outbox.queueing import OutgoingSay
from bot.school.broadcasts import course
from bot.school.broadcasts.listing import Listing, chunks
from bot.school.consent import Will, stop
from bot.storage.broadcasts import Broadcast
from tests import cast
from tests.broadcasts import EVERYBODY, District
from tests.cast import ANGEL, GUADALUPE_R, HODAN


def test_each_line_gets_one_text_a_language_and_replies_pass_it(district: District) -> None:
    with district.database.write() as session:
        talk = cast.converse(session, ANGEL, district.clock.now()).id
    number = district.send()
    district.advance()
    rows = district.deliveries(number)
    assert Counter(row.recipient for row in rows) == EVERYBODY
    assert {(row.kind, row.priority, row.state) for row in rows} == {("broadcast", -2, "queued")}
    assert {row.recipient: row.conversation_id for row in rows if row.conversation_id} == {ANGEL: talk}
    assert {row.dedupe_key for row in rows} == {f"broadcast:{number}:{row.contact_id}" for row in rows}
    assert (f"sms:{GUADALUPE_R}", "es", "skipped", "no_contact") in district.recipients(number)
    assert district.sender.due() == []
    assert district.lanes.due()


def test_a_reply_does_not_wait_for_the_text_of_a_broadcast_to_the_same_line(district: District) -> None:
    number = district.send(languages=["so"])
    district.advance()
    say = OutgoingSay(say=Say((Verbatim("Yes."),)), channel="sms", recipient=HODAN, language="so",
                      dedupe_key="turn:1:1", now=district.clock.now())  # fmt: skip
    with district.database.write() as session:
        reply = district.queueing.queue(session, say).delivery.id
    assert district.sender.due() == [reply]
    district.sender.send(reply)
    assert [record.body for record in district.channel.taken] == ["Yes."]
    district.deliver()
    assert [row.state for row in district.deliveries(number)] == ["sent"]


def test_urgent_texts_leave_before_routine_ones(district: District) -> None:
    district.send(languages=["en"])
    district.advance()
    urgent = district.send("Fire.", languages=["so"])
    with district.database.write() as session:
        session.get_one(Broadcast, urgent).category = "urgent"
    district.advance()
    district.deliver()
    (fire,) = district.deliveries(urgent)
    assert district.channel.seen[0].delivery_id == fire.id
    assert len(district.channel.seen) > 1


def test_an_urgent_one_does_not_wait_until_a_large_one_is_listed(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.broadcasting.CHUNKS_AT_ONCE", 1)
    routine, urgent = district.send(), district.send("Fire.", languages=["so"])
    with district.database.write() as session:
        session.get_one(Broadcast, urgent).category = "urgent"
    district.advance()
    (fire,) = district.deliveries(urgent)
    before = [row for row in district.deliveries(routine) if row.id < fire.id]
    assert 0 < len(before) < sum(EVERYBODY.values())
    assert (district.state(routine), district.state(urgent)) == ("sending", "sending")
    assert Counter(row.recipient for row in district.deliveries(routine)) == EVERYBODY


def test_lines_are_never_split_between_chunks(district: District) -> None:
    number = district.send()
    with district.database.read() as session:
        found = [
            home
            for piece in district.clockwork()._pieces(session, Listing(number))
            for home in piece.households
        ]
    for size in range(1, 12):
        pieces = list(chunks(found, size))
        assert [one for piece in pieces for one in piece] == list(found)
        for one, other in zip(pieces, pieces[1:], strict=False):
            assert {home.line for home in one}.isdisjoint(home.line for home in other)


def test_a_stop_between_queueing_and_sending_suppresses_the_text(district: District) -> None:
    number = district.send(languages=["so"])
    district.advance()
    with district.database.write() as session:
        stop(session, "sms", HODAN, Will("JOOJI", "so", "message", "family"), district.clock.now())
    district.deliver()
    assert [row.state for row in district.deliveries(number)] == ["suppressed"]
    assert district.channel.taken == []


def test_routine_texts_wait_for_the_morning_and_urgent_ones_do_not(district: District) -> None:
    district.clock.advance(timedelta(hours=12))  # 21:00 at the schools
    routine = district.send(languages=["so"])
    with district.database.write() as session:
        urgent = district.compose(session, "Fire.", category="urgent", languages=["so"]).id
        district.schedule(session, session.get_one(Broadcast, urgent))
        approver = district.people.staff["staff-1-pr"]
        course.approve(session, urgent, approver, district.desk, "operator", why="There is a fire.")
    district.clock.advance(timedelta(seconds=30))
    district.advance()
    district.deliver()
    assert [row.state for row in district.deliveries(routine)] == ["held"]
    assert [row.state for row in district.deliveries(urgent)] == ["sent"]


def test_what_is_worthless_by_morning_expires_with_its_reason(district: District) -> None:
    district.clock.advance(timedelta(hours=12))
    number = district.send(languages=["so"], expires_at=district.clock.now() + timedelta(hours=2))
    district.advance()
    assert [row.state for row in district.deliveries(number)] == ["expired"]
    assert district.state(number) == "done"
