"""Words that must not be lost, who answers for a complaint, and what says enough."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.school.case_notes import WRONG_NUMBER, Word, add_to_last_case, keep_last_words
from bot.school.case_owners import choose_owner
from bot.school.case_words import says_enough
from bot.school.cases import CaseRequest, Promise, open_case
from bot.school.languages import named_language, refused_languages
from bot.storage.cases import CaseEvent
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock
from tests.flows.stage import POLICY, ZONE

PROMISE = Promise(POLICY, ZONE)


def test_what_is_written_soon_after_belongs_to_the_case_and_later_does_not(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast.populate(session)
        line = cast.converse(session, cast.DANDRE, clock.now())
        case = open_case(session, CaseRequest("concern", "He was pushed.", line), PROMISE, clock.now())
        turn = cast.say(session, line, "on Tuesday", clock.now())
        assert add_to_last_case(session, Word(line, turn, None, clock.now() + timedelta(minutes=14))) is case
        assert add_to_last_case(session, Word(line, turn, None, clock.now() + timedelta(minutes=16))) is None


def test_a_wrong_number_is_noted_for_the_office_and_a_bare_stop_is_not(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast.populate(session)
        line = cast.converse(session, cast.DANDRE, clock.now())
        stop = cast.say(session, line, "STOP", clock.now())
        assert keep_last_words(session, Word(line, stop, None, clock.now()), PROMISE) is None
        turn = cast.say(session, line, "número equivocado", clock.now())
        case = keep_last_words(session, Word(line, turn, None, clock.now()), PROMISE)
        session.flush()
        assert case is not None and case.kind == "person"
        assert session.query(CaseEvent).filter_by(case_id=case.id, kind="note").one().text == WRONG_NUMBER


@pytest.mark.parametrize(
    "words", ["The principal shouted at him.", "Ms. Nguyen shouted at him.", "el director le gritó"]
)
def test_no_principal_owns_a_complaint_about_the_principal(database: Database, words: str) -> None:
    with database.write() as session:
        child = cast.populate(session).students["stu-000002"]
        about = choose_owner(session, "complaint", child, words)
        other = choose_owner(session, "complaint", child, "The bus is always late.")
        assert about is not None and about.role == "districtAdministrator"
        assert other is not None and other.role == "principal"


@pytest.mark.parametrize(
    ("text", "kind", "enough"),
    [
        ("i want to file a complaint", "complaint", False), ("quiero poner una queja formal por favor", "complaint", False),
        ("tôi muốn gửi một đơn khiếu nại", "complaint", False), ("أريد تقديم شكوى رسمية من فضلك الآن", "complaint", False),
        ("I would like to volunteer at the school", "volunteer", False), ("he is sick", "absence", True),
        ("the bus driver shouts at all the children", "complaint", True), ("i have a concern", "", False),
    ],
)  # fmt: skip
def test_a_bare_request_says_too_little(text: str, kind: str, enough: bool) -> None:
    assert says_enough(text, kind) is enough


@pytest.mark.parametrize(
    ("text", "wanted", "refused"),
    [
        ("I don't speak English", None, {"en"}), ("no hablo muy bien inglés", None, {"en"}), ("tôi không nói tiếng Anh", None, {"en"}),
        ("لا أتكلم الإنجليزية", None, {"en"}), ("English please, not Spanish", "en", {"es"}), ("No, Spanish please", "es", set()),
        ("not Spanish English please", "en", {"es"}), ("我不会说英语", None, {"en"}), ("in Spanish please", "es", set()),
    ],
)  # fmt: skip
def test_a_language_that_is_refused_is_not_asked_for(
    text: str, wanted: str | None, refused: set[str]
) -> None:
    assert (named_language(text), set(refused_languages(text))) == (wanted, refused)
