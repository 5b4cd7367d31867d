"""Both databases side by side: every value of every row, counts and checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.storage.moving.plan import Key, Part, Row, read_batch

NAMED = 5
"""Differing rows that are named; more would not help anybody."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table: rows and checksum on each side, how many rows differ, and the keys of the first of them."""

    table: str
    rows: tuple[int, int]
    checksums: tuple[str, str]
    differing: int
    examples: tuple[Key, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same."""
        return not self.differing and self.rows[0] == self.rows[1] and self.checksums[0] == self.checksums[1]


def compare(source: Connection, target: Connection, part: Part, batch: int) -> Comparison:
    """Walk both tables in the order of their keys."""
    left, right = _Side(source, part, batch), _Side(target, part, batch)
    differing = 0
    examples: list[Key] = []
    for ours, theirs in _pairs(left, right, part.key_of):
        if ours != theirs:
            differing += 1
            if len(examples) < NAMED:
                examples.append(part.key_of(ours or theirs or ()))
    return Comparison(
        part.name, (left.rows, right.rows), (left.checksum, right.checksum), differing, tuple(examples)
    )


@dataclass
class _Side:
    connection: Connection
    part: Part
    batch: int
    rows: int = 0
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()[:16]

    def __iter__(self) -> Iterator[Row]:
        last: Key | None = None
        while rows := read_batch(self.connection, self.part, last, self.batch):
            last = self.part.key_of(rows[-1])
            self.rows += len(rows)
            self._hash.update(repr(rows).encode())
            yield from rows


def _pairs(
    left: _Side, right: _Side, key_of: Callable[[Row], Key]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows with the same key, or one that the other side lacks; both sides come sorted."""
    ours, theirs = iter(left), iter(right)
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        if other is None or (one is not None and key_of(one) < key_of(other)):
            yield one, None
            one = next(ours, None)
        elif one is None or key_of(other) < key_of(one):
            yield None, other
            other = next(theirs, None)
        else:
            yield one, other
            one, other = next(ours, None), next(theirs, None)
