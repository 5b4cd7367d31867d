"""Slots: no more leaves than the rate allows, and replies never wait for broadcasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.pace import BULK_SHARE, Pace, SenderLimits, Urgency, read_senders

START = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
TINY = timedelta(microseconds=100)

TEXTS = st.lists(
    st.tuples(
        st.sampled_from([Urgency.PROMPT, Urgency.BULK, Urgency.BULK]),
        st.integers(1, 10),
        st.floats(0, 5),
    ),
    max_size=60,
)
RATES = st.floats(0.5, 225)


def fresh(rate: float) -> Pace:
    return Pace(rate, START, START, START)


def run(
    rate: float, texts: list[tuple[Urgency, int, float]]
) -> list[tuple[Urgency, int, datetime, datetime]]:
    """Reserve one text after another: urgency, segments, when it was asked, its slot."""
    pace, now, found = fresh(rate), START, []
    for urgency, segments, pause in texts:
        now += timedelta(seconds=pause)
        found.append((urgency, segments, now, pace.slot(urgency, now)))
        pace = pace.take(urgency, segments, now)
    return found


@given(RATES, TEXTS)
def test_no_slot_lies_in_the_past_and_slots_of_a_kind_keep_their_order(
    rate: float, texts: list[tuple[Urgency, int, float]]
) -> None:
    found = run(rate, texts)
    assert all(slot >= asked for _, _, asked, slot in found)
    for kind in (Urgency.PROMPT, Urgency.BULK):
        slots = [slot for urgency, _, _, slot in found if urgency is kind]
        assert all(before <= after for before, after in pairwise(slots))


@given(RATES, TEXTS)
def test_bulk_keeps_to_its_share_of_the_rate(rate: float, texts: list[tuple[Urgency, int, float]]) -> None:
    bulk = [(segments, slot) for urgency, segments, _, slot in run(rate, texts) if urgency is Urgency.BULK]
    for (segments, slot), (_, following) in pairwise(bulk):
        assert following - slot >= timedelta(seconds=segments / (rate * BULK_SHARE)) - TINY


@given(RATES, TEXTS)
def test_bulk_leaves_only_when_all_before_it_has_left_at_the_rate(
    rate: float, texts: list[tuple[Urgency, int, float]]
) -> None:
    free = START
    for urgency, segments, asked, slot in run(rate, texts):
        if urgency is Urgency.BULK:
            assert slot >= free - TINY
        free = max(free, asked) + timedelta(seconds=segments / rate)


@given(RATES, st.lists(st.integers(1, 10), max_size=50), st.integers(1, 10))
def test_a_reply_does_not_wait_for_any_amount_of_bulk(rate: float, bulk: list[int], segments: int) -> None:
    pace = fresh(rate)
    for size in bulk:
        pace = pace.take(Urgency.BULK, size, START)
    assert pace.slot(Urgency.PROMPT, START) == START
    assert pace.take(Urgency.PROMPT, segments, START).slot(Urgency.PROMPT, START) > START


@given(RATES, st.floats(0, 3), st.integers(0, 300))
def test_the_room_for_bulk_is_what_finds_a_slot(rate: float, ahead: float, taken: int) -> None:
    pace, until = fresh(rate), START + timedelta(seconds=ahead)
    for _ in range(taken):
        pace = pace.take(Urgency.BULK, 1, START)
    room = pace.bulk_segments(START, until)
    for _ in range(min(room, 1000)):
        assert pace.slot(Urgency.BULK, START) <= until + TINY * room
        pace = pace.take(Urgency.BULK, 1, START)
    if room < 1000:
        assert pace.slot(Urgency.BULK, START) >= until - TINY


def test_help_in_danger_has_a_slot_at_once() -> None:
    pace = fresh(1.0)
    for _ in range(100):
        pace = pace.take(Urgency.PROMPT, 3, START)
    assert pace.slot(Urgency.URGENT, START) == START
    assert pace.slot(Urgency.PROMPT, START) == START + timedelta(seconds=300)


def test_numbers_are_read_with_rates_of_their_own() -> None:
    assert read_senders("+15105550100, +15105550101=12.5/s", 3.75, 6000) == (
        SenderLimits("+15105550100", 3.75, 6000),
        SenderLimits("+15105550101", 12.5, 6000),
    )


@pytest.mark.parametrize(
    "words", ["15105550100", "+1 510", "+15105550100=fast", "+15105550100=3", "+15105550100=-1/s",
              "+15105550100=nan/s", "+15105550100,+15105550100"],
)  # fmt: skip
def test_what_is_no_list_of_numbers_is_refused_with_the_remedy(words: str) -> None:
    with pytest.raises(ValueError, match="write|twice"):
        read_senders(words)
