"""The ways through flows as a graph: steps nobody reaches, and circles in which nobody is asked anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.conversation.definitions import END, Flow, FlowSet, Step
from bot.conversation.faults import Place

Spot = tuple[str, str]  # flow, step


def unreachable_steps(flow: Flow) -> list[Step]:
    """The steps that no way from the flow's first step leads to. Of a lost stretch only its beginning is told."""
    reached = _reach(flow, flow.first)
    lost: list[Step] = []
    for step in flow.steps.values():
        if step.id not in reached:
            lost.append(step)
            reached |= _reach(flow, step.id)
    return lost


def endless_ways(known: FlowSet) -> Iterator[tuple[Place, str]]:
    """Circles of steps without a question: such a turn would never end."""
    quiet = {
        (flow.id, step.id) for flow in known.flows.values() for step in flow.steps.values() if not step.WAITS
    }
    passable = _passable(known)
    follows = {spot: [to for to in _follow(known, spot, passable) if to in quiet] for spot in quiet}
    for circle in _circles(follows):
        flow, step = circle[0]
        way = " → ".join(name for _, name in (*circle, circle[0]))
        yield known.flows[flow].steps[step].place, f"a loop without input: {way}"


def _reach(flow: Flow, start: str) -> set[str]:
    waiting, seen = [start], {start}
    while waiting:
        step = flow.steps.get(waiting.pop())
        for branch in step.next if step and not step.LEAVES else ():
            if branch.target not in seen:
                seen.add(branch.target)
                waiting.append(branch.target)
    return seen


def _passable(known: FlowSet) -> set[str]:
    """The flows that can be gone through, from first step to end, without a question. Grows until nothing is added."""
    found: set[str] = set()
    while True:
        more = {
            flow.id for flow in known.flows.values() if flow.id not in found and _passes(flow, known, found)
        }
        if not more:
            return found
        found |= more


def _passes(flow: Flow, known: FlowSet, passable: set[str]) -> bool:
    waiting, seen = [flow.first], {flow.first}
    while waiting:
        spot = waiting.pop()
        if spot == END:
            return True
        step = flow.steps[spot]
        if step.WAITS or (step.starts and step.starts not in passable):
            continue
        ways = [END] if step.LEAVES else [branch.target for branch in step.next]
        waiting += [way for way in ways if way not in seen]
        seen.update(ways)
    return False


def _follow(known: FlowSet, spot: Spot, passable: set[str]) -> Iterator[Spot]:
    """Where a turn may go from a step without asking."""
    flow, name = spot
    step = known.flows[flow].steps[name]
    other = known.flows.get(step.starts) if step.starts else None
    if other is not None:
        yield other.id, other.first
        if step.LEAVES or other.id not in passable:
            return
    for branch in () if step.LEAVES else step.next:
        yield flow, branch.target


def _circles(follows: Mapping[Spot, list[Spot]]) -> Iterator[list[Spot]]:
    """One circle for every knot of spots that lead to one another."""
    done: set[Spot] = set()
    for start in sorted(follows):
        way = _way_back(follows, start) if start not in done else []
        if way:
            done.update(way)
            yield way


def _way_back(follows: Mapping[Spot, list[Spot]], start: Spot) -> list[Spot]:
    """The shortest way from a spot to itself; empty if there is none."""
    came_from: dict[Spot, Spot] = {}
    waiting = [start]
    for spot in waiting:
        for to in follows[spot]:
            if to == start:
                way = [spot]
                while way[0] != start:
                    way.insert(0, came_from[way[0]])
                return way
            if to not in came_from:
                came_from[to] = spot
                waiting.append(to)
    return []
