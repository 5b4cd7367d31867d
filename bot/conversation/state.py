"""The state of a conversation as JSON, and back. What an older version or another deploy left is recognised as lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.conversation.definitions import FlowSet
from bot.conversation.state_texts import say_from_json, say_to_json
from bot.model.dialogue import Asking, DialogueState, Frame, Request, Say

VERSION = 1
LOST = DialogueState(stack=(Frame("", ""),))
"""Stands for a state that cannot be read; the engine apologises and begins anew."""


def to_json(state: DialogueState) -> dict[str, Any]:
    """The state as plain JSON values. `steps` belongs to a turn and is not kept."""
    return {
        "version": VERSION,
        "stack": [
            {"flow": f.flow, "step": f.step, "entered_by": f.entered_by, "answered": list(f.answered)}
            for f in state.stack
        ],
        "slots": dict(state.slots),
        "asking": _asking_to_json(state.asking) if state.asking else None,
        "misses": state.misses,
        "last_said": [say_to_json(say) for say in state.last_said],
        "waiting": [asdict(request) for request in state.waiting],
    }


def from_json(written: Mapping[str, Any]) -> DialogueState:
    """The state again. Nothing written is a new conversation; what cannot be read is a lost one."""
    if not written or not written.keys() - {"labels"}:
        return DialogueState()
    if written.get("version") != VERSION:
        return LOST
    try:
        return DialogueState(
            stack=tuple(
                Frame(f["flow"], f["step"], f["entered_by"], tuple(f["answered"])) for f in written["stack"]
            ),
            slots=dict(written["slots"]),
            asking=_asking_from_json(written["asking"]) if written["asking"] else None,
            misses=int(written["misses"]),
            last_said=tuple(say_from_json(say) for say in written["last_said"]),
            waiting=tuple(Request(**request) for request in written.get("waiting", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return LOST


def is_stale(state: DialogueState, flow_set: FlowSet) -> bool:
    """Whether the flows have changed under a conversation so that it cannot go on where it stood."""
    if not state.stack or state.asking is None:
        return bool(state.stack) or state.asking is not None
    top = state.stack[-1]
    if not all(_stands(frame, flow_set) for frame in state.stack) or state.asking.slot not in flow_set.slots:
        return True
    step = flow_set.flows[top.flow].steps[top.step]
    return not (step.WAITS and state.asking.slot in step.fills)


def _stands(frame: Frame, flow_set: FlowSet) -> bool:
    flow = flow_set.flows.get(frame.flow)
    if flow is None or not {frame.step, *frame.answered} <= flow.steps.keys():
        return False
    step = flow.steps[frame.step]
    return step.WAITS or step.starts is not None


def _asking_to_json(asking: Asking) -> dict[str, Any]:
    question = asking.question or Say((), asking.choices)
    return {"slot": asking.slot, "question": say_to_json(question), "misses": asking.misses}


def _asking_from_json(written: Mapping[str, Any]) -> Asking:
    question = say_from_json(written["question"])
    return Asking(
        written["slot"], question.choices, int(written["misses"]), question if question.texts else None
    )
