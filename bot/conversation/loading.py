"""Loads a folder of flows: every file is read and everything checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.conversation.checking import check
from bot.conversation.definitions import Flow, FlowSet, Slot, button_label, flow_name, slot_label
from bot.conversation.entries import Entry
from bot.conversation.faults import Faults, Place
from bot.conversation.flow_file import LinedMap, read_flow_file
from bot.conversation.flow_reader import read_flow
from bot.conversation.response_reader import read_response
from bot.conversation.slot_reader import read_slot
from bot.model.dialogue import Response
from bot.model.errors import BadFlow

__all__ = ["FlowSet", "load_flows"]

_SECTIONS = ("version", "flows", "slots", "responses")
T = TypeVar("T")


def load_flows(folder: Path, actions: Collection[str]) -> FlowSet:
    """The flows of all `*.yml` files in the folder; `actions` are the names a flow may use.

    BadFlow holds every fault of every file, each with file, line, flow, step and reason.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise BadFlow(f"{folder}: there are no flow files (*.yml)")
    faults = Faults()
    files = [_open(path, faults) for path in paths]
    slots = _collect(files, "slots", _read_slot, faults)
    responses = _collect(files, "responses", lambda n, raw, e: read_response(n, raw, e, slots), faults)
    flows = _collect(files, "flows", _read_flow, faults)
    flow_set = _complete(FlowSet(flows, slots, responses, frozenset(actions)))
    check(flow_set, faults)
    faults.raise_if_any()
    return flow_set


def _open(path: Path, faults: Faults) -> Entry:
    entry = Entry(read_flow_file(path, faults), Place(f"{path.parent.name}/{path.name}"), faults)
    entry.allow(_SECTIONS, "a flow file")
    return entry


def _collect(
    files: list[Entry], section: str, read: Callable[[str, object, Entry], T], faults: Faults
) -> dict[str, T]:
    """What all files define under a section, by name. A name that stands in two files is a fault of the second."""
    found: dict[str, T] = {}
    first_in: dict[str, str] = {}
    for file in files:
        written = file.raw.get(section)
        if not isinstance(written, LinedMap):
            if written is not None:
                file.fault(f"`{section}` must be a mapping", section)
            continue
        for name, raw in written.items():
            entry = Entry(written, file.place.at(line=written.line_of(name)), faults)
            if name in found:
                entry.fault(
                    f"`{name}` stands in {first_in[name]} already: names of {section} are used once", name
                )
                continue
            first_in[name] = file.place.file
            found[name] = read(name, raw, entry)
    return found


def _read_slot(name: str, raw: object, entry: Entry) -> Slot:
    return read_slot(name, _own_entry(name, raw, entry, "a slot"))


def _read_flow(name: str, raw: object, entry: Entry) -> Flow:
    own = _own_entry(name, raw, entry, "a flow")
    return read_flow(name, replace(own, place=own.place.at(flow=name)))


def _own_entry(name: str, raw: object, entry: Entry, what: str) -> Entry:
    if isinstance(raw, LinedMap):
        return replace(entry, raw=raw)
    if raw is not None:
        entry.fault(f"{what} must be a mapping, not {raw!r}", name)
    return replace(entry, raw=LinedMap())


def _complete(known: FlowSet) -> FlowSet:
    """Add what follows from the definitions: phrases for names and labels, and what flows fill, keep and ask."""
    collected = frozenset(slot for flow in known.flows.values() for slot in _fills(flow))
    told = [
        slot
        for slot in known.slots.values()
        if slot.name not in collected and (slot.from_trigger or slot.from_entity)
    ]
    fills = {
        flow: _with_called(known.flows, flow, lambda f: _fills(f) | _narrowing(f) | _told(f, told))
        for flow in known.flows
    }
    keeps = {flow: _with_called(known.flows, flow, lambda f: f.persisted) for flow in known.flows}
    asking = frozenset(flow for flow in known.flows if _asks(known.flows, flow))
    responses = {**known.responses, **{response.name: response for response in _implied(known)}}
    return replace(known, responses=responses, fills=fills, keeps=keeps, asking=asking)


def _implied(known: FlowSet) -> Iterator[Response]:
    for flow in known.flows.values():
        if flow.name:
            yield Response(
                flow_name(flow.id), flow.name, file=flow.place.file, comment="name of a conversation"
            )
    for slot in known.slots.values():
        if slot.label:
            comment = "an earlier answer that can be changed"
            yield Response(slot_label(slot.name), slot.label, file=slot.place.file, comment=comment)
    for response in known.responses.values():
        for number, (title, _) in enumerate(response.buttons, 1):
            name = button_label(response.name, number)
            yield Response(name, title, file=response.file, comment=f"a choice under: {response.text}")


def _fills(flow: Flow) -> frozenset[str]:
    return frozenset(slot for step in flow.steps.values() for slot in step.fills)


def _narrowing(flow: Flow) -> frozenset[str]:
    """Slots that decide what the flow's questions offer."""
    return frozenset(slot for step in flow.steps.values() for slot in step.offers_by)


def _told(flow: Flow, slots: list[Slot]) -> frozenset[str]:
    """Slots of the flow's own file that nobody asks for: only the text that starts a flow fills them."""
    return frozenset(slot.name for slot in slots if slot.place.file == flow.place.file)


def _reached(flows: Mapping[str, Flow], start: str, *, leaving: bool) -> Iterator[Flow]:
    """The flow and those it calls; with `leaving` also those it links to."""
    waiting, seen = [start], {start}
    while waiting:
        flow = flows[waiting.pop()]
        yield flow
        for step in flow.steps.values():
            other = step.starts
            if other and other in flows and other not in seen and (leaving or not step.LEAVES):
                seen.add(other)
                waiting.append(other)


def _with_called(
    flows: Mapping[str, Flow], flow: str, of: Callable[[Flow], frozenset[str]]
) -> frozenset[str]:
    return frozenset(name for called in _reached(flows, flow, leaving=False) for name in of(called))


def _asks(flows: Mapping[str, Flow], flow: str) -> bool:
    return any(step.WAITS for each in _reached(flows, flow, leaving=True) for step in each.steps.values())
