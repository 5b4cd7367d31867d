"""Actions of the engine itself: they move the conversation and touch nothing else, so no caller is asked to run them.

Each returns what an action returns, or None when it has moved the walk to where it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.definitions import flow_name, slot_label
from bot.conversation.patterns import restart_with
from bot.conversation.several import start_next
from bot.conversation.stack import frames, groups, is_repair
from bot.conversation.triggers import HAND_OVER, start_flow
from bot.conversation.walk import Walk
from bot.model.dialogue import Choice, Phrase, Receipt, Say


def listen(walk: Walk) -> None:
    """End the pattern and wait: the question beneath stays open and is not asked again."""
    walk.stack.pop()
    walk.paused = True


def repeat_bot_messages(walk: Walk) -> Receipt:
    """Say again what was said last."""
    return Receipt(say=tuple(replace(say, kind="reply") for say in walk.earlier))


def count_as_understood(walk: Walk) -> Receipt:
    """The message had its effect after all: it does not count towards a person taking over."""
    walk.misses = 0
    return Receipt()


def cancel_flow(walk: Walk) -> Receipt:
    """Give up the flow beneath this pattern, with the patterns between."""
    grouped = groups(walk.stack)
    pattern = grouped.pop()
    given_up = []
    while grouped:
        group = grouped.pop()
        given_up += group
        if not is_repair(group):
            break
    pattern[0] = replace(pattern[0], entered_by="cancel")
    walk.stack = frames([*grouped, pattern])
    walk.asking = None
    walk.waiting.clear()
    walk.forget_slots_of(*(frame.flow for frame in given_up))
    return Receipt()


def ask_clarified_flow(walk: Walk) -> Receipt:
    """Which of the flows that were in question?"""
    options = str(walk.slots.get("clarified_options") or "").split(",")
    choices = [Choice(flow, Phrase(flow_name(flow))) for flow in options if flow in walk.flow_set.flows]
    choices.append(Choice("other", Phrase("utter_clarify_other")))
    return Receipt(say=(Say((Phrase("utter_ask_clarified_flow"),), tuple(choices)),))


def start_clarified_flow(walk: Walk) -> None:
    """Run the flow that was chosen, as if the first text had been clear."""
    flow = walk.flow_set.flows[str(walk.slots.get("clarified_flow"))]
    text = str(walk.slots.get("clarified_text") or "")
    walk.stack.pop()
    walk.forget("clarified_flow", "clarified_options", "clarified_text")
    if flow.id == HAND_OVER:
        walk.slots["opening_words"] = text  # the case is to hold more than the number that chose it
        restart_with(walk, "human_handoff", keep_slots=True)
        return
    start_flow(walk, flow, text, {})


def start_next_request(walk: Walk) -> None:
    """Run the request that waits first, as if it had been written just now."""
    walk.stack.pop()
    start_next(walk)


def ask_corrected_slot(walk: Walk) -> Receipt:
    """Which of the earlier answers is to be changed?"""
    slots = str(walk.slots.get("correctable") or "").split(",")
    given = [slot for slot in slots if slot in walk.flow_set.slots and walk.slots.get(slot) is not None]
    choices = [Choice(slot, Phrase(slot_label(slot))) for slot in given]
    choices.append(Choice("nothing", Phrase("utter_correct_nothing")))
    return Receipt(say=(Say((Phrase("utter_ask_corrected_slot"),), tuple(choices)),))


def correct_slot(walk: Walk) -> None:
    """Go back to the question whose answer is to be changed; what follows it is gone through again."""
    slot = str(walk.slots.get("corrected_slot"))
    walk.stack.pop()
    walk.forget("corrected_slot", "correctable")
    asking = walk.step
    walk.unset(slot, *asking.fills)
    for step in walk.flow.steps.values():
        within = walk.flow_set.fills[step.starts] if step.starts else frozenset()
        if (step.WAITS and slot in step.fills) or slot in within:
            others = tuple(name for name in walk.top.answered if name != step.id)
            walk.stack[-1] = replace(walk.top, step=step.id, answered=others)
            return


OWN_ACTIONS: Mapping[str, Callable[[Walk], Receipt | None]] = {
    "action_listen": listen,
    "action_repeat_bot_messages": repeat_bot_messages,
    "action_cancel_flow": cancel_flow,
    "action_count_as_understood": count_as_understood,
    "action_ask_clarified_flow": ask_clarified_flow,
    "action_start_clarified_flow": start_clarified_flow,
    "action_start_next_request": start_next_request,
    "action_ask_corrected_slot": ask_corrected_slot,
    "action_correct_slot": correct_slot,
}
