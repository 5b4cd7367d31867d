"""What is wrong with a flow file, and where. Faults are collected, so that an author sees all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.model.errors import BadFlow


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a flow file. `line` counts from 1; `flow` and `step` are empty outside of one."""

    file: str
    line: int = 1
    flow: str = ""
    step: str = ""

    def at(self, *, line: int | None = None, flow: str | None = None, step: str | None = None) -> Place:
        """The same place, seen closer."""
        return replace(
            self,
            line=self.line if line is None else line,
            flow=self.flow if flow is None else flow,
            step=self.step if step is None else step,
        )

    def __str__(self) -> str:
        flow = f" flow {self.flow}" if self.flow else ""
        step = f", step {self.step}" if self.step else ""
        return f"{self.file}:{self.line}:{flow}{step}" + (":" if flow else "")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing an author must mend."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place} {self.reason}"


class Faults(list[Fault]):
    """All faults found so far."""

    def add(self, place: Place, reason: str) -> None:
        """Note one more; a fault noted already at this place is not repeated."""
        fault = Fault(place, reason)
        if fault not in self:
            self.append(fault)

    def raise_if_any(self) -> None:
        """End the loading with every fault, in the order of files and lines."""
        if self:
            raise BadFlows(tuple(sorted(self)))


class BadFlows(BadFlow):
    """Every fault of every file, a line each."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """The reason "there is no such …", with the name that was probably meant."""
    near = get_close_matches(str(name), list(known), n=1)
    return f"unknown {kind} `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
