"""Settings as operators write them: understood, or refused with the remedy."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.school.written_values import check_numbers, parse_distance, parse_window


def test_what_is_written_right_is_understood() -> None:
    assert parse_window("20:00 - 08:30") == (time(20), time(8, 30))
    assert [parse_distance(word) for word in ("3d", "2h", "30m")] == [
        timedelta(days=3),
        timedelta(hours=2),
        timedelta(minutes=30),
    ]
    check_numbers(("+15105550100", "+442071838750"))


@pytest.mark.parametrize("word", ["5105550100", "+0155", "+1 510 555 0100", "+1510555010012345"])
def test_a_number_that_cannot_be_dialled_is_told(word: str) -> None:
    with pytest.raises(ValueError, match="write numbers as"):
        check_numbers(("+15105550100", word))


@pytest.mark.parametrize(("parse", "word"), [(parse_window, "8 to 9"), (parse_distance, "3 days")])
def test_other_words_are_refused(parse, word: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="must be two times|is not a length"):
        parse(word)
