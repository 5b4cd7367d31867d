"""The engine: (state, utterance, facts) → what is said, what is to be done, and the next state. Nothing else happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation.answers import (
    ANOTHER_WISH,
    Answer,
    answers_plainly,
    find_choice,
    read_answer,
    yes_by_naming,
)
from bot.conversation.commands import hand_over, obey_command, wants_no_more
from bot.conversation.definitions import FlowSet
from bot.conversation.hearing import asks_for_change, introduced, is_reference
from bot.conversation.offers import offer_language
from bot.conversation.patterns import clarify, restart_with, start_pattern
from bot.conversation.several import keep_others, take_up
from bot.conversation.short_answers import is_brief, negates
from bot.conversation.state import is_stale
from bot.conversation.steps.collect import Collect
from bot.conversation.texts import fold, near
from bot.conversation.told_ahead import told_ahead
from bot.conversation.triggers import (
    SMALL_TALK,
    flow_by_intent,
    flow_by_keyword,
    flows_in_question,
    interruption,
    start_flow,
    sure_wish,
)
from bot.conversation.walk import EndlessWalk, Walk
from bot.model.dialogue import DialogueState, Receipt, SlotValue, StepOutcome
from bot.model.errors import BadFlow
from bot.model.utterance import Utterance

Facts = Mapping[str, SlotValue]

MOST_MISSES = 2
"""Turns in a row that are not understood before a person takes over."""


class Engine:
    """Runs a set of flows. Holds no state, reads no clock, does no input or output."""

    def __init__(self, flow_set: FlowSet) -> None:
        self.flow_set = flow_set

    def advance(self, state: DialogueState, utterance: Utterance, facts: Facts) -> StepOutcome:
        """One turn: take an utterance. With `act` set, run that action with `state.slots` and call `resume`.

        Each outcome's `say` is new: the caller sends them all, in order.
        """
        stale = is_stale(state, self.flow_set)
        walk = self._walk(DialogueState(misses=state.misses) if stale else state, facts)
        walk.earlier = state.last_said

        def take() -> None:
            if stale:
                walk.utter("utter_start_over")
            _take(walk, utterance, fresh=state == DialogueState(), lost=stale)

        return _finish(walk, take)

    def resume(self, state: DialogueState, receipt: Receipt, facts: Facts) -> StepOutcome:
        """Go on with what an action brought. Its messages come back in `say`; its notices are the caller's."""
        walk = self._walk(state, facts)
        walk.so_far, walk.steps = state.last_said, state.steps
        return _finish(walk, lambda: walk.step.resume(walk, receipt))

    def recover(self, state: DialogueState, facts: Facts) -> StepOutcome:
        """An action failed for good: give up what runs and apologise."""
        walk = self._walk(state, facts)
        return _finish(walk, lambda: restart_with(walk, "internal_error"))

    def _walk(self, state: DialogueState, facts: Facts) -> Walk:
        slots = dict(state.slots)
        if not state.stack:  # later a slot without a value is one that was emptied
            for slot in self.flow_set.slots.values():
                if slot.initial is not None:
                    slots.setdefault(slot.name, slot.initial)
        walk = Walk(self.flow_set, facts, list(state.stack), slots, state.asking, state.misses)
        walk.waiting = [request for request in state.waiting if request.flow in self.flow_set.flows]
        return walk


def _finish(walk: Walk, begin: Callable[[], None]) -> StepOutcome:
    """Walk on until the turn is over or an action is due. Flows that fail or never end come to an apology."""
    try:
        begin()
        walk.run()
        offer_language(walk)
    except (EndlessWalk, BadFlow) as error:
        walk.trail.append(f"error: {error}")
        walk.said.clear()
        walk.steps = 0
        restart_with(walk, "internal_error")
        walk.run()
    return walk.outcome()


def _take(walk: Walk, utterance: Utterance, *, fresh: bool, lost: bool) -> None:
    if _introduce(walk, utterance) or obey_command(walk, utterance):
        return
    if fresh and walk.flow_set.flows["pattern_session_start"].steps:
        start_pattern(walk, "session_start")
        walk.run()
    if not _has_words(utterance):
        _take_wordless(walk, utterance)
    elif walk.asking is not None:
        _answer(walk, utterance)
    elif not (take_up(walk, utterance) or _start(walk, utterance)) and not lost:
        _miss(walk, utterance)


def _introduce(walk: Walk, utterance: Utterance) -> bool:
    """Another adult of a shared telephone says who writes now: what the other one was doing ends here."""
    more = introduced(utterance.text, walk.facts)
    held = utterance.crisis or walk.facts.get("opted_out") or walk.facts.get("with_staff")
    if more is None or held or "stop" in utterance.commands:
        return False
    if walk.asking is not None and find_choice(walk, walk.asking, utterance) is not None:
        return False
    walk.drop_all()
    walk.misses = 0
    flow = flow_by_intent(walk, utterance) if more else None
    if flow is not None and utterance.intent.name not in SMALL_TALK:
        start_flow(walk, flow, utterance.text, utterance.entities)
    start_pattern(walk, "new_speaker")
    return True


