"""Small charts as SVG, written by hand: lines, curves, dots of agreement, a table of colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import ceil, floor, log10

SIDE = 300
"""Height and width of a plot's inner part, in SVG units."""

_COLOURS = ("#1f6f8b", "#c2571a", "#5b8c3a", "#7a4d9f", "#9a7b12", "#555555")


def lines(title: str, across: Sequence[str], series: dict[str, Sequence[float]], low: float = 0.0) -> str:
    """A chart of shares from `low` to 1, one line a series, one place a name in `across`."""
    step = SIDE / max(len(across) - 1, 1)
    parts = [_text(20, 20, title, 14), *_scale(low)]
    parts += [_text(60 + at * step, SIDE + 65, name, 11, "middle") for at, name in enumerate(across)]
    for at, (name, values) in enumerate(series.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        points = " ".join(f"{60 + n * step:.1f},{_height(v, low):.1f}" for n, v in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(SIDE + 70, _height(values[-1], low) + 4, name, 11, colour=colour))
    return _picture(SIDE + 240, SIDE + 80, parts)


Point = tuple[float, float]


def curves(
    title: str, across: str, up: str, series: Mapping[str, Sequence[Point]], *, by_tens: bool = False
) -> str:
    """Curves over two measured axes with round numbers beside them; `across`, `up` name the axes.

    Both begin at 0; with `by_tens` each power of ten takes as much room `across` as the next one.
    """
    points = [point for one in series.values() for point in one] or [(1.0, 1.0)]
    top = _round_up(max(y for _, y in points))
    marks, place = _tens(points) if by_tens else _fifths(points)
    parts = [
        _text(20, 20, title, 14),
        _text(60 + SIDE / 2, SIDE + 75, across, 11, "middle"),
        _text(12, 34, up, 11),
    ]
    for fifth in range(6):
        y = _height(fifth / 5)
        parts.append(f'<line x1="60" y1="{y:.1f}" x2="{60 + SIDE}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(_text(54, y + 4, _number(top * fifth / 5), 10, "end"))
    parts += [_text(60 + SIDE * place(x), SIDE + 56, _number(x), 10, "middle") for x in marks]
    for at, (name, found) in enumerate(series.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        line = " ".join(f"{60 + SIDE * place(x):.1f},{_height(y / top):.1f}" for x, y in found)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<rect x="{SIDE + 72}" y="{40 + 18 * at}" width="12" height="4" fill="{colour}"/>')
        parts.append(_text(SIDE + 90, 46 + 18 * at, name, 11, colour=colour))
    return _picture(SIDE + 330, SIDE + 90, parts)


Axis = tuple[Sequence[float], Callable[[float], float]]
"""The numbers that stand beside an axis, and where on it a value lies, from 0 to 1."""


def _fifths(points: Sequence[Point]) -> Axis:
    right = _round_up(max(x for x, _ in points))
    return [right * fifth / 5 for fifth in range(6)], lambda x: x / right


def _tens(points: Sequence[Point]) -> Axis:
    low, high = floor(log10(min(x for x, _ in points))), ceil(log10(max(x for x, _ in points)))
    return [10.0**power for power in range(low, high + 1)], lambda x: (log10(x) - low) / max(high - low, 1)


def _round_up(most: float) -> float:
    """The next number that can be cut into five round pieces; at least a little more than nothing."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 10.0 ** int(log10(most) - 1)
    return next(unit * step for step in (1, 2, 2.5, 5, 10) if unit * step >= most)


def _number(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:g} M"
    return f"{value / 1000:g} k" if value >= 10_000 else f"{value:g}"


def reliability(title: str, bins: Sequence[tuple[float, float, int]]) -> str:
    """Bins (mean confidence, share right, texts): the nearer to the diagonal, the more honest the model."""
    parts = [_text(20, 20, title, 14), *_scale(0.0)]
    parts.append(f'<line x1="60" y1="{_height(0)}" x2="{60 + SIDE}" y2="{_height(1)}" stroke="#999"/>')
    for sure, right, count in bins:
        x, y = 60 + SIDE * sure, _height(right)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{_COLOURS[0]}"/>')
        parts.append(_text(x + 8, y + 12, str(count), 10))
    parts.append(_text(60 + SIDE / 2, SIDE + 65, "confidence (numbers: texts)", 11, "middle"))
    return _picture(SIDE + 110, SIDE + 80, parts)


def confusion(title: str, names: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """What was meant (rows) and what was read (columns); the darker, the larger the row's share."""
    cell, left, top = 24, 150, 170
    parts = [_text(20, 20, title, 14)]
    for at, name in enumerate(names):
        x, y = left + at * cell, top + at * cell
        parts.append(_text(left - 6, y + 16, name, 11, "end"))
        turn = f'transform="rotate(-60 {x + 14} {top - 8})"'
        parts.append(f'<text x="{x + 14}" y="{top - 8}" font-size="11" {turn}>{escape(name)}</text>')
    for row, line in enumerate(counts):
        whole = max(sum(line), 1)
        for column, count in enumerate(line):
            if count:
                x, y, dark = left + column * cell, top + row * cell, count / whole
                fill = _COLOURS[0] if row == column else _COLOURS[1]
                parts.append(
                    f'<rect x="{x}" y="{y}" width="{cell}" height="{cell}" fill="{fill}" fill-opacity="{max(dark, 0.08):.2f}"/>'
                )
                parts.append(
                    _text(x + cell / 2, y + 16, str(count), 10, "middle", "#fff" if dark > 0.4 else "#222")
                )
    size = cell * len(names)
    return _picture(left + size + 70, top + size + 20, parts)


def _height(share: float, low: float = 0.0) -> float:
    return 40 + SIDE * (1 - (share - low) / (1 - low))


def _scale(low: float) -> list[str]:
    found = []
    for tenth in range(round(low * 10), 11, 1 if low else 2):
        y = _height(tenth / 10, low)
        found.append(f'<line x1="60" y1="{y:.1f}" x2="{60 + SIDE}" y2="{y:.1f}" stroke="#ddd"/>')
        found.append(_text(54, y + 4, f"{tenth / 10:.1f}", 11, "end"))
    return found


def _text(x: float, y: float, text: str, size: int, anchor: str = "start", colour: str = "#222") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"


def _picture(width: float, height: float, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>\n"])
