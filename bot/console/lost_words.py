"""Plain words for texts that did not arrive: what they were, why not, what bars another try."""

from __future__ import annotations

from bot.console.texts import N_
from bot.console.words import WHY_NOT, Standing
from bot.outbox.gate import STOPPED
from bot.outbox.resending import Bar
from bot.school.trial import TRIAL

TABS = {"lost": N_("Did not arrive"), "again": N_("Being tried again")}

EMPTY = {
    "lost": N_("Every text of this time arrived, or is on its way."),
    "again": N_("No text is being tried again right now."),
}

STATES = {
    "failed": N_("Was not sent"),
    "undelivered": N_("Did not reach the phone"),
    "unresolved": N_("Nobody can tell whether it arrived"),
}

KINDS = {
    "broadcast": (N_("Broadcasts"), ("broadcast", "urgent", "trial")),
    "staff": (N_("Texts of school staff"), ("staff",)),
    "reminder": (N_("Reminders"), ("reminder",)),
    "bot": (N_("Answers of the bot"), ("reply", "consent", "crisis")),
    "alert": (N_("Alerts to staff"), ("alert",)),
}
"""Kinds of texts as the filter offers them: the name, and the kinds of the tables."""

LATER = {
    "held": N_("It is tried again %(when)s."),
    "queued": N_("It is about to be sent again."),
    "sending": N_("It is being sent again."),
    "sent": N_("It was sent again. The carrier has not yet said whether it arrived."),
}

AGAIN = Standing(LATER["held"], "◷", "wait")
"""How a further try stands that waits: for its turn after a failure, not for the morning."""

BARS = {
    Bar.NOT_LOST: N_("It is not lost any more: nothing is to be sent again."),
    Bar.TRIED: N_("Somebody has already had it sent again."),
    Bar.STALE: N_("It is worth nothing any more: its time is over."),
    Bar.UNCLEAR: N_("It may have arrived. Ask the family first, or send it although it may come twice."),
}

LINE_BARS = {
    STOPPED: N_("The family said STOP. Nothing is sent until they text START."),
    TRIAL: WHY_NOT[TRIAL],
}
"""What keeps any text of a kind from a line."""
