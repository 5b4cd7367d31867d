"""Many rows, each alone."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from bot.jobs.one_by_one import one_by_one


def test_one_that_fails_keeps_back_no_other_and_is_told() -> None:
    done: list[int] = []
    failed: list[tuple[int, str]] = []

    def do(row: int) -> None:
        if row == 2:
            raise ValueError("no such text")
        done.append(row)

    one_by_one([1, 2, 3], do, lambda row, error: failed.append((row, str(error))))
    assert (done, failed) == ([1, 3], [(2, "no such text")])


def test_a_database_that_is_down_ends_the_round_and_condemns_no_row() -> None:
    begun: list[int] = []

    def do(row: int) -> None:
        begun.append(row)
        raise OperationalError("SELECT 1", {}, OSError("gone"))

    with pytest.raises(OperationalError):
        one_by_one([1, 2], do, lambda row, error: pytest.fail(f"{row} was condemned"))
    assert begun == [1]
