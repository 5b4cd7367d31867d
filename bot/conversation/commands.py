"""What goes before any question: safety, consent, help, and the words that work everywhere. In this order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.conversation.answers import answers_plainly, exact_choice, find_choice
from bot.conversation.hearing import names_cancelling
from bot.conversation.patterns import restart_with, start_pattern
from bot.conversation.short_answers import is_brief, is_one_word
from bot.conversation.stack import groups, is_repair, without_repairs
from bot.conversation.steps.collect import Collect
from bot.conversation.texts import fold
from bot.conversation.walk import Walk
from bot.model.dialogue import Asking
from bot.model.utterance import Utterance

OPT_OUT_MEANT = 0.6
"""From here on a sentence that the model takes for a wish to get no more messages is asked about."""

OPT_OUT_SURE = 0.97
OPT_OUT_WORDS = 8
"""So sure, and no longer than this, it counts as STOP without asking; but never in answer to a question."""

_ALSO_STARTS = frozenset({"menu", "back", "more", "repeat", "no"})

CRISIS_SURE = 0.5
"""A weaker alarm of the model alone yields to an answer that was offered in just these words, or in a few like them."""

FEW_WORDS = 4
"""So few, and all of them of what was offered, are an answer however sure the model is of an alarm ("by video")."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that takes the turn when it applies. `yields`: not if the open question offers just this word."""

    name: str
    applies: Callable[[Walk, Utterance], bool]
    obey: Callable[[Walk, Utterance], None]
    yields: bool = False


def obey_command(walk: Walk, utterance: Utterance) -> bool:
    """Obey the first rule that applies; false when none does."""
    asking = walk.asking
    offered = asking is not None and (
        find_choice(walk, asking, utterance) is not None or answers_plainly(walk, asking, utterance)
    )
    for rule in RULES:
        if rule.applies(walk, utterance) and not (rule.yields and offered):
            rule.obey(walk, utterance)
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


def give_up(walk: Walk, utterance: Utterance) -> None:
    """Leave what is under way. Where just that is asked, whether to cancel, the word is the yes to it; who said
    "enough" to a question hears how to end messages, too."""
    asks_that = walk.asking is not None and walk.asking.slot == "cancel"
    if asks_that and isinstance(walk.step, Collect) and names_cancelling(utterance.text):
        walk.step.accept(walk, True)
        return
    if "stop" in utterance.commands:
        walk.utter("utter_how_to_stop")
    start_pattern(walk, "cancel_flow")


def _told(word: str) -> Callable[[Walk, Utterance], bool]:
    return lambda walk, utterance: word in utterance.commands


def _told_while_talking(word: str) -> Callable[[Walk, Utterance], bool]:
    return lambda walk, utterance: word in utterance.commands and bool(walk.stack)


def _fact_unless(fact: str, word: str) -> Callable[[Walk, Utterance], bool]:
    return lambda walk, utterance: bool(walk.facts.get(fact)) and word not in utterance.commands


def _in_danger(walk: Walk, utterance: Utterance) -> bool:
    """Words of danger always alarm; a guess of the model does not, where it is an answer that was offered."""
    if utterance.crisis == "model" and walk.asking is not None:
        return not _answers_the_list(walk, walk.asking, utterance)
    return utterance.crisis is not None


def _answers_the_list(walk: Walk, asking: Asking, utterance: Utterance) -> bool:
    """Whether nothing but what was offered is said: no word may be left over that could be the danger."""
    if utterance.intent.confidence < CRISIS_SURE and exact_choice(walk, asking, utterance) is not None:
        return True
    if not asking.choices or not is_brief(utterance.text, FEW_WORDS):
        return False
    if find_choice(walk, asking, utterance) is not None:
        return True
    told = isinstance(walk.step, Collect) and bool(walk.step.asked_for(walk, utterance))
    return is_one_word(utterance.text) and (told or answers_plainly(walk, asking, utterance))


def _raise_crisis(walk: Walk, utterance: Utterance) -> None:
    """After words of danger nothing else matters. After a guess the family may go on with what it was doing."""
    if utterance.crisis == "words" or walk.facts.get("opted_out") or walk.facts.get("with_staff"):
        restart_with(walk, "crisis", keep_slots=True)
        return
    walk.stack, walk.asking, walk.misses = without_repairs(walk.stack), None, 0
    walk.waiting.clear()
    walk.push("pattern_crisis", "cancel" if walk.stack else "pattern")


def _stops(walk: Walk, utterance: Utterance) -> bool:
    short = len(utterance.text.split()) <= OPT_OUT_WORDS
    sure = wants_no_more(utterance) and utterance.intent.confidence >= OPT_OUT_SURE
    said = "stop" in utterance.commands and not _answers_too(walk, utterance)
    return said or _cancels_the_line(walk, utterance) or (sure and short and not walk.asking)


