"""The rows of one table while an import runs: put what is there, let go what is not, count both."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.school.tabular.problems import Tally

R = TypeVar("R")
K = TypeVar("K", bound=Hashable)


class Shelf(Generic[R, K]):
    """All stored rows of `model` by `key`, and what becomes of them. Nothing is ever deleted."""

    def __init__(self, session: Session, model: type[R], key: Callable[[R], K]) -> None:
        self._session = session
        self._model = model
        self._key = key
        self.rows: dict[K, R] = {key(row): row for row in session.scalars(select(model))}
        self.were_active = {k for k, row in self.rows.items() if getattr(row, "active", True)}
        self.present: set[K] = set()
        self.left: set[K] = set()
        self._outcomes = {"new": 0, "changed": 0, "same": 0}

    def put(self, key: K, **values: Any) -> R:
        """The row of `key` with these values, made or changed only where it must be."""
        self.present.add(key)
        row = self.rows.get(key)
        if row is None:
            row = self._model(**values)
            self._session.add(row)
            self.rows[key] = row
            self._outcomes["new"] += 1
            return row
        stale = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in stale.items():
            setattr(row, name, value)
        self._outcomes["changed" if stale else "same"] += 1
        return row

    def let_go(self, leaves: Callable[[K], bool]) -> None:
        """Deactivate the active rows that were not put and of which `leaves` is true."""
        for key in self.were_active - self.present:
            if leaves(key):
                self.rows[key].active = False  # type: ignore[attr-defined]
                self.left.add(key)

    def standing(self, key: K) -> R | None:
        """The row of `key` if it is active after this import, else None."""
        row = self.rows.get(key)
        return row if row is not None and getattr(row, "active", True) else None

    @property
    def tally(self) -> Tally:
        """What became of the rows so far."""
        return Tally(left=len(self.left), **self._outcomes)
