"""The stack of flows as groups: a flow somebody started, with the flows it called above it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.dialogue import Frame

MOST_FLOWS = 3
"""Flows under way at once. Of a fourth, the one left longest ago is forgotten: nobody goes back that far by text."""


def groups(stack: Sequence[Frame]) -> list[list[Frame]]:
    """The frames by the flow that was started; the top of the stack is last."""
    found: list[list[Frame]] = []
    for frame in stack:
        if frame.entered_by == "call" and found:
            found[-1].append(frame)
        else:
            found.append([frame])
    return found


def frames(grouped: Sequence[Sequence[Frame]]) -> list[Frame]:
    """The stack again."""
    return [frame for group in grouped for frame in group]


def is_repair(group: Sequence[Frame]) -> bool:
    """Whether the group is one of the conversation's own patterns."""
    return group[0].flow.startswith("pattern_")


def without_repairs(stack: Sequence[Frame]) -> list[Frame]:
    """The stack without the patterns on its top."""
    grouped = groups(stack)
    while grouped and is_repair(grouped[-1]):
        grouped.pop()
    return frames(grouped)


def beneath(stack: Sequence[Frame]) -> str | None:
    """The flow that goes on when the one on top is over."""
    grouped = groups(stack)
    return grouped[-2][0].flow if len(grouped) > 1 else None


def started(stack: Sequence[Frame], flow: str) -> bool:
    """Whether somebody started this flow and it is not over."""
    return any(group[0].flow == flow for group in groups(stack))
