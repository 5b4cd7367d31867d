"""Expansion goes in chunks and is taken up again wherever it died or was stopped: never doubled, never lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.school.broadcasts import course
from bot.school.broadcasts.counts import count
from bot.school.broadcasts.rows import Listing
from bot.school.consent import Will, stop
from bot.storage.broadcasts import Broadcast
from bot.storage.people import Guardianship
from tests.broadcasts import EVERYBODY, District, Killed, Mortal
from tests.cast import ANGEL, EMMA, GUADALUPE_R, HODAN, SHARED
from tests.jobs.stand_ins import SameMoment


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


def test_two_processes_at_once_queue_everybody_once(district: District) -> None:
    number = district.send()
    both = SameMoment(district.database, 2)
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(district.clockwork(both).advance) for _ in range(2)]:
            one.result(timeout=60)
    assert len(district.recipients(number)) == 9
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY


def test_one_that_comes_late_makes_nobody_a_row_again(district: District) -> None:
    number = district.send()
    with district.database.read() as session:
        found = list(district.clockwork()._households(session, number))
    district.advance()
    with district.database.write() as session:
        session.get_one(Broadcast, number).state = "expanding"
    for listing in (Listing(number), Listing(number)):
        with district.database.write() as session:
            assert listing.add(session, found[:3])
            assert listing.add(session, found[3:])
    assert len(district.recipients(number)) == 9


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
