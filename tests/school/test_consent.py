"""STOP is honoured at once and for good; what was said last holds."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.school.consent import Will, is_barred, is_stopped, start, stop
from bot.storage.consents import ConsentEvent
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock

PARAR = Will("PARAR", "es", "message", "family")


def _delivery(session: Session, clock: FixedClock, key: str, **fields: object) -> Delivery:
    values = {"kind": "reply", "state": "queued", "recipient": cast.ANGEL, "channel": "sms"} | fields
    row = Delivery(
        dedupe_key=key, language="es", body="…", due_at=clock.now(), created_at=clock.now(), **values
    )
    session.add(row)
    session.flush()
    return row


def test_a_line_that_never_said_anything_is_not_stopped(database: Database) -> None:
    with database.read() as session:
        assert not is_stopped(session, "sms", cast.ANGEL)


def test_what_was_said_last_holds(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        start(session, "sms", cast.ANGEL, Will("on file", "es", "roster", "roster"), clock.now())
        stop(session, "sms", cast.ANGEL, PARAR, clock.now())
        assert is_stopped(session, "sms", cast.ANGEL)
        start(session, "sms", cast.ANGEL, Will("START", "es", "message", "family"), clock.now())
        assert not is_stopped(session, "sms", cast.ANGEL)
        assert session.query(ConsentEvent).count() == 3


def test_a_stop_holds_for_that_address_on_that_channel_only(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        stop(session, "sms", cast.ANGEL, PARAR, clock.now())
        assert not is_stopped(session, "whatsapp", cast.ANGEL)
        assert not is_stopped(session, "sms", cast.HODAN)


def test_the_ledger_keeps_the_words_the_source_and_the_moment(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        event = stop(session, "sms", cast.ANGEL, PARAR, clock.now())
        kept = session.get_one(ConsentEvent, event.id)
        assert (kept.wording, kept.language, kept.source, kept.actor) == ("PARAR", "es", "message", "family")
        assert kept.at == clock.now()


def test_what_waits_to_be_sent_to_the_line_is_suppressed_at_a_stop(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        queued = _delivery(session, clock, "a")
        held = _delivery(session, clock, "b", state="held", kind="reminder")
        leaving = _delivery(session, clock, "c", state="sending")
        other = _delivery(session, clock, "d", recipient=cast.HODAN)
        clock.advance(timedelta(seconds=1))
        stop(session, "sms", cast.ANGEL, PARAR, clock.now())
        for row in (queued, held, leaving, other):
            session.refresh(row)
        assert [row.state for row in (queued, held, leaving, other)] == [
            "suppressed",
            "suppressed",
            "sending",
            "queued",
        ]
        assert queued.finished_at == clock.now()


def test_the_confirmation_and_help_in_danger_still_leave_after_a_stop(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        rows = [_delivery(session, clock, kind, kind=kind) for kind in ("consent", "crisis", "alert")]
        stop(session, "sms", cast.ANGEL, PARAR, clock.now())
        for row in rows:
            session.refresh(row)
        assert {row.state for row in rows} == {"queued"}


def test_a_family_revoked_in_the_file_gets_answers_but_nothing_unasked(
    database: Database, clock: FixedClock
) -> None:
    will = Will(wording="no", language="en", source="roster", actor="roster")
    with database.write() as session:
        stop(session, "sms", "+15105550178", will, clock.now())
        assert is_barred(session, "sms", "+15105550178", "reminder")
        assert is_barred(session, "sms", "+15105550178", "staff")
        assert not is_barred(session, "sms", "+15105550178", "reply")


def test_after_its_own_stop_a_family_gets_only_consent_and_crisis_texts(
    database: Database, clock: FixedClock
) -> None:
    will = Will(wording="STOP", language="en", source="message", actor="family")
    with database.write() as session:
        stop(session, "sms", "+15105550178", will, clock.now())
        barred = [
            k
            for k in ("reply", "staff", "reminder", "consent", "crisis")
            if is_barred(session, "sms", "+15105550178", k)
        ]
    assert barred == ["reply", "staff", "reminder"]
