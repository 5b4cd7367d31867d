"""Many rows, each alone: one that fails keeps back no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

Row = TypeVar("Row")


def one_by_one(
    rows: Iterable[Row], do: Callable[[Row], object], failed: Callable[[Row, Exception], object]
) -> None:
    """`do` each of them; `failed` hears of one that could not be done.

    A database that is down or busy proves nothing about a row: its error ends the round, and what was left
    waits for the next one. `failed` logs the type of the error alone: its words may quote a family's text.
    """
    for row in rows:
        try:
            do(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            failed(row, error)
