"""Plain words for broadcasts: where one stands, what became of a text, why somebody is left out."""

from __future__ import annotations

from bot.console import words
from bot.console.forms.broadcast_parts import RULES
from bot.console.lost_words import AGAIN
from bot.console.texts import N_, translate
from bot.console.words import DELIVERY, Standing
from bot.model.delivery import DeliveryState
from bot.outbox.gate import STOPPED
from bot.outbox.queueing import STALE
from bot.school.broadcasts import reasons
from bot.school.still_told import ROSTER_CHANGED
from bot.storage.broadcast_outcomes import Outcome

TABS = {
    "current": N_("Under way"),
    "approval": N_("To approve"),
    "drafts": N_("Drafts"),
    "ended": N_("Ended"),
}

EMPTY = {
    "current": N_("No broadcast is under way. Write one: you see who gets it and what it costs before anything leaves."),
    "approval": N_("Nothing waits for an approval."),
    "drafts": N_("There are no drafts. What you write is kept here until you send it or throw it away."),
    "ended": N_("No broadcast has ended yet."),
}  # fmt: skip

STATES = {
    "draft": N_("Draft"),
    "scheduled": N_("Scheduled"),
    "expanding": N_("Is being prepared"),
    "sending": N_("Is being sent"),
    "paused": N_("Paused"),
    "done": N_("Done"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
}
"""A broadcast's states."""

ONE_PER = {
    "household": N_("One text to a telephone, about all its children"),
    "child": N_("A text of its own for each child"),
}

CATEGORIES = {"routine": N_("Routine"), "urgent": N_("Urgent")}

CATEGORY_HINTS = {
    "routine": N_("Waits for the morning where it would come at night."),
    "urgent": N_(
        "Comes at night too. A second person always has to approve it and to say why it cannot wait."
    ),
}

FIELDS = {
    "child": N_("the child's first name; several children are named side by side"),
    "children": N_("the same, where you write about several children"),
    "teacher": N_("who teaches the child"),
    "class": N_("the child's class"),
    "date": N_("the day you choose below, as the family writes days"),
    "school": N_("the child's school"),
}
"""What each merge field becomes."""

LEFT_OUT = {
    reasons.STOPPED: N_("The family said STOP."),
    reasons.NO_CONTACT: N_("Somebody on this telephone must not be contacted about the child."),
    reasons.NO_RECORDS: N_("Somebody on this telephone may not be told about the child's school records."),
    reasons.OF_AGE: N_("The student is 18 or older and alone decides who is told."),
    reasons.NO_ADDRESS: N_("There is no number or address that can be texted."),
    reasons.CHANGED: N_("The roster changed before the text left."),
    reasons.MISSING: N_("A value that the text needs is missing."),
    reasons.EXPIRED: N_("The text was worth nothing any more."),
    reasons.CANCELLED: N_("The broadcast was cancelled."),
    reasons.FAULT: N_("The text could not be made. An engineer has to look into the log."),
}

WHY_NOT = {
    STOPPED: N_("The family said STOP."),
    STALE: N_("The text was worth nothing any more."),
    ROSTER_CHANGED: N_("The roster changed before the text left."),
    **words.WHY_NOT,
}
"""Reasons of the outbox, in the reader's language."""

RESULTS: dict[str, Standing] = {
    "pending": Standing(N_("Waits for its turn"), "◷", "wait"),
    **{str(state): standing for state, standing in DELIVERY.items()},
    "held": Standing(N_("Waits for the morning, or for another try"), "◷", "wait"),
    "suppressed": Standing(N_("Not sent: this telephone must not be texted"), "✕", "bad"),
    "skipped": Standing(N_("Left out"), "✕", "calm"),
}
"""How it stands for one recipient, in the order of its way."""

REPEATS = {
    "once": N_("Once"),
    "weekdays": N_("Every weekday, Monday to Friday"),
    "weekly": N_("Every week on the same day"),
    "fortnightly": N_("Every second week on the same day"),
    "monthly": N_("Every month on the same day"),
}
"""How often, by the name of the rule."""

RESCUES = {
    "another_number": N_("another number of the same person was texted"),
    "other_guardian": N_("another adult of the family was texted"),
    "reached": N_("another adult or number of the family has it"),
    "task": N_("the office has a case for it"),
}
"""What was done where a text could not arrive."""

ON_HOLD = Standing(N_("Waits until the broadcast goes on"), "◷", "wait")


def rule_words(rule: str) -> str:
    """A rule as people say it; one that has no words stays as it is."""
    bare, _, until = rule.partition(";UNTIL=")
    name = next((name for name, known in RULES.items() if known == bare), None)
    if name is None:
        return rule
    told = translate(REPEATS[name])
    day = f"{until[:4]}-{until[4:6]}-{until[6:8]}"
    return translate("%(rule)s, until %(day)s", rule=told, day=day) if until else told


def short_number(line: str) -> str:
    """Enough of a number to tell it from the family's others: "+1…12"."""
    address = line.partition(":")[2]
    return f"{address[:2]}…{address[-2:]}" if len(address) > 4 else address


def standing_of(outcome: Outcome, *, paused: bool) -> Standing:
    """How it stands for one recipient, where it is known whether a first or a further try waits."""
    if paused or outcome.state != "held":
        return standing(outcome.state, paused=paused)
    return AGAIN if outcome.again_at else DELIVERY[DeliveryState.HELD]


def standing(state: str, *, paused: bool) -> Standing:
    """How it stands for those in a state; while the broadcast is paused, what is held waits for that."""
    return ON_HOLD if paused and state == "held" else RESULTS[state]
