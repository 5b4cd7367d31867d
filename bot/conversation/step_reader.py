"""Reads the steps of a flow: nested lists become one flat set of steps, each with an id and its ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.conditions import Condition, Literal
from bot.conversation.definitions import END, Branch, Step
from bot.conversation.entries import Entry, StepEntry
from bot.conversation.faults import unknown
from bot.conversation.flow_file import LinedMap
from bot.conversation.step_kinds import step_kinds

_COMMON = frozenset({"id", "next", "description"})
_UNREAD = Condition("", Literal(False))  # stands for a condition that could not be read; its fault is noted


def read_steps(flow: Entry) -> Mapping[str, Step]:
    """The steps under `steps`, in the order they stand, by id."""
    return _StepReader(flow).read()


class _StepReader:
    def __init__(self, flow: Entry) -> None:
        self.flow = flow
        self.kinds = step_kinds()
        self.ids: dict[int, str] = {}  # by identity of the step's mapping
        self.taken: set[str] = set()
        self.steps: dict[str, Step] = {}

    def read(self) -> Mapping[str, Step]:
        """Name all steps first, because a `next` may point ahead; then read them."""
        raw = self.flow.raw.get("steps", [])
        if not isinstance(raw, list):
            self.flow.fault("`steps` must be a list of steps", "steps")
            return {}
        self._take_given_ids(raw)
        self._name_the_rest(raw)
        self._read_list(raw, END)
        return self.steps

    def _take_given_ids(self, raw: list[object]) -> None:
        for step in _all_steps(raw):
            given = step.get("id")
            if given is None:
                continue
            if not isinstance(given, str) or not given or given == END:
                self._entry(step, "").fault(f"`{given}` cannot be the id of a step", "id")
            elif given in self.taken:
                self._entry(step, given).fault(f"two steps have the id `{given}`", "id")
            else:
                self.ids[id(step)] = given
                self.taken.add(given)

    def _name_the_rest(self, raw: list[object]) -> None:
        """A step's own words name it ("collect_child"), so that a flow may grow without moving those who are in it."""
        for step in _all_steps(raw):
            if id(step) in self.ids:
                continue
            kind = next((self.kinds[key] for key in step if key in self.kinds), None)
            base = kind.label(step[kind.KIND]) if kind else "step"
            name, number = base, 1
            while name in self.taken:
                number += 1
                name = f"{base}#{number}"
            self.ids[id(step)] = name
            self.taken.add(name)

    def _read_list(self, raw: list[object], after: str) -> None:
        """Read a list of steps; `after` is where its last one goes on to."""
        for step in raw:
            if not isinstance(step, LinedMap):
                self.flow.fault(f"each step must be a mapping, not {step!r}", "steps")
        steps = [step for step in raw if isinstance(step, LinedMap)]
        for number, step in enumerate(steps):
            follower = self.ids[id(steps[number + 1])] if number + 1 < len(steps) else after
            self._read_step(step, follower)

    def _read_step(self, raw: LinedMap, follower: str) -> None:
        name = self.ids[id(raw)]
        entry = self._entry(raw, name)
        named = [key for key in raw if key in self.kinds]
        if len(named) != 1:
            self._name_the_kinds(entry, named)
            return
        kind = self.kinds[named[0]]
        entry.allow({kind.KIND, *kind.KEYS, *_COMMON}, f"a {kind.KIND} step")
        step = kind.read(StepEntry(entry, name))
        self.steps[name] = step  # takes its rank before the steps nested in it
        self.steps[name] = replace(step, next=self._read_next(entry, follower))

    def _name_the_kinds(self, entry: Entry, named: list[str]) -> None:
        if named:
            entry.fault(f"a step is of one kind, this one of {len(named)}: {', '.join(named)}")
            return
        guess = next((key for key in entry.raw if key not in _COMMON), "")
        reason = unknown("step kind", guess, self.kinds) if guess else "a step without a kind"
        entry.fault(f"{reason} (kinds: {', '.join(self.kinds)})")

    def _read_next(self, entry: Entry, follower: str) -> tuple[Branch, ...]:
        written = entry.raw.get("next")
        if "next" not in entry.raw:
            return (Branch(None, follower),)
        if isinstance(written, str):
            return (Branch(None, self._target(entry, written)),)
        if not isinstance(written, list) or not written:
            entry.fault("`next` must be a step's id, END or a list of conditions", "next")
            return (Branch(None, follower),)
        branches = [self._read_branch(part, follower) for part in entry.parts("next", "if/then or else")]
        if all(branch.condition for branch in branches) or any(not b.condition for b in branches[:-1]):
            entry.fault("dead end: `next` needs exactly one `else`, as its last entry", "next")
        return tuple(branches)

    def _read_branch(self, part: Entry, follower: str) -> Branch:
        part.allow(("if", "then", "else"), "next")
        if "else" in part.raw:
            return Branch(None, self._read_target(part, "else", follower))
        condition = part.condition("if")
        if "if" not in part.raw or "then" not in part.raw:
            part.fault("an entry of `next` needs `if` with `then`, or `else`")
        return Branch(condition or _UNREAD, self._read_target(part, "then", follower))

    def _read_target(self, part: Entry, key: str, follower: str) -> str:
        written = part.raw.get(key, END)
        if isinstance(written, str):
            return self._target(part, written, key)
        if isinstance(written, list) and written and isinstance(written[0], LinedMap):
            self._read_list(written, follower)
            return self.ids[id(written[0])]
        part.fault(f"`{key}` must be a step's id, END or a list of steps", key)
        return END

    def _target(self, entry: Entry, name: str, key: str = "next") -> str:
        if name != END and name not in self.taken:
            entry.fault(f"dead end: {unknown('step', name, (*self.taken, END))}", key)
            return END
        return name

    def _entry(self, raw: LinedMap, name: str) -> Entry:
        return Entry(raw, self.flow.place.at(line=raw.line, step=name), self.flow.faults)


def _all_steps(raw: object) -> list[LinedMap]:
    """Every step in a list of steps, those nested in their branches included, in the order they stand."""
    found: list[LinedMap] = []
    for step in raw if isinstance(raw, list) else []:
        if not isinstance(step, LinedMap):
            continue
        found.append(step)
        ways = step.get("next")
        for part in ways if isinstance(ways, list) else []:
            if isinstance(part, LinedMap):
                found += _all_steps(part.get("then")) + _all_steps(part.get("else"))
    return found
