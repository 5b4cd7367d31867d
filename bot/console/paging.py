"""Pages of a list."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.keys import key_or_none


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the reader is in a list of `total` things, `size` on a page."""

    number: int
    total: int
    size: int

    @property
    def count(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first thing on this page, from 1."""
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """The place of the last thing on this page."""
        return min(self.total, self.number * self.size)


def page_number(text: str | None) -> int:
    """The page a reader asks for: a whole number from 1; anything else is the first."""
    return min(key_or_none(text) or 1, 100_000)
