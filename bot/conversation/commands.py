"""What goes before any question: safety, consent, help, and the words that work everywhere. In this order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.conversation.answers import find_choice
from bot.conversation.patterns import restart_with, start_pattern
from bot.conversation.stack import groups, is_repair
from bot.conversation.steps.collect import Collect
from bot.conversation.walk import Walk
from bot.model.utterance import Utterance

OPT_OUT_SURE = 0.6
"""From here on a sentence that asks for no more messages counts as STOP."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that takes the turn when it applies. `yields`: not if the open question offers just this word."""

    name: str
    applies: Callable[[Walk, Utterance], bool]
    obey: Callable[[Walk], None]
    yields: bool = False


def obey_command(walk: Walk, utterance: Utterance) -> bool:
    """Obey the first rule that applies; false when none does."""
    offered = walk.asking is not None and find_choice(walk, walk.asking, utterance) is not None
    for rule in RULES:
        if rule.applies(walk, utterance) and not (rule.yields and offered):
            rule.obey(walk)
            return True
    return False


def hand_over(walk: Walk) -> None:
    """A person takes it from here; the case may hold what was collected so far."""
    restart_with(walk, "human_handoff", keep_slots=True)


def skip(walk: Walk) -> None:
    """Leave the open question unanswered, where its flow can do without."""
    if isinstance(walk.step, Collect) and walk.step.skippable:
        walk.step.accept(walk, None)
    else:
        start_pattern(walk, "skip_question")


def go_back(walk: Walk) -> None:
    """Ask the question before this one again; from a pattern, back to what it interrupted."""
    grouped = groups(walk.stack)
    if is_repair(grouped[-1]) and len(grouped) > 1:
        walk.stack = [frame for group in grouped[:-1] for frame in group]
        return
    way = grouped[-1]
    left = next((depth for depth, frame in reversed(list(enumerate(way))) if frame.answered), None)
    if left is None:
        walk.utter("utter_first_question")
        return
    frame = way[left]
    walk.stack = walk.stack[: len(walk.stack) - len(way) + left]
    walk.stack.append(replace(frame, step=frame.answered[-1], answered=frame.answered[:-1]))
    step = walk.step
    walk.unset(*(walk.flow_set.fills[step.starts] if step.starts else step.fills))


def _told(word: str) -> Callable[[Walk, Utterance], bool]:
    return lambda walk, utterance: word in utterance.commands


def _told_while_talking(word: str) -> Callable[[Walk, Utterance], bool]:
    return lambda walk, utterance: word in utterance.commands and bool(walk.stack)


def _fact_unless(fact: str, word: str) -> Callable[[Walk, Utterance], bool]:
    return lambda walk, utterance: bool(walk.facts.get(fact)) and word not in utterance.commands


def _stops(walk: Walk, utterance: Utterance) -> bool:
    sure = utterance.intent.name == "opt_out" and utterance.intent.confidence >= OPT_OUT_SURE
    return sure or "stop" in utterance.commands or _cancels_the_line(walk, utterance)


def _cancels_the_line(walk: Walk, utterance: Utterance) -> bool:
    """A bare CANCEL with nothing to cancel. US law counts it as a revocation (47 CFR 64.1200(a)(10)),
    and carriers block the number on it."""
    return "cancel" in utterance.commands and not walk.stack and not walk.facts.get("appointments_count")


def _wants_person(walk: Walk, utterance: Utterance) -> bool:
    """Said outright, or meant; but a story told in answer to a question may well mention people."""
    telling = walk.asking is not None and walk.flow_set.slots[walk.asking.slot].type == "text"
    return "person" in utterance.commands or (utterance.intent.name == "talk_to_human" and not telling)


def _skips(walk: Walk, utterance: Utterance) -> bool:
    if walk.asking is None:
        return False
    able = isinstance(walk.step, Collect) and walk.step.skippable
    none = "none" in utterance.commands and walk.flow_set.slots[walk.asking.slot].type != "bool"
    return "skip" in utterance.commands or (able and none)


RULES = (
    Rule("crisis", lambda walk, u: u.crisis is not None, lambda walk: restart_with(walk, "crisis", keep_slots=True)),
    Rule("stop", _stops, lambda walk: restart_with(walk, "opt_out", keep_slots=True)),
    Rule("start", _told("start"), lambda walk: start_pattern(walk, "opt_in")),
    Rule("stopped", _fact_unless("opted_out", "help"), lambda walk: start_pattern(walk, "stopped")),
    Rule("help", _told("help"), lambda walk: start_pattern(walk, "help")),
    Rule("with staff", _fact_unless("with_staff", "menu"), lambda walk: start_pattern(walk, "with_staff")),
    Rule("menu", _told("menu"), lambda walk: restart_with(walk, "menu"), yields=True),
    Rule("person", _wants_person, hand_over, yields=True),
    Rule("cancel", _told_while_talking("cancel"), lambda walk: start_pattern(walk, "cancel_flow"), yields=True),
    Rule("back", _told_while_talking("back"), go_back, yields=True),
    Rule("repeat", _told("repeat"), lambda walk: start_pattern(walk, "repeat_bot_messages"), yields=True),
    Rule("skip", _skips, skip, yields=True),
)
