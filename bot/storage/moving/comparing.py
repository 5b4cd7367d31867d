"""Both databases side by side: every value of every row, counts and checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
    """Walk both tables in the order of their keys, the same stretch of keys on both sides at a time."""
    left, right = _Side(), _Side()
    examples: list[Key] = []
    differing = 0
    after: Key | None = None
    while True:
        ours = read_batch(source, part, after, batch)
        theirs = read_batch(target, part, after, batch)
        if ours == theirs:
            written = repr(ours).encode() if ours else b""
            left.add(ours, written)
            right.add(theirs, written)
            after = part.key_of(ours[-1]) if ours else None
        else:
            after = min(
                (part.key_of(rows[-1]) for rows in (ours, theirs) if len(rows) == batch), default=None
            )
            left.add(ours := _until(part, ours, after))
            right.add(theirs := _until(part, theirs, after))
            keys = _different(part, ours, theirs)
            differing += len(keys)
            examples += keys[: NAMED - len(examples)]
        if after is None:
            break
    return Comparison(
        part.name, (left.rows, right.rows), (left.checksum, right.checksum), differing, tuple(examples)
    )


@dataclass
class _Side:
    rows: int = 0
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()[:16]

    def add(self, rows: Sequence[Row], written: bytes | None = None) -> None:
        self.rows += len(rows)
        self._hash.update(repr(rows).encode() if written is None else written)


def _until(part: Part, rows: Sequence[Row], last: Key | None) -> list[Row]:
    return [row for row in rows if last is None or part.key_of(row) <= last]


def _different(part: Part, ours: Sequence[Row], theirs: Sequence[Row]) -> list[Key]:
    """Keys of rows that are not the same on both sides, or on one side only."""
    one, other = ({part.key_of(row): row for row in rows} for rows in (ours, theirs))
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
