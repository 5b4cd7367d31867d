"""The time of day a text names: at, after or before an hour, or a part of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from bot.understanding.wording import Hit, Table

_FIGURES = re.compile(
    r"(?<![\d:/.-])(?P<h>2[0-3]|1\d|0?\d)(?:[:h](?P<m>[0-5]\d))?(?: ?(?P<half>am|pm|a m|p m|a|p))?(?![\w:/-])"
)
_NEAR = 26  # letters between a time and the words that bound it


@dataclass(frozen=True, slots=True)
class Hours:
    """What a text says of the time of day; every field None where it says nothing of it."""

    at: time | None = None
    after: time | None = None
    before: time | None = None
    part: str | None = None
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Clock:
    """One time in the text; `sure`: am or pm is settled."""

    start: int
    end: int
    hour: int
    minute: int
    sure: bool
    bound: str | None = None


def read_hours(words: Table, folded: str, parts: Sequence[Hit]) -> Hours:
    """The hours of a folded text from which its dates are taken out already.

    From 1 to 6 without am or pm is the afternoon, as at any school.
    """
    clocks = _clocks(words, folded, parts)
    if not clocks:
        return Hours(part=parts[0].name if parts else None)
    spans = tuple((clock.start, clock.end) for clock in clocks)
    bounds = [(clock, _bound(words, folded, clock)) for clock in clocks]
    half = parts[0].name if parts else None
    if len(clocks) > 1 and _spans(words, folded, clocks):
        first, last = _settled(clocks[0], half), _settled(clocks[1], half)
        if first < last:
            return Hours(after=first, before=last, spans=spans)
    found: dict[str, time] = {}
    for clock, bound in bounds:
        found.setdefault(bound, _settled(clock, half))
    if "after" in found or "before" in found:
        found.pop("at", None)
    return Hours(found.get("at"), found.get("after"), found.get("before"), spans=spans)


def _settled(clock: _Clock, part: str | None) -> time:
    """The time with am and pm settled by the words around it, or by what schools do."""
    hour = clock.hour % 24
    if not clock.sure and hour <= 12:
        if part == "evening" or part == "afternoon":
            hour = hour % 12 + 12 if hour != 12 or part == "afternoon" else 0
        elif part == "morning":
            hour = hour % 12 if hour != 12 else 12
        elif 1 <= hour <= 6:
            hour += 12
    return time(hour, clock.minute)


def _clocks(words: Table, folded: str, parts: Sequence[Hit]) -> list[_Clock]:
    worded = [_of_words(hit) for hit in words.hits("times", folded) if not _within(hit, parts)]
    figures = [_of_figures(match) for match in _FIGURES.finditer(folded) if _tells_time(words, folded, match)]
    bare = [replace(_of_words(hit), bound=hit.name) for hit in words.hits("bounded", folded)]
    between = [clock for hit in words.hits("hour_ranges", folded) for clock in _ends(hit)]
    kept: list[_Clock] = list(between)
    for clock in (*figures, *worded, *bare):
        if clock.hour > 24:
            continue
        overlap = next((k for k in kept if clock.start < k.end and k.start < clock.end), None)
        if overlap is None:
            kept.append(clock)
        elif (
            overlap not in between
            and clock.end - clock.start > overlap.end - overlap.start
            and not overlap.sure
        ):
            kept[kept.index(overlap)] = clock
    return sorted(kept, key=lambda clock: clock.start)


def _ends(hit: Hit) -> tuple[_Clock, ...]:
    """The two ends of "between three and four"."""
    values = [value for value in hit.values if isinstance(value, int)]
    if len(values) != 2 or max(values) > 24:
        return ()
    first, last = values
    return (
        _Clock(hit.start, hit.end - 1, first, 0, first > 12, "after"),
        _Clock(hit.end - 1, hit.end, last, 0, last > 12, "before"),
    )


def _tells_time(words: Table, folded: str, match: re.Match[str]) -> bool:
    """A figure alone is no time: minutes, am or pm must stand with it."""
    half = match["half"]
    if half in ("a", "p") and match["m"] is None:
        return match.end() - match.start() <= 3 and not folded[match.start() : match.end()].count(" ")
    return match["m"] is not None or half is not None


def _of_figures(match: re.Match[str]) -> _Clock:
    hour, minute, half = int(match["h"]), int(match["m"] or 0), (match["half"] or "")[:1]
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    end = match.end()
    return _Clock(match.start(), end, hour, minute, bool(half) or hour > 12 or match["h"].startswith("0"))


_FIXED: Mapping[str, tuple[int, int]] = {"noon": (12, 0), "midnight": (0, 0)}


def _of_words(hit: Hit) -> _Clock:
    if hit.name in _FIXED:
        return _Clock(hit.start, hit.end, *_FIXED[hit.name], sure=True)
    values = [value for value in hit.values if isinstance(value, int)]
    hour, minute = values[0], 0
    if hit.name == "past":
        minute = values[1] if len(values) > 1 else 0
    elif hit.name == "past_first":
        hour, minute = values[1], values[0]
    elif hit.name == "to":
        hour, minute = hour - 1, 60 - values[1]
    elif hit.name == "to_first":
        hour, minute = values[1] - 1, 60 - values[0]
    elif hit.name in _OFFSETS:
        hours, minute = _OFFSETS[hit.name]
        hour += hours
    hour = hour if hour > 0 or hit.name == "at" else hour + 12
    return _Clock(hit.start, hit.end, hour, minute % 60, hour > 12)


_OFFSETS: Mapping[str, tuple[int, int]] = {
    "half": (0, 30), "half_to": (-1, 30), "quarter": (0, 15), "quarter_to": (-1, 45),
    "quarter_of": (-1, 15), "three_quarters": (0, 45), "twenty": (0, 20), "third_to": (-1, 40), "five_to_half": (0, 25),
}  # fmt: skip


def _bound(words: Table, folded: str, clock: _Clock) -> str:
    """Whether the time is one to begin after or to be done before, by the words next to it."""
    if clock.bound is not None:
        return clock.bound
    before, after = folded[max(0, clock.start - _NEAR) : clock.start], folded[clock.end : clock.end + _NEAR]
    for pattern in words.patterns.get("bounds", ()):
        side, name = pattern.name.split("_")
        if side == "left":
            if any(not before[found.end() :].strip() for found in pattern.expression.finditer(before)):
                return name
        elif any(not after[: found.start()].strip() for found in pattern.expression.finditer(after)):
            return name
    return "at"


def _spans(words: Table, folded: str, clocks: Sequence[_Clock]) -> bool:
    between = folded[clocks[0].end : clocks[1].start].strip()
    return between == "-" or any(
        p.expression.fullmatch(between) for p in words.patterns.get("hour_spans", ())
    )


def _within(hit: Hit, parts: Sequence[Hit]) -> bool:
    return any(
        p.start <= hit.start and hit.end <= p.end and p.end - p.start > hit.end - hit.start for p in parts
    )