def _starts(walk: Walk, utterance: Utterance) -> bool:
    """A word that means more ("重新开始": begin again, "ibalik": back) starts messages only where they are stopped."""
    means_more = not walk.facts.get("opted_out") and utterance.commands & _ALSO_STARTS
    return "start" in utterance.commands and not means_more


def _may_stop(walk: Walk, utterance: Utterance) -> bool:
    """The model alone takes it for a STOP: ask. What is told in answer to a question is an answer first."""
    asked = not _telling(walk) and not _answers_too(walk, utterance)
    return wants_no_more(utterance) and asked and not walk.facts.get("opted_out")


def _answers_too(walk: Walk, utterance: Utterance) -> bool:
    """Whether a word that stops messages answers the open question as well: Vietnamese "dung" (yes), Russian
    "хватит" (enough) where a list or a yes-or-no is open. To people it says what it says."""
    enough = _closed(walk) and not walk.facts.get("with_staff") and "no" in utterance.commands
    return enough or (walk.asking is not None and "yes" in utterance.commands)


def wants_no_more(utterance: Utterance) -> bool:
    """Whether the model takes a sentence for a wish to get no more messages."""
    return utterance.intent.name == "opt_out" and utterance.intent.confidence >= OPT_OUT_MEANT


def _cancels_the_line(walk: Walk, utterance: Utterance) -> bool:
    """The bare word CANCEL with nothing to cancel. US law counts it as a revocation (47 CFR 64.1200(a)(10)),
    and carriers block the number on it; on "never mind" they do not."""
    booked = walk.facts.get("appointments_count") or walk.facts.get("reminded_appointment")
    return fold(utterance.text) == "cancel" and not walk.stack and not booked


def _wants_person(walk: Walk, utterance: Utterance) -> bool:
    """Said outright, or meant; but an answer may well mention people ("yes, an interpreter please")."""
    alone = utterance.intent.name == "talk_to_human" and not utterance.parts
    meant = alone and not _closed(walk) and not _telling(walk)
    return "person" in utterance.commands or meant


def _closed(walk: Walk) -> bool:
    """Whether the open question is a yes-or-no or a list."""
    asking = walk.asking
    return asking is not None and (
        walk.flow_set.slots[asking.slot].type in ("bool", "categorical") or bool(asking.choices)
    )


def _telling(walk: Walk) -> bool:
    """Whether the open question is answered in the family's own words."""
    asking = walk.asking
    return asking is not None and walk.flow_set.slots[asking.slot].type == "text" and not asking.choices


def _cancels(walk: Walk, utterance: Utterance) -> bool:
    """A word that declines as well ("不用了", "thôi") is the no to an open yes-or-no, unless that asks whether to give up."""
    asking = walk.asking
    offer = (
        asking is not None and walk.flow_set.slots[asking.slot].type == "bool" and asking.slot != "leave_flow"
    )
    declined = offer and "no" in utterance.commands
    return "cancel" in utterance.commands and bool(walk.stack) and not declined


def _skips(walk: Walk, utterance: Utterance) -> bool:
    if walk.asking is None:
        return False
    able = isinstance(walk.step, Collect) and walk.step.skippable
    none = "none" in utterance.commands and walk.flow_set.slots[walk.asking.slot].type != "bool"
    return "skip" in utterance.commands or (able and none)


def _pattern(name: str) -> Callable[[Walk, Utterance], None]:
    return lambda walk, utterance: start_pattern(walk, name)


def _restart(name: str, *, keep_slots: bool = False) -> Callable[[Walk, Utterance], None]:
    return lambda walk, utterance: restart_with(walk, name, keep_slots=keep_slots)


RULES = (
    Rule("crisis", _in_danger, _raise_crisis),
    Rule("stop", _stops, _restart("opt_out", keep_slots=True)),
    Rule("start", _starts, _pattern("opt_in")),
    Rule("stopped", _fact_unless("opted_out", "help"), _pattern("stopped")),
    Rule("help", _told("help"), _pattern("help")),
    Rule("with staff", _fact_unless("with_staff", "menu"), _pattern("with_staff")),
    Rule("perhaps stop", _may_stop, _pattern("perhaps_stop"), yields=True),
    Rule("menu", _told("menu"), _restart("menu"), yields=True),
    Rule("person", _wants_person, lambda walk, u: hand_over(walk), yields=True),
    Rule("cancel", _cancels, give_up, yields=True),
    Rule("back", _told_while_talking("back"), lambda walk, u: go_back(walk), yields=True),
    Rule("repeat", _told("repeat"), _pattern("repeat_bot_messages"), yields=True),
    Rule("skip", _skips, lambda walk, u: skip(walk), yields=True),
)