def _has_words(utterance: Utterance) -> bool:
    known = bool(utterance.commands) or utterance.number is not None
    return known or any(character.isalnum() for character in utterance.text)


def _take_wordless(walk: Walk, utterance: Utterance) -> None:
    """A picture, a voice note, an emoji. Who cannot write words needs a person; who sends a heart does not."""
    walk.misses += 0 if utterance.text.strip() else 1
    if walk.misses >= MOST_MISSES:
        hand_over(walk)
    else:
        start_pattern(walk, "unsupported_input")


def _answer(walk: Walk, utterance: Utterance) -> None:
    """An utterance while a question is open: its answer, an interruption, or not understood."""
    step, asking = walk.step, walk.asking
    assert isinstance(step, Collect) and asking is not None  # else the state was stale
    reminded = flow_by_keyword(walk, utterance, letters_only=True)
    choice = find_choice(walk, asking, utterance)
    if reminded is not None and choice is None:
        start_flow(walk, reminded, utterance.text if is_reference(utterance.text) else "", {})
        return
    corrects = choice is None and bool(step.corrects) and _corrects(walk, step, utterance)
    plain = choice is not None or corrects or answers_plainly(walk, asking, utterance)
    asked_for = {} if plain or negates(utterance.text) else step.asked_for(walk, utterance)
    if asked_for and is_brief(utterance.text) and "reason" not in utterance.entities:
        step.narrow(walk, asked_for)
        return
    wish = None if plain else sure_wish(walk, walk.flow_set.slots[asking.slot], utterance)
    answer = None if wish else Answer(False) if corrects else read_answer(walk, asking, utterance)
    if answer is not None:
        _accept(walk, step, utterance, answer)
        return
    if take_up(walk, utterance):
        return
    flow = wish or interruption(walk, utterance)
    told = {} if wish else told_ahead(walk, utterance)
    if told and (flow is None or utterance.intent.confidence < ANOTHER_WISH):
        walk.slots.update(told)
        step.ask(walk, "utter_noted")
    elif flow is not None:
        start_flow(walk, flow, utterance.text, utterance.entities)
    elif asking.choices and utterance.commands & {"no", "none"} and not walk.flow.is_pattern:
        start_pattern(walk, "leave_flow")
    else:
        _miss(walk, utterance)


def _accept(walk: Walk, step: Collect, utterance: Utterance, answer: Answer) -> None:
    """Go on with an answer; what else the text says is kept."""
    slot = walk.flow_set.slots[step.slot]
    if wants_no_more(utterance):
        walk.utter("utter_how_to_stop")
    if slot.type != "text":
        keep_others(walk, utterance)
    if answer.value is True:
        walk.slots.update(yes_by_naming(slot, utterance))
    step.accept(walk, answer.value)


def _corrects(walk: Walk, step: Collect, utterance: Utterance) -> bool:
    """Whether the answer to a summary asks for a change: in as many words, or by naming what is to be changed."""
    said = fold(utterance.text)
    labels = [fold(walk.flow_set.slots[slot].label or "") for slot in step.corrects]
    named = any(label and (near(label, said) or set(said.split()) <= set(label.split())) for label in labels)
    told = "move" in utterance.commands or utterance.intent.name == "change_conference"
    return bool(said) and (named or told or asks_for_change(utterance.text))


def _start(walk: Walk, utterance: Utterance) -> bool:
    """Start what the utterance asks for, if that is clear; ask, if it is one of two things."""
    flow = flow_by_keyword(walk, utterance)
    if flow is not None:
        start_flow(walk, flow, utterance.text if is_reference(utterance.text) else "", utterance.entities)
        return True
    flow = flow_by_intent(walk, utterance)
    if flow is not None:
        start_flow(walk, flow, utterance.text, utterance.entities)
        return True
    options = flows_in_question(walk, utterance)
    if options:
        clarify(walk, options, utterance.text)
    return bool(options)


def _miss(walk: Walk, utterance: Utterance) -> None:
    """Not understood: ask once more; the second time in a row a person takes over."""
    walk.trail.append("not_understood")
    walk.misses += 1
    if walk.misses >= MOST_MISSES:
        hand_over(walk)
    elif isinstance(step := walk.step if walk.asking else None, Collect):
        step.ask_again(walk)
    elif utterance.decision == "unavailable":  # numbers work without the model
        start_pattern(walk, "menu")
    else:
        start_pattern(walk, "cannot_handle")
