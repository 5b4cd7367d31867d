"""Twilio's error numbers: every one of the facts sheet is known, and unknown ones are never retried."""

from __future__ import annotations

import pytest

from bot.channels.twilio.errors import ERRORS, Fault, explain, refusal
from bot.model.errors import Scope

CLASSES = {
    Fault.CONFIG: (20003, 20404, 21212, 21408, 21606, 21703, 21608, 30002, 30032, 30034),
    Fault.TRANSIENT: (20429, 21611, 30001, 30003, 30008, 30022, 30027, 30410, 63018),
    Fault.PERMANENT: (
        21211, 21610, 21612, 21614, 21635, 30006, 21617, 21619, 30004, 30005, 30007, 30485,
        35115, 35117, 35118, 63003, 63014, 63016,
    ),
    Fault.EXPIRED: (30036,),
}  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "code"), [(fault, code) for fault, codes in CLASSES.items() for code in codes]
)
def test_a_known_number_has_its_class(fault: Fault, code: int) -> None:
    assert explain(code).fault is fault


def test_no_number_stands_in_the_table_without_a_class_here() -> None:
    assert set(ERRORS) == {code for codes in CLASSES.values() for code in codes}


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_staff_get_sentences_not_numbers(code: int) -> None:
    reason = ERRORS[code].reason
    assert reason.endswith(".") and reason[0].isupper() and str(code) not in reason


def test_only_a_stop_counts_as_a_stop() -> None:
    assert [code for code, known in ERRORS.items() if known.opted_out] == [21610]


def test_an_unknown_number_is_final() -> None:
    error = refusal(99999, 400)
    assert (error.permanent, error.ambiguous, error.code) == (True, False, 99999)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (429, Fault.TRANSIENT),
        (401, Fault.CONFIG),
        (403, Fault.CONFIG),
        (400, Fault.PERMANENT),
        (408, Fault.AMBIGUOUS),
        (500, Fault.AMBIGUOUS),
    ],
)
def test_without_a_number_the_http_status_decides(status: int, fault: Fault) -> None:
    assert explain(status, status).fault is fault
    assert refusal(status, status).code is None


def test_a_5xx_is_unclear_even_with_a_number_that_is_known() -> None:
    assert explain(21211, 503).fault is Fault.AMBIGUOUS


def test_what_a_number_says_of_our_sender_or_account_is_the_same_at_once_and_late() -> None:
    scopes = {code: known.scope for code, known in ERRORS.items() if known.scope is not Scope.MESSAGE}
    at_account = {code for code, scope in scopes.items() if scope is Scope.ACCOUNT}
    assert at_account == {20003, 20404, 20429, 30002}
    assert set(scopes) - at_account == {21212, 21606, 21611, 21703, 30001, 30022, 30032, 30034}


def test_another_number_of_ours_helps_only_where_there_is_no_way_from_this_one() -> None:
    assert [code for code in ERRORS if refusal(code, 400).other_sender] == [21612]


def test_a_daily_limit_is_over_the_next_day() -> None:
    assert [code for code, known in ERRORS.items() if known.next_day] == [30027]
