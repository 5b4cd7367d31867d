"""What a text meets before it leaves: trial mode, and the hours of those who share the telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.model.dialogue import Say, Verbatim
from bot.outbox.gate import STOPPED
from bot.outbox.letters import Reader
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import SLEPT, Mailing, Queueing
from bot.outbox.sending import Sender, SendingRules
from bot.school.consent import Will, stop
from bot.school.policy import Policy
from bot.school.quiet_hours import QuietHours
from bot.school.resting import NEVER_AWAKE
from bot.school.trial import TRIAL, Trial
from bot.storage.conversations import Message
from bot.storage.delivery_batches import Person
from bot.storage.people import Contact, Guardian
from bot.storage.rests import GuardianRest
from tests.outbox.conftest import LINH, OMAR, ZONE, Line, queue_all

NUMBERS = (OMAR,)


@pytest.fixture
def trial(line: Line, tmp_path: Path) -> Line:
    """The same outbox of a district that tries Homeline with Omar's number."""
    book, policy = Phrasebook({}, tmp_path, ZONE), Policy(trial_numbers=NUMBERS)
    line.queueing = Queueing(book, line.jobs, policy, ZONE)
    rules = SendingRules(QuietHours(time(20), time(8), ZONE), trial=Trial(frozenset(NUMBERS)))
    line.sender = Sender(line.database, {"sms": line.channel}, line.clock, "me", rules)
    return line


def sleep(line: Line, address: str, not_before: time | None, not_after: time | None = None) -> None:
    with line.database.write() as session:
        person = Guardian(
            source_id=f"of {address} {not_before}", given_name="Linh", family_name="Tran", language="en"
        )
        session.add(person)
        session.flush()
        session.add(Contact(guardian_id=person.id, channel="sms", address=address, language="en"))
        session.add(GuardianRest(
            guardian_id=person.id, not_before=not_before, not_after=not_after, set_by="rosa", set_at=line.clock.now(),
        ))  # fmt: skip


@pytest.mark.parametrize("kind", ["broadcast", "urgent", "reminder", "staff"])
def test_in_trial_mode_nobody_else_gets_what_he_did_not_ask_for(trial: Line, kind: str) -> None:
    row = trial.row(trial.queue(kind=kind))
    assert (row.state, row.reason) == ("suppressed", TRIAL)
    assert trial.state(trial.queue(kind=kind, recipient=OMAR)) == "queued"
    assert trial.state(trial.queue(kind=kind, recipient=f"whatsapp:{OMAR}")) == "queued"


@pytest.mark.parametrize("kind", ["reply", "consent", "crisis", "alert"])
def test_in_trial_mode_whoever_texts_is_answered(trial: Line, kind: str) -> None:
    assert trial.state(trial.queue(kind=kind)) == "queued"


def test_in_trial_mode_staff_may_answer_who_has_texted(trial: Line) -> None:
    with trial.database.write() as session:
        session.add(Message(
            channel="sms", provider_id="SM1", sender=LINH, recipient=OMAR, body="Hi", received_at=trial.clock.now()
        ))  # fmt: skip
    assert trial.state(trial.queue(kind="staff")) == "queued"
    assert trial.state(trial.queue(kind="broadcast")) == "suppressed"


def test_a_stop_counts_before_trial_mode(trial: Line) -> None:
    with trial.database.write() as session:
        stop(session, "sms", LINH, Will("STOP", "en", "message", "family"), trial.clock.now())
    assert trial.row(trial.queue(kind="broadcast")).reason == STOPPED


def test_what_was_queued_before_the_trial_began_does_not_leave(trial: Line, tmp_path: Path) -> None:
    trial.queueing = Queueing(Phrasebook({}, tmp_path, ZONE), trial.jobs, Policy(), ZONE)
    queued = trial.queue(kind="broadcast")
    assert trial.state(queued) == "queued"
    trial.sender.send(queued)
    assert (trial.row(queued).state, trial.row(queued).reason) == ("suppressed", TRIAL)
    assert trial.row(queued).attempts == 0


def test_a_text_waits_for_the_family_s_own_morning(line: Line) -> None:
    sleep(line, LINH, time(11))
    held = line.row(line.queue(kind="broadcast"))
    assert (held.state, held.due_at) == ("held", line.clock.now() + timedelta(hours=2))
    assert line.state(line.queue(kind="reply", recipient=LINH)) == "queued"
    assert line.state(line.queue(kind="urgent")) == "queued"


def test_a_text_is_looked_at_again_when_the_wish_came_after_it(line: Line) -> None:
    queued = line.queue(kind="reminder")
    sleep(line, LINH, time(11))
    line.sender.send(queued)
    assert line.state(queued) == "held"
    line.clock.advance(timedelta(hours=2))
    line.sender.send(queued)
    assert line.state(queued) == "sent"


def worthless(line: Line) -> int:
    return line.queue(kind="broadcast", expires_at=line.clock.now() + timedelta(hours=1))


def before(line: Line, make: Callable[[Line], int]) -> int:
    sleep(line, LINH, time(11))
    return make(line)


def after(line: Line, make: Callable[[Line], int]) -> int:
    made = make(line)
    sleep(line, LINH, time(11))
    line.sender.send(made)
    return made


@pytest.mark.parametrize("order", [before, after])
def test_a_text_that_is_worth_nothing_by_their_morning_expires_and_says_so(line: Line, order) -> None:  # type: ignore[no-untyped-def]
    row = line.row(order(line, worthless))
    assert (row.state, row.reason) == ("expired", SLEPT)


def test_where_no_hour_is_left_the_text_ends_with_the_reason(line: Line) -> None:
    queued = line.queue(kind="broadcast")
    sleep(line, LINH, time(14))
    sleep(line, LINH, None, time(12))
    line.sender.send(queued)
    assert (line.row(queued).state, line.row(queued).reason) == ("suppressed", NEVER_AWAKE)
    row = line.row(line.queue(kind="broadcast"))
    assert (row.state, row.reason) == ("suppressed", NEVER_AWAKE)


def test_many_texts_at_once_meet_the_same_gate(trial: Line) -> None:
    sleep(trial, OMAR, time(11))
    say, now = Say((Verbatim("Hello."),)), trial.clock.now()
    readers = [Reader(say, "en", Person(f"many:{to}", "sms", to)) for to in (LINH, OMAR)]
    mailing = Mailing(kind="broadcast", now=now, broadcast_id=5, priority=-2)
    queue_all(trial, mailing, readers)
    assert [(row.state, row.reason) for row in trial.rows()] == [("suppressed", TRIAL), ("held", None)]
