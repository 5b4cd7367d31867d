"""When a text fails for good: another number, another guardian, a task; each failure leads to one thing, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.channels.twilio.errors import OUR_FAULTS
from bot.jobs.rescuing import Rescuing
from bot.model.messages import StatusReport
from bot.outbox.statuses import apply_status
from bot.school.broadcasts import course
from bot.school.broadcasts.counts import count
from bot.school.cases import Promise
from bot.school.consent import Will, stop
from bot.storage.broadcast_outcomes import list_outcomes
from bot.storage.broadcasts import Broadcast
from bot.storage.cases import Case, CaseEvent
from bot.storage.people import Contact, Guardian, Guardianship
from tests.broadcasts import ZONE, District
from tests.cast import EMMA, HODAN, OLIVIA

OTHER = "+17875550001"
LANDLINE = 30006


def rescue(district: District) -> None:
    """A tick for failures, and what comes of it leaves."""
    Rescuing(district.clockwork(), Promise(district.policy, ZONE), OUR_FAULTS).rescue()
    district.deliver()
    district.advance()


def sent(district: District, text: str = "School is closed.", **wanted: object) -> int:
    number = district.send(text, **wanted)
    district.advance()
    district.deliver()
    district.advance()
    return number


def fail(
    district: District, number: int, line: str, code: int | None = LANDLINE, *, resends: int = 0
) -> None:
    """The carrier says twice that a text did not arrive."""
    row = [one for one in district.deliveries(number) if one.recipient == line][-1]
    for _ in range(2):
        with district.database.write() as session:
            report = StatusReport(
                "sms", row.provider_id or "", "undelivered", district.clock.now(), error_code=code,
                reason="The number is a landline.", resends=resends,
            )  # fmt: skip
            apply_status(session, report)


def add_number(district: District, guardian: str, address: str, language: str = "en") -> None:
    with district.database.write() as session:
        key = district.people.guardians[guardian].id
        session.add(Contact(guardian_id=key, channel="sms", address=address, language=language))


def results(district: District, number: int) -> dict[str, tuple[str, str | None, str | None]]:
    """State, what was done, and who is texted instead, by number."""
    with district.database.read() as session:
        return {
            one.recipient.line.removeprefix("sms:"): (
                one.state, one.recipient.rescue, one.instead.line.removeprefix("sms:") if one.instead else None
            )
            for one in list_outcomes(session, number)
        }  # fmt: skip


def cases(district: District) -> list[Case]:
    with district.database.read() as session:
        return list(session.scalars(select(Case).order_by(Case.id)))


def test_another_number_of_the_same_person_comes_first_in_its_own_language(district: District) -> None:
    add_number(district, "grd-00025-1", OTHER, "en")
    number = sent(district, "{child} is late.", languages=["so"])
    fail(district, number, HODAN)
    for _ in range(3):
        rescue(district)
    assert results(district, number) == {
        HODAN: ("undelivered", "another_number", OTHER), OTHER: ("sent", None, None)
    }  # fmt: skip
    assert [(one.recipient, one.language) for one in district.deliveries(number)] == [
        (HODAN, "so"),
        (OTHER, "en"),
    ]
    assert district.state(number) == "done" and cases(district) == []


def test_then_somebody_else_who_may_be_told_of_the_same_children(district: District) -> None:
    with district.database.write() as session:
        other = Guardian(source_id="g-2", given_name="Cabdi", family_name="Warsame", language="en")
        session.add(other)
        session.flush()
        child = district.people.students["stu-000038"].id
        session.add(Guardianship(guardian_id=other.id, student_id=child, contact_order=2))
        session.add(Contact(guardian_id=other.id, channel="sms", address=OTHER, language="en"))
    number = sent(district, languages=["so"])
    fail(district, number, HODAN)
    rescue(district)
    assert results(district, number)[HODAN] == ("undelivered", "other_guardian", OTHER)
    fail(district, number, OTHER)
    rescue(district)
    (case,) = cases(district)
    assert case.words == (
        f"Broadcast {number} reached nobody about Ifrah.\n"
        f"Hodan Warsame: {HODAN}\nCabdi Warsame: {OTHER} (The number is a landline.)"
    )


@pytest.mark.parametrize("bar", ["no_contact", "stopped", "no_records"])
def test_nobody_is_told_who_must_not_be(district: District, bar: str) -> None:
    number = sent(district, "{child} has a trip.", languages=["so"])
    with district.database.write() as session:
        other = Guardian(source_id="g-2", given_name="Cabdi", family_name="Warsame", language="en")
        session.add(other)
        session.flush()
        child = district.people.students["stu-000038"].id
        session.add(
            Guardianship(
                guardian_id=other.id, student_id=child, no_contact=bar == "no_contact",
                may_receive_records=bar != "no_records",
            )
        )  # fmt: skip
        session.add(Contact(guardian_id=other.id, channel="sms", address=OTHER, language="en"))
        if bar == "stopped":
            stop(session, "sms", OTHER, Will("STOP", "en", "message", "family"), district.clock.now())
    fail(district, number, HODAN)
    rescue(district)
    assert results(district, number) == {HODAN: ("undelivered", "task", None)}
    assert len(cases(district)) == 1


def test_a_family_that_was_reached_already_costs_nobody_work(district: District) -> None:
    number = sent(district)
    fail(district, number, EMMA)
    rescue(district)
    assert results(district, number)[EMMA] == ("undelivered", "reached", None)
    assert results(district, number)[OLIVIA][0] == "sent"
    assert cases(district) == []


def test_one_task_a_household_with_every_number_and_an_owner_at_the_school(district: District) -> None:
    number = sent(district)
    fail(district, number, EMMA)
    fail(district, number, OLIVIA)
    for _ in range(2):
        rescue(district)
    (case,) = cases(district)
    assert (case.kind, case.broadcast_id, case.status) == ("unreached", number, "open")
    assert case.owner_id == district.people.staff["staff-3-pr"].id and case.due_at > district.clock.now()
    with district.database.read() as session:
        notes = session.scalars(select(CaseEvent.text).where(CaseEvent.kind == "note")).all()
    assert len(notes) == 1 and "landline" in case.words and "landline" in notes[0]
    assert {line for line in (EMMA, OLIVIA) if line in case.words} ^ {
        line for line in (EMMA, OLIVIA) if line in notes[0]
    } == {EMMA, OLIVIA}
    assert {results(district, number)[line][1] for line in (EMMA, OLIVIA)} == {"task"}


def test_nothing_is_done_while_the_same_text_is_tried_again(district: District) -> None:
    number = sent(district, languages=["so"])
    fail(district, number, HODAN, 30003, resends=2)
    rescue(district)
    assert results(district, number) == {HODAN: ("held", None, None)}
    for hours in (1, 5):
        district.clock.advance(timedelta(hours=hours))
        district.deliver()
        fail(district, number, HODAN, 30003, resends=2)
        rescue(district)
    assert results(district, number) == {HODAN: ("undelivered", "task", None)}


def test_it_waits_for_another_number_that_is_still_under_way(district: District) -> None:
    number = district.send()
    district.advance()
    first = next(row.id for row in district.deliveries(number) if row.recipient == EMMA)
    district.sender.send(first)
    fail(district, number, EMMA)
    with district.database.write() as session:
        session.execute(update(Broadcast).values(state="sending"))
    Rescuing(district.clockwork(), Promise(district.policy, ZONE), OUR_FAULTS).rescue()
    assert results(district, number)[EMMA] == ("undelivered", None, None)
    rescue(district)
    rescue(district)
    assert results(district, number)[EMMA] == ("undelivered", "reached", None)


@pytest.mark.parametrize("code", [30034, 30007, 30002])
def test_a_fault_of_ours_is_no_reason_to_text_others(district: District, code: int) -> None:
    add_number(district, "grd-00025-1", OTHER, "en")
    number = sent(district, languages=["so"])
    fail(district, number, HODAN, code)
    rescue(district)
    assert results(district, number) == {HODAN: ("undelivered", "none", None)}


def test_not_where_its_author_wants_none_and_not_once_it_is_worth_nothing(district: District) -> None:
    silent = sent(district, languages=["so"], fallback=False)
    fail(district, silent, HODAN)
    late = sent(district, languages=["so"], expires_at=district.clock.now() + timedelta(hours=1))
    fail(district, late, HODAN)
    district.clock.advance(timedelta(hours=2))
    cancelled = sent(district, languages=["so"])
    fail(district, cancelled, HODAN)
    with district.database.write() as session:
        session.execute(update(Broadcast).where(Broadcast.id == cancelled).values(state="sending"))
        course.cancel(session, cancelled, "operator", district.clock.now())
    rescue(district)
    assert cases(district) == []
    with district.database.write() as session:
        assert district.compose(session, "Fire.", category="urgent", fallback=False).fallback


def test_counts_stay_exact(district: District) -> None:
    add_number(district, "grd-00025-1", OTHER, "en")
    number = sent(district, languages=["so"])
    fail(district, number, HODAN)
    rescue(district)
    with district.database.read() as session:
        found = count(session, session.get_one(Broadcast, number))
    assert (found.recipients, found.deliveries, found.waiting) == (2, {"undelivered": 1, "sent": 1}, 0)


def test_where_each_child_has_a_text_of_its_own_the_other_number_gets_the_one_that_failed(
    district: District,
) -> None:
    add_number(district, "grd-00005-1", OTHER, "es")
    number = sent(district, "{child} is late.", languages=["en"], schools=["sch-3"], one_per="child")
    first, second = (one for one in district.deliveries(number) if one.recipient == EMMA)
    fail(district, number, EMMA)  # the later of the two
    rescue(district)
    rescue(district)
    (instead,) = (one for one in district.deliveries(number) if one.recipient == OTHER)
    assert "Jayden" in second.body and "Jayden" in instead.body and "Ava" not in instead.body
    assert first.state == "sent" and cases(district) == []
