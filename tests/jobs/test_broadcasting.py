"""Expansion: in chunks, taken up again wherever it died, never doubled, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.model.dialogue import Say, Verbatim
from bot.model.messages import StatusReport
from bot.outbox.queueing import Mailing, OutgoingSay, Queueing, Reader
from bot.outbox.statuses import apply_status
from bot.school.broadcasts import course
from bot.school.broadcasts.counts import count
from bot.school.broadcasts.rows import chunks
from bot.school.consent import Will, stop
from bot.storage.broadcast_outcomes import Piece, list_outcomes
from bot.storage.broadcasts import Broadcast
from bot.storage.people import Guardianship
from bot.storage.session import Database
from tests import cast
from tests.broadcasts import District, Killed, Mortal
from tests.cast import ANGEL, DANDRE, EMMA, GUADALUPE_R, HODAN, LOPEZ, OLIVIA, SHARED
from tests.conftest import FixedClock
from tests.jobs.stand_ins import SameMoment

EVERYBODY = Counter([ANGEL, HODAN, DANDRE, EMMA, OLIVIA, LOPEZ, SHARED, SHARED])


@pytest.fixture
def district(database: Database, clock: FixedClock, tmp_path: Path) -> District:
    return District(database, clock, tmp_path)


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


@pytest.mark.parametrize("chunk", [1, 3])
def test_where_each_child_has_its_own_text_they_are_told_apart_and_none_is_doubled(
    district: District, chunk: int
) -> None:
    number = district.send("{child} was here.", schools=["sch-3", "sch-1"], one_per="child")
    with pytest.raises(Killed):
        district.clockwork(Mortal(district.database, 6, True), chunk=chunk).advance()
    for _ in range(3):
        district.clockwork(chunk=chunk).advance()
    told = Counter((row.recipient, row.body.split("\n")[-1]) for row in district.deliveries(number))
    assert set(told.values()) == {1}
    assert {body for to, body in told if to == EMMA} == {"Ava was here.", "Jayden was here."}
    assert {body for to, body in told if to == SHARED} == {
        "Mason was here.", "Lucía was here.", "Ángel was here.",
    }  # fmt: skip
    rows = district.deliveries(number)
    assert len({row.dedupe_key for row in rows}) == len(rows)
    district.deliver()
    district.advance()
    assert district.state(number) == "done"


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


@pytest.mark.parametrize("committed", [False, True])
def test_killed_at_any_write_it_goes_on_without_doubling_or_losing(
    district: District, committed: bool
) -> None:
    """Each round dies one write later than the one before, until one gets through."""
    for dies_at in range(1, 40):
        number = district.send()
        mortal = Mortal(district.database, dies_at, committed)
        try:
            district.clockwork(mortal).advance()
        except Killed:
            district.advance()
        assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY, dies_at
        assert len(district.recipients(number)) == 9
        assert district.state(number) == "sending"
        district.deliver()
        district.advance()
        assert district.state(number) == "done"
        if mortal.writes < dies_at:
            break
    assert dies_at > 10, "the chunks were too few to tell"
    assert Counter(record.recipient for record in district.channel.taken) == Counter(
        {line: times * dies_at for line, times in EVERYBODY.items()}
    )


def test_two_processes_at_once_queue_everybody_once(district: District) -> None:
    number = district.send()
    both = SameMoment(district.database, 2)
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(district.clockwork(both).advance) for _ in range(2)]:
            one.result(timeout=60)
    assert len(district.recipients(number)) == 9
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY


def test_lines_are_never_split_between_chunks(district: District) -> None:
    number = district.send()
    with district.database.read() as session:
        found = list(district.clockwork()._households(session, number))
    for size in range(1, 12):
        pieces = list(chunks(found, size))
        assert [one for piece in pieces for one in piece] == list(found)
        for one, other in zip(pieces, pieces[1:], strict=False):
            assert {home.line for home in one}.isdisjoint(home.line for home in other)


def test_who_must_not_be_told_any_more_when_it_is_queued_is_skipped(district: District) -> None:
    number = district.send(schools=["sch-2"])
    with pytest.raises(Killed):  # everybody is a row, nobody is queued
        district.clockwork(Mortal(district.database, 4, True)).advance()
    assert {state for _, _, state, _ in district.recipients(number)} == {"pending", "skipped"}
    with district.database.write() as session:
        hodan = district.people.guardians["grd-00025-1"].id
        session.execute(update(Guardianship).where(Guardianship.guardian_id == hodan).values(active=False))
        stop(session, "sms", ANGEL, Will("ALTO", "es", "message", "family"), district.clock.now())
    district.advance()
    assert district.deliveries(number) == []
    reasons = {line.removeprefix("sms:"): reason for line, _, _, reason in district.recipients(number)}
    assert reasons == {ANGEL: "stopped", HODAN: "changed", GUADALUPE_R: "no_contact"}
    assert district.state(number) == "done"


def test_a_stop_between_queueing_and_sending_suppresses_the_text(district: District) -> None:
    number = district.send(languages=["so"])
    district.advance()
    with district.database.write() as session:
        stop(session, "sms", HODAN, Will("JOOJI", "so", "message", "family"), district.clock.now())
    district.deliver()
    assert [row.state for row in district.deliveries(number)] == ["suppressed"]
    assert district.channel.taken == []


def test_paused_between_chunks_nothing_more_is_queued_until_it_is_resumed(district: District) -> None:
    number = district.send()
    with pytest.raises(Killed):
        district.clockwork(Mortal(district.database, 9, True)).advance()
    queued = len(district.deliveries(number))
    assert 0 < queued < 8
    with district.database.write() as session:
        paused = course.pause(session, number, "operator", district.clock.now())
    assert (paused.pending, paused.deliveries) == (8 - queued, {"held": queued})
    district.advance()
    assert len(district.deliveries(number)) == queued
    with district.database.write() as session:
        course.resume(session, number, "operator", district.clock.now())
    district.advance()
    district.deliver()
    assert Counter(record.recipient for record in district.channel.taken) == EVERYBODY


def test_cancelled_between_chunks_the_counts_add_up(district: District) -> None:
    number = district.send()
    with pytest.raises(Killed):
        district.clockwork(Mortal(district.database, 9, True)).advance()
    with district.database.write() as session:
        ended = course.cancel(session, number, "operator", district.clock.now())
    queued = len(district.deliveries(number))
    assert ended.skipped == {"cancelled": 8 - queued, "no_contact": 1}
    assert (ended.deliveries, ended.recipients, ended.waiting) == ({"cancelled": queued}, 9, 0)
    district.advance()
    assert len(district.deliveries(number)) == queued


def test_routine_texts_wait_for_the_morning_and_urgent_ones_do_not(district: District) -> None:
    district.clock.advance(timedelta(hours=12))  # 21:00 at the schools
    routine = district.send(languages=["so"])
    with district.database.write() as session:
        urgent = district.compose(session, "Fire.", category="urgent", languages=["so"]).id
        course.schedule(session, urgent, district.desk, "operator")
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


def test_one_that_expires_while_it_was_down_skips_the_rest(district: District) -> None:
    number = district.send(expires_at=district.clock.now() + timedelta(hours=1))
    with pytest.raises(Killed):
        district.clockwork(Mortal(district.database, 9, True)).advance()
    district.clock.advance(timedelta(hours=2))
    district.advance()
    district.deliver()
    district.advance()
    with district.database.read() as session:
        found = count(session, session.get_one(Broadcast, number))
    assert found.skipped["expired"] + found.deliveries["expired"] == 8
    assert (district.channel.taken, district.state(number)) == ([], "done")


@dataclass
class Faulty:
    """Queues, but for one line."""

    queueing: Queueing
    line: str
    error: Exception

    def queue_many(self, session: Any, mailing: Mailing, readers: Sequence[Reader]) -> None:
        """As the queueing does, or a fault once the rows are stored."""
        self.queueing.queue_many(session, mailing, readers)
        if any(reader.person.recipient == self.line for reader in readers):
            raise self.error


def test_a_text_that_cannot_be_made_costs_nobody_else_theirs(district: District) -> None:
    number = district.send()
    faulty = Faulty(district.queueing, EMMA, KeyError("Ava +15105550119"))
    with capture_logs() as logged:
        district.clockwork(queueing=faulty).advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY - Counter([EMMA])
    assert (f"sms:{EMMA}", "en", "skipped", "fault") in district.recipients(number)
    assert district.state(number) == "sending"
    assert "Ava" not in str(logged) and EMMA not in str(logged)


def test_a_database_that_is_down_costs_nobody_a_text(district: District) -> None:
    number = district.send()
    faulty = Faulty(district.queueing, EMMA, OperationalError("insert", {}, Exception("server closed")))
    with pytest.raises(OperationalError):
        district.clockwork(queueing=faulty).advance()
    district.advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY


def test_the_result_of_each_recipient_is_told_with_its_reason(district: District) -> None:
    number = district.send(schools=["sch-2"])
    district.advance()
    district.deliver()
    rows = {row.recipient: row for row in district.deliveries(number)}
    with district.database.write() as session:
        report = StatusReport("sms", rows[HODAN].provider_id or "", "undelivered", district.clock.now(),
                              error_code=30006, reason="The number is a landline.")  # fmt: skip
        apply_status(session, report)
    with district.database.read() as session:
        found = {
            o.recipient.line.removeprefix("sms:"): (o.state, o.reason) for o in list_outcomes(session, number)
        }
        first, *_ = list_outcomes(session, number, Piece(limit=1))
        assert len(list_outcomes(session, number, Piece(after=first.recipient.id))) == 2
    assert found == {
        ANGEL: ("sent", None), HODAN: ("undelivered", "The number is a landline."), GUADALUPE_R: ("skipped", "no_contact"),
    }  # fmt: skip


def test_a_later_try_counts_in_place_of_the_first(district: District) -> None:
    number = district.send(languages=["so"])
    district.advance()
    district.deliver()
    (row,) = district.deliveries(number)
    with district.database.write() as session:
        report = StatusReport("sms", row.provider_id or "", "undelivered", district.clock.now(),
                              error_code=30003, resends=2)  # fmt: skip
        apply_status(session, report)
    with district.database.read() as session:
        held = count(session, session.get_one(Broadcast, number))
    assert (held.deliveries, held.recipients) == ({"held": 1}, 1)
    district.clock.advance(timedelta(hours=1))
    district.deliver()
    with district.database.read() as session:
        again = count(session, session.get_one(Broadcast, number))
        (outcome,) = list_outcomes(session, number)
    assert (again.deliveries, again.recipients, outcome.state) == ({"sent": 1}, 1, "sent")
