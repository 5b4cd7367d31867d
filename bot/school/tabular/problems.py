"""What an import has to tell the office: each problem with its place, its rule and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.school.tabular.rules import RULES

ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong. `line` counts from 1, the header being line 1; None: the file as a whole.

    An `error` left a row or a value out; a `warning` was put right or taken as it is.
    """

    file: str
    line: int | None
    column: str
    value: str
    rule: str
    severity: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """`users.csv, line 28, sms: …` for a terminal or a page."""
        place = ", ".join(
            part for part in (self.file, f"line {self.line}" if self.line else "", self.column) if part
        )
        shown = f" “{self.value}”" if self.value else ""
        return f"{place}: {self.what}{shown}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows of one kind."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0

    @property
    def present(self) -> int:
        """How many stand in the import."""
        return self.new + self.changed + self.same

    def __str__(self) -> str:
        """`60 (2 new, 1 left)`: how many there are, and what moved."""
        moved = [
            f"{getattr(self, name)} {name}" for name in ("new", "changed", "left") if getattr(self, name)
        ]
        return f"{self.present} ({', '.join(moved)})" if moved else str(self.present)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one import: a tally per kind of row, and every problem found."""

    counts: Mapping[str, Tally]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that left something out."""
        return tuple(problem for problem in self.problems if problem.severity == ERROR)


@dataclass(slots=True)
class Findings:
    """Collects problems while an import runs."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, rule: str, file: str, line: int | None = None, column: str = "", value: str = "") -> None:
        """Note a breach of `rule` (a key of RULES)."""
        severity, what, remedy = RULES[rule]
        self.problems.append(Problem(file, line, column, value[:200], rule, severity, what, remedy))

    def told(self) -> str:
        """For the end of a message that refuses all: one line for each kind of problem in each file, those of the
        file as a whole first, for they cause others."""
        alike: dict[tuple[str, str], list[Problem]] = {}
        for problem in sorted(self.by_place(), key=lambda one: ((one.line or 1) > 1, one.severity != ERROR)):
            alike.setdefault((problem.file, problem.rule), []).append(problem)
        return "".join(
            f"\n{first}{f' ({len(others)} more like this.)' if others else ''}"
            for first, *others in alike.values()
        )

    def by_place(self) -> tuple[Problem, ...]:
        """All problems, file by file, line by line."""
        return tuple(sorted(self.problems, key=lambda found: (found.file, found.line or 0, found.column)))
