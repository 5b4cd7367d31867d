"""Expansion goes in chunks and is taken up again wherever it died or was stopped: never doubled, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.school.broadcasts import course
from bot.school.broadcasts.counts import Counts, count
from bot.school.broadcasts.listing import Listing
from bot.school.consent import Will, stop
from bot.storage.broadcasts import Broadcast
from bot.storage.people import Guardianship
from tests.broadcasts import EVERYBODY, District, Interrupted, Killed, mortal
from tests.cast import ANGEL, EMMA, GUADALUPE_R, HODAN, SHARED
from tests.jobs.stand_ins import SameMoment


@pytest.mark.parametrize("committed", [False, True])
def test_killed_at_any_write_it_goes_on_without_doubling_or_losing(
    district: District, committed: bool
) -> None:
    """Each round dies one write later than the one before, until one gets through."""
    for dies_at in range(1, 40):
        number = district.send()
        dying = mortal(district.database, dies_at, committed=committed)
        try:
            district.clockwork(dying, chunk=1).advance()
        except Killed:
            district.advance()
        assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY, dies_at
        assert len(district.recipients(number)) == 9
        assert district.state(number) == "sending"
        district.deliver()
        district.advance()
        assert district.state(number) == "done"
        if dying.writes < dies_at:
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
        district.clockwork(mortal(district.database, 6), chunk=chunk).advance()
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
        found = [
            home
            for piece in district.clockwork()._pieces(session, Listing(number))
            for home in piece.households
        ]
    district.advance()
    with district.database.write() as session:
        again = session.get_one(Broadcast, number)
        again.state, again.resolved = "expanding", False
    for listing in (Listing(number), Listing(number)):
        for part in (found[:3], found[3:]):
            with district.database.write() as session:
                broadcast = listing.open(session)
                assert broadcast is not None
                assert not listing.goes_straight(broadcast, district.clock.now())
                listing.add(session, broadcast, part, district.clock.now())
    assert len(district.recipients(number)) == 9


def test_texts_that_cannot_be_stored_at_once_are_not_written(district: District) -> None:
    number = district.send()
    listing = Listing(number)
    with district.database.read() as session:
        pieces = district.clockwork(chunk=1)._pieces(session, listing)
        assert next(pieces).texts is not None
        listing.alone = False  # somebody else makes rows, or did
        others = list(pieces)
        assert others and all(piece.households and piece.texts is None for piece in others)


def test_who_must_not_be_told_any_more_when_it_is_queued_is_skipped(district: District) -> None:
    number = district.send(schools=["sch-2"])
    stopped(district, number, after=1, how=course.pause)  # everybody is a row, nobody is queued
    assert {state for _, _, state, _ in district.recipients(number)} == {"pending", "skipped"}
    with district.database.write() as session:
        hodan = district.people.guardians["grd-00025-1"].id
        session.execute(update(Guardianship).where(Guardianship.guardian_id == hodan).values(active=False))
        stop(session, "sms", ANGEL, Will("ALTO", "es", "message", "family"), district.clock.now())
        course.resume(session, number, "operator", district.clock.now())
    district.advance()
    assert district.deliveries(number) == []
    reasons = {line.removeprefix("sms:"): reason for line, _, _, reason in district.recipients(number)}
    assert reasons == {ANGEL: "stopped", HODAN: "changed", GUADALUPE_R: "no_contact"}
    assert district.state(number) == "done"


def stopped(district: District, number: int, *, after: int, how: Callable[..., Counts]) -> Counts:
    """Stop a broadcast after so many writes of its expansion, let that go on, and count."""

    def now() -> None:
        with district.database.write() as session:
            how(session, number, "operator", district.clock.now())

    district.clockwork(Interrupted(district.database, after, now)).advance()
    return counted(district, number)


def counted(district: District, number: int) -> Counts:
    """How a broadcast stands."""
    with district.database.read() as session:
        return count(session, session.get_one(Broadcast, number))


@pytest.mark.parametrize("after", range(1, 8))
def test_paused_at_any_moment_the_counts_are_exact_and_nothing_more_is_queued(
    district: District, after: int
) -> None:
    number = district.send()
    paused = stopped(district, number, after=after, how=course.pause)
    queued = len(district.deliveries(number))
    assert (paused.pending, sum(paused.deliveries.values())) == (8 - queued, queued)
    assert (paused.recipients, paused.complete, set(paused.deliveries) <= {"held"}) == (9, True, True)
    district.advance()
    district.deliver()
    assert (len(district.deliveries(number)), district.channel.taken) == (queued, [])
    with district.database.write() as session:
        course.resume(session, number, "operator", district.clock.now())
    district.advance()
    district.deliver()
    assert Counter(record.recipient for record in district.channel.taken) == EVERYBODY


@pytest.mark.parametrize("after", range(1, 8))
def test_cancelled_at_any_moment_the_counts_are_exact(district: District, after: int) -> None:
    number = district.send()
    ended = stopped(district, number, after=after, how=course.cancel)
    queued = len(district.deliveries(number))
    assert ended.skipped == +Counter(cancelled=8 - queued, no_contact=1)
    assert (ended.deliveries, ended.recipients, ended.waiting) == (+Counter(cancelled=queued), 9, 0)
    district.advance()
    assert (len(district.deliveries(number)), district.state(number)) == (queued, "cancelled")


def test_some_are_queued_and_some_are_not_when_it_is_stopped_in_between(district: District) -> None:
    found = []
    for after in range(1, 8):
        number = district.send()
        stopped(district, number, after=after, how=course.cancel)
        found.append(len(district.deliveries(number)))
    assert found[0] == 0 and found[-1] == 8 and len(set(found)) > 3, found


@pytest.mark.parametrize("how", [course.pause, course.cancel])
def test_one_that_died_while_it_was_listed_and_was_stopped_then_is_listed_to_its_end(
    district: District, how: Callable[..., Counts]
) -> None:
    number = district.send()
    with pytest.raises(Killed):
        district.clockwork(mortal(district.database, 4)).advance()
    with district.database.write() as session:
        soon = how(session, number, "operator", district.clock.now())
    assert (soon.complete, soon.recipients < 9) == (False, True)
    district.advance()
    found = counted(district, number)
    assert (found.complete, found.recipients) == (True, 9)
    assert found.deliveries == soon.deliveries


def test_a_clock_that_is_to_stop_leaves_a_large_broadcast_to_the_next_one(district: District) -> None:
    number = district.send()
    clock = district.clockwork()
    leaving = replace(clock, database=Interrupted(district.database, 3, clock.stopping.set))
    leaving.advance()
    assert 0 < len(district.deliveries(number)) < sum(EVERYBODY.values())
    assert district.state(number) == "expanding"
    leaving.advance()
    district.advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY
    assert district.state(number) == "sending"


@pytest.mark.parametrize("how", [course.pause, course.cancel])
def test_one_that_was_stopped_before_its_time_is_never_listed(
    district: District, how: Callable[..., Counts]
) -> None:
    number = district.send()
    with district.database.write() as session:
        how(session, number, "operator", district.clock.now())
    district.advance()
    assert district.recipients(number) == []


def test_one_that_expires_while_it_was_down_skips_the_rest(district: District) -> None:
    number = district.send(expires_at=district.clock.now() + timedelta(hours=1))
    with pytest.raises(Killed):
        district.clockwork(mortal(district.database, 4)).advance()
    district.clock.advance(timedelta(hours=2))
    district.advance()
    district.deliver()
    district.advance()
    found = counted(district, number)
    assert found.skipped["expired"] + found.deliveries["expired"] == 8
    assert (district.channel.taken, district.state(number)) == ([], "done")
