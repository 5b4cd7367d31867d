"""Merge fields: {child} in a text becomes the child's name, and nothing leaves with a hole in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model.errors import BadInput
from bot.school.broadcasts.households import Child, Household

FIELDS = ("child", "children", "teacher", "class", "date", "school")
ABOUT_CHILDREN = frozenset({"child", "children", "teacher", "class", "school"})
"""Fields that tell something of a child: who may not be told of its records does not get the text."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_FIELD = re.compile(r"\{(\w+)\}(\.?)")


@dataclass(frozen=True, slots=True)
class Problem:
    """A household that lacks a value: its guardian, the children, and the field."""

    guardian: str
    children: tuple[str, ...]
    field: str

    def __str__(self) -> str:
        about = f" (about {', '.join(self.children)})" if self.children else ""
        return f"{self.guardian}{about}: no value for {{{self.field}}}"


def fields_of(text: str) -> frozenset[str]:
    """The merge fields of a text. BadInput names an unknown one with the known ones, or a lone brace."""
    found = frozenset(_BRACES.findall(text))
    unknown = sorted(found - set(FIELDS))
    if unknown:
        told = ", ".join(f"{{{name}}}" for name in unknown)
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise BadInput(f"The text has the unknown field {told}. Known fields: {known}.")
    rest = _BRACES.sub("", text)
    if "{" in rest or "}" in rest:
        raise BadInput("The text has a brace that belongs to no field. Write fields as {child}.")
    return found


def values_for(
    household: Household, about_on: date | None, fields: Iterable[str] = FIELDS
) -> Mapping[str, str | date]:
    """What each of these fields stands for in this household's text; a value that is missing is left out.

    Several children, classes, teachers or schools stand side by side: "Ava, Jayden".
    """
    values: dict[str, str | date] = {}
    for field in fields:
        value = about_on if field == "date" else _OF_CHILDREN[field](household.children)
        if value:
            values[field] = value
    return values


def missing(household: Household, fields: Collection[str], about_on: date | None) -> Sequence[Problem]:
    """The fields for which this household has no value."""
    values = values_for(household, about_on, fields)
    children = tuple(child.name for child in household.children)
    return [Problem(household.name, children, field) for field in sorted(fields) if field not in values]


def own_words(values: Mapping[str, str | date]) -> Mapping[str, str]:
    """Those of the values that each reader has of its own: a date is everybody's."""
    return {name: value for name, value in values.items() if isinstance(value, str)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled; "… Ava Jr." ends the sentence with one full stop, not two.

    KeyError for a field without a value: `missing` is asked first.
    """
    return _FIELD.sub(lambda found: _written(values[found[1]], found[2]), text)


def _written(value: str, stop: str) -> str:
    return value if value.endswith(".") else value + stop


def _names(children: Sequence[Child]) -> str:
    return _side_by_side([child.name for child in children])


def _teachers(children: Sequence[Child]) -> str:
    return _complete([child.classroom.teachers for child in children])


def _classes(children: Sequence[Child]) -> str:
    return _complete([child.classroom.titles for child in children])


def _schools(children: Sequence[Child]) -> str:
    return _complete([(child.school,) if child.school else () for child in children])


_OF_CHILDREN: Mapping[str, Callable[[Sequence[Child]], str]] = {
    "child": _names, "children": _names, "teacher": _teachers, "class": _classes, "school": _schools,
}  # fmt: skip


def _complete(each: Sequence[tuple[str, ...]]) -> str:
    """All values side by side, nothing at all when one of the children has none."""
    if not all(each):
        return ""
    return _side_by_side([value for values in each for value in values])


def _side_by_side(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ", ".join(dict.fromkeys(value for value in values if value))
