"""The conditions of flows: `slots.child is not null and (context.children_count > 1 or not slots.told)`.

Kept to a small fixed set on purpose: values, comparisons, `and or not`, parentheses. Nothing is evaluated as code.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.model.dialogue import SlotValue

Values = Mapping[str, SlotValue]


class Term(Protocol):
    """A part of a condition that has a value."""

    def value(self, slots: Values, context: Values) -> SlotValue:
        """What it is worth now."""

    def parts(self) -> Iterator[Term]:
        """The terms directly inside."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text in quotes, true, false or null."""

    literal: SlotValue

    def value(self, slots: Values, context: Values) -> SlotValue:
        """Always the same."""
        return self.literal

    def parts(self) -> Iterator[Term]:
        """Nothing inside."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Name:
    """`slots.x` or `context.x`."""

    of: str
    name: str

    def value(self, slots: Values, context: Values) -> SlotValue:
        """The slot or fact; None while it is not set."""
        return (slots if self.of == "slots" else context).get(self.name)

    def parts(self) -> Iterator[Term]:
        """Nothing inside."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two terms and what is said of them."""

    relation: str
    left: Term
    right: Term

    def value(self, slots: Values, context: Values) -> SlotValue:
        """True or false; an order between things of different kinds is false."""
        return RELATIONS[self.relation](self.left.value(slots, context), self.right.value(slots, context))

    def parts(self) -> Iterator[Term]:
        """Both sides."""
        yield from (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Junction:
    """Terms joined by `and`, or by `or`, or one turned round by `not`."""

    word: str
    terms: tuple[Term, ...]

    def value(self, slots: Values, context: Values) -> SlotValue:
        """True or false."""
        truths = (bool(term.value(slots, context)) for term in self.terms)
        if self.word == "not":
            return not next(truths)
        return all(truths) if self.word == "and" else any(truths)

    def parts(self) -> Iterator[Term]:
        """All that are joined."""
        return iter(self.terms)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written, and what it was read as."""

    source: str
    root: Term

    def holds(self, slots: Values, context: Values) -> bool:
        """Whether it is true for these slots and facts."""
        return bool(self.root.value(slots, context))

    def terms(self) -> Iterator[Term]:
        """Every term of it, the outermost first."""
        waiting: list[Term] = [self.root]
        while waiting:
            term = waiting.pop()
            yield term
            waiting.extend(term.parts())

    def names(self, of: str) -> frozenset[str]:
        """The slots (`of="slots"`) or facts (`of="context"`) it reads."""
        return frozenset(term.name for term in self.terms() if isinstance(term, Name) and term.of == of)


def equal(left: SlotValue, right: SlotValue) -> bool:
    """Equal and of one kind: `true` is not 1, "3" is not 3; 3 is 3.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[SlotValue, SlotValue], bool]:
    def holds(left: SlotValue, right: SlotValue) -> bool:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        return numbers and compare(left, right)  # type: ignore[arg-type]  # both are numbers here

    return holds


def _contains(left: SlotValue, right: SlotValue) -> bool:
    return isinstance(left, str) and isinstance(right, str) and right in left


def _matches(left: SlotValue, right: SlotValue) -> bool:
    return isinstance(left, str) and isinstance(right, str) and re.search(right, left) is not None


RELATIONS: Mapping[str, Callable[[SlotValue, SlotValue], bool]] = {
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    "=": equal,
    "is": equal,
    "!=": lambda left, right: not equal(left, right),
    "is not": lambda left, right: not equal(left, right),
    "contains": _contains,
    "matches": _matches,
}
