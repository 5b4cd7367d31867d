"""Draws flows as Mermaid text (mermaid.js.org), for documentation and for a look at a new flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.conversation.definitions import END, Flow, FlowSet, Step
from bot.model.errors import NotFound

_SHAPES = {"collect": ("[/", "/]"), "noop": ("{", "}"), "link": ("([", "])"), "call": ("[[", "]]")}


def draw(known: FlowSet, flow: str | None = None) -> str:
    """One flow, or all of them as one picture. NotFound if there is no such flow."""
    if flow is not None and flow not in known.flows:
        raise NotFound(f"there is no flow `{flow}`; there are: {', '.join(known.flows)}")
    shown = [known.flows[flow]] if flow else list(known.flows.values())
    lines = ["flowchart TD"]
    for each in shown:
        lines += _draw_flow(each)
    lines += _draw_links(shown, known)
    return "\n".join(lines) + "\n"


def _draw_flow(flow: Flow) -> Iterator[str]:
    yield f'  subgraph {flow.id}["{_quoted(flow.name or flow.id)}"]'
    starts = ", ".join(trigger.name for trigger in flow.triggers)
    guard = f" if {flow.guard.source}" if flow.guard else ""
    numbers = {step: f"{flow.id}_{n}" for n, step in enumerate(flow.steps)}
    numbers[END] = f"{flow.id}_end"
    yield f'    {flow.id}_start(("{_quoted(starts + guard) or " "}")) --> {numbers[flow.first]}'
    for step in flow.steps.values():
        left, right = _SHAPES.get(step.KIND, ("[", "]"))
        yield f'    {numbers[step.id]}{left}"{_quoted(_words(step))}"{right}'
        for branch in () if step.LEAVES else step.next:
            label = _label(branch.condition.source if branch.condition else "else", step)
            yield f"    {numbers[step.id]} -->{label} {numbers[branch.target]}"
    yield f"    {flow.id}_end(((END)))"
    yield "  end"


def _draw_links(shown: Sequence[Flow], known: FlowSet) -> Iterator[str]:
    """Dotted lines from a step to the flow it starts; where that is not in the picture, its name."""
    ids = {flow.id for flow in shown}
    for flow in shown:
        for number, step in enumerate(flow.steps.values()):
            if step.starts in known.flows:
                name = step.starts if step.starts in ids else f'other_{step.starts}[["{step.starts}"]]'
                yield f"  {flow.id}_{number} -.-> {name}"


def _words(step: Step) -> str:
    return step.id if step.id.startswith((step.KIND, "action_", "utter_")) else f"{step.id}: {step.KIND}"


def _label(words: str, step: Step) -> str:
    return f'|"{_quoted(words)}"|' if len(step.next) > 1 else ""


def _quoted(words: str) -> str:
    return words.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
