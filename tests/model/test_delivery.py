"""The rule by which a delivery's state changes: by rank, never backwards, whatever comes in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from bot.model.delivery import FINAL_STATES, OPEN_STATES, RANK, DeliveryState, advance

STATES = st.sampled_from(list(DeliveryState))
REPORTS = st.lists(STATES, max_size=12)


def after(start: DeliveryState, reports: Sequence[DeliveryState]) -> DeliveryState:
    return reduce(advance, reports, start)


@given(current=STATES, reported=STATES)
def test_no_report_lowers_the_rank(current: DeliveryState, reported: DeliveryState) -> None:
    assert RANK[advance(current, reported)] >= RANK[current]


@given(start=STATES, reports=REPORTS, data=st.data())
def test_the_rank_in_the_end_depends_on_no_order_and_no_repeat(
    start: DeliveryState, reports: list[DeliveryState], data: st.DataObject
) -> None:
    doubled = reports + data.draw(st.lists(st.sampled_from(reports), max_size=6)) if reports else []
    shuffled = data.draw(st.permutations(doubled))
    assert RANK[after(start, shuffled)] == RANK[after(start, reports)]
    assert RANK[after(start, shuffled)] == max(RANK[state] for state in [start, *reports])


@given(start=STATES, reports=REPORTS, data=st.data())
def test_of_states_of_one_rank_the_first_stays(
    start: DeliveryState, reports: list[DeliveryState], data: st.DataObject
) -> None:
    ended = after(start, reports)
    equal = [state for state in DeliveryState if RANK[state] == RANK[ended]]
    assert after(ended, data.draw(st.lists(st.sampled_from(equal), max_size=4))) is ended


@given(reports=REPORTS)
def test_what_was_delivered_stays_delivered(reports: list[DeliveryState]) -> None:
    assert after(DeliveryState.DELIVERED, reports) is DeliveryState.DELIVERED


def test_every_state_has_a_rank_and_is_open_final_or_sent() -> None:
    assert set(RANK) == set(DeliveryState)
    assert not OPEN_STATES & FINAL_STATES
    assert set(DeliveryState) == OPEN_STATES | FINAL_STATES | {DeliveryState.SENT}


def test_an_end_outranks_everything_on_the_way() -> None:
    on_the_way = max(RANK[state] for state in [*OPEN_STATES, DeliveryState.SENT])
    ends = FINAL_STATES - {DeliveryState.UNRESOLVED}
    assert all(RANK[state] > on_the_way for state in ends)
    assert RANK[DeliveryState.UNRESOLVED] < RANK[DeliveryState.SENT]
