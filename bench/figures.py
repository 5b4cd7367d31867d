"""A figure, what stands beside it in the same run, its target, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

HEADINGS = ("figure", "median", "min–max", "beside it", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for the median, or for the ratio to what stands beside it."""

    limit: float
    at_least: bool
    of_ratio: bool = False

    def holds(self, measured: float) -> bool:
        """True when the measured number keeps the limit."""
        return measured >= self.limit if self.at_least else measured <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{' ×' if self.of_ratio else ''}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: a value a run, and the value a run of its floor or peer, run by run."""

    name: str
    unit: str
    values: tuple[float, ...]
    peer: str = ""
    peer_values: tuple[float, ...] = ()
    target: Target | None = None

    @property
    def median(self) -> float:
        """The middle of all runs."""
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        """The middle of the runs' own ratios; a single value quoted for the peer counts for every run."""
        beside = self.peer_values * len(self.values) if len(self.peer_values) == 1 else self.peer_values
        pairs = [mine / theirs for mine, theirs in zip(self.values, beside, strict=False)]
        return median(pairs) if pairs else None

    @property
    def met(self) -> bool | None:
        """Whether the target holds; None without one, or without the peer it needs."""
        if self.target is None:
            return None
        measured = self.ratio if self.target.of_ratio else self.median
        return None if measured is None else self.target.holds(measured)

    def row(self) -> tuple[str, ...]:
        """The figure's line of the table."""
        beside = f"{_short(median(self.peer_values))} {self.peer}" if self.peer_values else self.peer
        return (
            self.name,
            f"{_short(self.median)} {self.unit}",
            f"{_short(min(self.values))}–{_short(max(self.values))}",
            beside,
            "" if self.ratio is None else f"{self.ratio:.2f}",
            str(self.target or ""),
            {True: "yes", False: "NO", None: ""}[self.met],
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for results.json."""
        return {
            "name": self.name, "unit": self.unit, "median": self.median, "values": list(self.values),
            "peer": self.peer, "peer_values": list(self.peer_values), "ratio": self.ratio,
            "target": str(self.target or ""), "met": self.met,
        }  # fmt: skip


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """All figures as a Markdown table."""
    rows = [HEADINGS, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * w for w in widths) + " |")
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
