"""Handing words to people: cases, crisis, notes to staff, news of one's own cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model.dialogue import Phrase, Verbatim
from bot.storage.cases import Case, CaseEvent
from bot.storage.people import StaffMember
from bot.storage.session import Database
from tests import cast
from tests.actions.rig import phrases, rig
from tests.conftest import FixedClock


def _value(receipt, name: str):  # type: ignore[no-untyped-def]
    value = receipt.say[0].texts[0].values[name]
    return value.text if isinstance(value, Verbatim) else value


def test_the_family_learns_owner_due_time_and_reference(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        receipt = on.run("open_case", case_kind="concern", concern="A mi hija la molestan en el recreo")
        case = session.query(Case).one()
        assert _value(receipt, "owner") == "Sam Rivera"
        assert _value(receipt, "reference") == case.reference
        assert _value(receipt, "due_at") == case.due_at
        assert case.words == "A mi hija la molestan en el recreo"


def test_a_child_of_another_family_is_never_put_on_a_case(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.EMMA)
        on.run("open_case", case_kind="concern", concern="…", about_child=on.people.students["stu-000008"].id)
        assert session.query(Case).one().student_id is None


def test_where_nobody_owns_it_the_office_is_named(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.DANDRE)
        session.query(StaffMember).update({"active": False})
        session.flush()
        assert phrases(on.run("open_case", case_kind="question", question="?")) == [
            "utter_case_question_office"
        ]


def test_a_case_without_a_kind_is_a_request_for_a_person(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.DANDRE)
        on.run("open_case", "help me please")
        case = session.query(Case).one()
        assert (case.kind, case.words) == ("person", "help me please")


def test_an_answered_case_waits_again_when_more_is_said(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.DANDRE)
        on.run("open_case", case_kind="concern", concern="one")
        session.query(Case).one().status = "answered"
        clock.advance(timedelta(minutes=5))
        assert phrases(on.run("open_case", case_kind="concern", concern="two")) == ["utter_case_added"]
        assert session.query(Case).one().status == "open"


def test_the_alert_names_neither_child_nor_family_nor_words(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        receipt = on.run("raise_crisis", "mi hija Sofía se quiere matar")
        notice = receipt.notices[0]
        case = session.query(Case).one()
        assert notice.recipient == "+15105550199"
        assert notice.say.texts == (Phrase("utter_alert_on_call", {"reference": Verbatim(case.reference)}),)
        assert notice.case_id == case.id
        assert case.urgent
        assert case.words == "mi hija Sofía se quiere matar"


def test_the_fixed_text_leaves_even_after_a_stop(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.STRANGER)
        assert on.run("raise_crisis", "he has a gun").say[0].kind == "crisis"


def test_more_words_of_danger_alert_again_until_somebody_has_seen_it(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.run("raise_crisis", "one")
        assert len(on.run("raise_crisis", "two").notices) == 1
        session.query(Case).one().acknowledged_at = clock.now()
        assert on.run("raise_crisis", "three").notices == ()
        assert session.query(CaseEvent).filter_by(kind="message").count() == 2


def test_without_anybody_on_call_the_case_stands_all_the_same(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.policy = replace(on.policy, on_call=())
        assert on.run("raise_crisis", "words").notices == ()
        assert session.query(Case).one().kind == "crisis"


def test_what_is_written_on_a_line_without_a_case_gets_one_owner(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        assert on.run("note_for_staff", "hola").say == ()
        assert on.run("note_for_staff", "¿están ahí?").say == ()
        case = session.query(Case).one()
        assert case.owner_id is not None
        assert [e.kind for e in session.query(CaseEvent).order_by(CaseEvent.id)] == ["opened", "message"]


def test_the_bot_takes_a_line_back_even_where_no_case_is_left(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.line.with_staff = True
        on.run("return_to_bot")
        assert not on.line.with_staff


def test_a_reference_tells_its_owner_how_the_case_stands(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.run("open_case", case_kind="concern", concern="…")
        case = session.query(Case).one()
        for status in ("open", "answered", "closed"):
            case.status = status
            session.flush()
            names = phrases(on.run("case_status", f"what about {case.reference}?"))
            assert names == [f"utter_case_is_{status}" + ("_owner" if status == "open" else "")]


def test_of_other_peoples_cases_not_even_the_existence_is_told(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.run("open_case", case_kind="concern", concern="…")
        reference = session.query(Case).one().reference
        for phone in (cast.HODAN, cast.STRANGER, cast.SHARED):
            on.line = cast.converse(session, phone, clock.now())
            assert phrases(on.run("case_status", reference)) == ["utter_no_open_case"]


def test_a_strangers_own_case_is_found_on_the_strangers_own_line(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.STRANGER)
        on.run("open_case", case_kind="question", question="…")
        reference = session.query(Case).one().reference
        assert phrases(on.run("case_status", reference)) == ["utter_case_is_open_office"]
