"""What was wanted and what was found, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

HEADINGS = ("check", "wanted", "found", "holds")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `differs` names rows that do not fit, for whoever looks into it."""

    name: str
    wanted: Any
    found: Any
    differs: Sequence[Any] = ()

    @property
    def holds(self) -> bool:
        """True when what was wanted was found."""
        return bool(self.wanted == self.found)

    def as_json(self) -> dict[str, Any]:
        """Everything, for results.json."""
        return {"name": self.name, "wanted": self.wanted, "found": self.found, "holds": self.holds,
                "differs": [str(row) for row in self.differs[:SHOWN]]}  # fmt: skip


def none_of(name: str, offenders: Sequence[Any]) -> Check:
    """A check that there are none of these."""
    return Check(name, 0, len(offenders), offenders)


@dataclass(frozen=True, slots=True)
class Report:
    """What one scenario in one mode did, measured and found."""

    title: str
    checks: Sequence[Check]
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """True when every check holds."""
        return all(check.holds for check in self.checks)

    def told(self) -> str:
        """The figures, then the checks as a table, then what differs."""
        rows = [
            HEADINGS,
            *((c.name, str(c.wanted), str(c.found), "yes" if c.holds else "NO") for c in self.checks),
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        lines = [
            "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
            for row in rows
        ]
        lines.insert(1, "| " + " | ".join("-" * w for w in widths) + " |")
        figures = [f"{name}: {value}" for name, value in self.figures.items()]
        faults = [f"{c.name}: {', '.join(map(str, c.differs[:SHOWN]))}" for c in self.checks if c.differs]
        return "\n".join([f"## {self.title}", *figures, "", *lines, *faults, ""])

    def as_json(self) -> dict[str, Any]:
        """Everything, for results.json."""
        return {"title": self.title, "holds": self.holds, "figures": self.figures,
                "checks": [check.as_json() for check in self.checks]}  # fmt: skip
