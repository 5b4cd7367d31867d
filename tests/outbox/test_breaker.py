"""When a carrier account fails as a whole, texts wait; one at a time tries; all leave when it is well again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.errors import CarrierError, Scope
from bot.model.pace import SenderLimits
from bot.outbox.breaker import BETWEEN_PROBES, FAILURES_IN_A_ROW, PROBE_LOST_AFTER
from bot.outbox.carrier_calls import Attempt
from bot.storage.delivery_claims import Lease, claim_waiting
from tests.outbox.conftest import LINH, RULES, Line
from tests.outbox.pools import OURS, account, give_numbers, queue_bulk

LOCKED_OUT = CarrierError("Wrong credentials.", code=20003, permanent=True, scope=Scope.ACCOUNT)
BUSY = CarrierError("Too many.", code=20429, scope=Scope.ACCOUNT)
SILENT = CarrierError("No answer.", ambiguous=True, scope=Scope.ACCOUNT)
BAD_NUMBER = CarrierError("No such number.", code=21211, permanent=True)


@pytest.fixture
def line(any_line: Line) -> Line:
    return give_numbers(any_line, SenderLimits(OURS))


def people(line: Line, count: int) -> list[int]:
    return [line.queue(f"{n}", recipient=f"+1510888{n:04d}") for n in range(count)]


def open_breaker(line: Line) -> int:
    """One text met refused credentials; its id."""
    delivery_id = line.queue("first", recipient="+15108889999")
    line.channel.script = [LOCKED_OUT]
    line.sender.send(delivery_id)
    assert account(line).opened_at == line.clock.now()
    return delivery_id


def retry_at(line: Line) -> None:
    """Let the pause of the open breaker pass."""
    moment = account(line).retry_at
    assert moment is not None
    line.clock.set(max(moment, line.clock.now()))


@pytest.mark.parametrize("error", [BUSY, SILENT])
def test_a_run_of_failures_opens_it_and_then_nothing_is_claimed(line: Line, error: CarrierError) -> None:
    ids = people(line, FAILURES_IN_A_ROW + 5)
    line.channel.script = [error] * FAILURES_IN_A_ROW
    for delivery_id in ids:
        line.sender.send(delivery_id)
    assert len(line.channel.seen) == FAILURES_IN_A_ROW
    waiting = [line.row(i) for i in ids[FAILURES_IN_A_ROW:]]
    assert {(row.state, row.attempts, row.owner) for row in waiting} == {("queued", 0, None)}
    assert line.sender.due() == []
    assert account(line).reason == str(error)


def test_failures_among_many_texts_on_their_way_together_are_no_run(line: Line) -> None:
    ids = people(line, 4 * FAILURES_IN_A_ROW)
    attempts = [attempt for row in ids for attempt in claimed(line, row)]
    outcomes = []
    for number, attempt in enumerate(attempts):
        line.channel.script = [BUSY] if number % 2 else []
        outcomes.append(line.sender.carry(attempt))
        line.sender.settle(attempt, outcomes[-1])
    assert outcomes.count(BUSY) == 2 * FAILURES_IN_A_ROW
    assert account(line).opened_at is None


def claimed(line: Line, delivery_id: int) -> list[Attempt]:
    """The text as it is in hand, not yet carried."""
    lease = line.sender.lease()
    with line.database.write() as session:
        row = claim_waiting(session, delivery_id, lease)
        assert row is not None
        return line.sender.begin(session, [row], lease.now)


def test_a_success_in_between_ends_the_run(line: Line) -> None:
    line.channel.script = [BUSY, BUSY, BUSY, None] * 6
    for delivery_id in people(line, 24):
        line.sender.send(delivery_id)
    assert (account(line).opened_at, account(line).failures) == (None, 0)


def test_refused_credentials_open_it_at_once_and_the_text_waits(line: Line) -> None:
    first = open_breaker(line)
    assert (line.state(first), line.row(first).reason) == ("queued", "Wrong credentials.")


def test_texts_refused_for_themselves_never_open_it(line: Line) -> None:
    ids = people(line, 3 * FAILURES_IN_A_ROW)
    line.channel.script = [BAD_NUMBER] * len(ids)
    for delivery_id in ids:
        line.sender.send(delivery_id)
    assert {line.state(i) for i in ids} == {"failed"}
    assert (account(line).opened_at, account(line).failures) == (None, 0)


def test_one_text_tries_and_its_success_lets_all_others_go(line: Line) -> None:
    first = open_breaker(line)
    others = people(line, 6)
    retry_at(line)
    [probe] = line.sender.due()
    line.sender.send(probe)
    assert account(line).opened_at is None
    line.clock.advance(timedelta(minutes=1))
    line.drain()
    assert {line.state(i) for i in [first, *others]} == {"sent"}
    assert len(line.channel.taken) == 7


def test_while_one_tries_no_other_does_not_even_in_another_process(line: Line) -> None:
    open_breaker(line)
    first, second = people(line, 2)
    retry_at(line)
    other = line.another_sender()

    def meanwhile(*_: object) -> None:
        assert other.send(second) is None and other.due() == []

    line.channel.before_answer = meanwhile
    line.sender.send(first)
    assert [line.state(first), line.state(second)] == ["sent", "queued"]
    assert line.row(second).attempts == 0


def test_failed_tries_come_ever_more_rarely_and_never_end(line: Line) -> None:
    open_breaker(line)
    people(line, 20)
    pauses = []
    for _ in range(12):
        retry_at(line)
        [probe] = line.sender.due()
        line.channel.script = [LOCKED_OUT]
        line.sender.send(probe)
        moment = account(line).retry_at
        assert moment is not None
        pauses.append(moment - line.clock.now())
    assert pauses[0] < timedelta(seconds=5) and pauses[5] > 4 * pauses[0]
    assert all(pause <= BETWEEN_PROBES.longest for pause in pauses)
    assert pauses[-1] >= BETWEEN_PROBES.longest / 2
    assert len(line.channel.seen) == 13


def test_failures_of_texts_that_left_before_it_opened_do_not_prolong_it(line: Line) -> None:
    ids = people(line, FAILURES_IN_A_ROW)
    late = people(line, 3)
    line.channel.script = [SILENT] * (len(ids) + len(late))
    inner = iter(late)

    def more(*_: object) -> None:
        """The last of the run is answered only after others that left before it."""
        if (following := next(inner, None)) is not None:
            line.sender.send(following)

    line.channel.takes_despite_errors = True
    for delivery_id in ids[:-1]:
        line.sender.send(delivery_id)
    line.channel.before_answer = more
    line.sender.send(ids[-1])
    assert account(line).openings == 1


def test_help_in_danger_tries_at_once_and_its_success_closes_it(line: Line) -> None:
    open_breaker(line)
    waiting = line.queue("An answer", recipient=LINH)
    crisis = line.queue("Call 988.", recipient="+15108887777", kind="crisis")
    assert line.sender.due() == [crisis]
    line.sender.send(crisis)
    assert line.state(crisis) == "sent" and account(line).opened_at is None
    assert waiting in line.sender.due()


def test_a_reply_tries_before_a_broadcast_does(line: Line) -> None:
    first = open_breaker(line)
    bulk = queue_bulk(line, 5)
    line.change(first, lambda row: setattr(row, "due_at", line.clock.now() + timedelta(hours=1)))
    assert not line.lanes().due()
    retry_at(line)
    assert not line.lanes().due()
    reply = line.queue("An answer", recipient=LINH)
    assert line.sender.due() == [reply]
    line.clock.advance(timedelta(seconds=2))
    before = len(line.channel.seen)
    line.channel.script = [BUSY]
    line.lanes().run(0)
    assert [message.delivery_id for message in line.channel.seen[before:]] == bulk[:1]


def test_a_try_whose_worker_died_is_made_again_by_another(line: Line) -> None:
    open_breaker(line)
    doomed, heir = people(line, 2)
    retry_at(line)
    now = line.clock.now()
    with line.database.write() as session:
        row = claim_waiting(session, doomed, Lease("dead", now, now + timedelta(minutes=1)))
        assert row is not None and RULES.limits.reserve(session, [row], now).ready
    assert heir not in line.sender.due()
    line.clock.advance(PROBE_LOST_AFTER + timedelta(seconds=1))
    line.sender.send(heir)
    assert line.state(heir) == "sent" and account(line).opened_at is None


def test_a_waiting_text_that_is_worth_nothing_any_more_ends_as_such(line: Line) -> None:
    open_breaker(line)
    stale = line.queue("Now!", recipient=LINH, expires_at=line.clock.now() + timedelta(minutes=1))
    line.sender.send(stale)
    line.clock.advance(timedelta(hours=1))
    line.drain()
    assert line.state(stale) == "expired"
