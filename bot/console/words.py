"""Plain words for what the tables keep as codes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.texts import N_
from bot.model.delivery import DeliveryState
from bot.outbox.queueing import SLEPT
from bot.school.resting import NEVER_AWAKE
from bot.school.trial import TRIAL

KINDS = {
    "crisis": N_("Crisis"),
    "concern": N_("Concern"),
    "complaint": N_("Complaint"),
    "question": N_("Question"),
    "person": N_("Asks for a person"),
    "recommendation": N_("Suggestion"),
    "absence": N_("Absence"),
    "progress": N_("Progress"),
    "volunteer": N_("Volunteering"),
    "unreached": N_("Not reached"),
}

STATUSES = {"open": N_("Waits for an answer"), "answered": N_("Answered"), "closed": N_("Closed")}

TABS = {
    "open": N_("All open"),
    "mine": N_("Mine"),
    "overdue": N_("Overdue"),
    "urgent": N_("Urgent"),
    "closed": N_("Closed"),
}

EMPTY = {
    "open": N_("No open cases. Families get their answers from the bot right now."),
    "mine": N_("Nothing waits for you."),
    "overdue": N_("Nothing is overdue."),
    "urgent": N_("Nothing is urgent."),
    "closed": N_("No case has been closed yet."),
}

EVENTS = {
    "opened": N_("The bot opened this case"),
    "message": N_("The family wrote more about it"),
    "reply": N_("Replied to the family"),
    "note": N_("Note for colleagues"),
    "assigned": N_("Given to"),
    "acknowledged": N_("Saw the alarm and is dealing with it"),
    "closed": N_("Closed the case"),
    "reopened": N_("Opened the case again"),
    "taken": N_("Took over the line; the bot keeps silent"),
    "returned": N_("Handed the line back to the bot"),
}

INTENTS = {
    "ask_question": N_("asks a question"),
    "voice_concern": N_("voices a concern"),
    "file_complaint": N_("makes a complaint"),
    "give_recommendation": N_("makes a suggestion"),
    "find_resource": N_("looks for help or a service"),
    "book_conference": N_("wants a meeting"),
    "change_conference": N_("wants to change a meeting"),
    "report_absence": N_("reports an absence"),
    "check_progress": N_("asks how the child is doing"),
    "check_status": N_("asks about an earlier case"),
    "volunteer": N_("wants to help"),
    "talk_to_human": N_("wants a person"),
    "change_language": N_("wants another language"),
    "opt_out": N_("wants no more texts"),
    "help": N_("asks what the bot can do"),
    "greet": N_("greets"),
    "thank": N_("says thank you"),
    "affirm": N_("says yes"),
    "deny": N_("says no"),
    "crisis": N_("may be in danger"),
    "out_of_scope": N_("writes about something else"),
    "nlu_fallback": N_("not understood"),
    "answer": N_("answers a question"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a delivery stands: the words and the mark beside them (never the mark alone)."""

    words: str
    mark: str
    tone: str  # calm | good | bad | wait


DELIVERY = {
    DeliveryState.HELD: Standing(N_("Waits for the morning: families are not texted at night"), "◷", "wait"),
    DeliveryState.QUEUED: Standing(N_("Waits to be sent"), "◷", "wait"),
    DeliveryState.SENDING: Standing(N_("Is being sent"), "◷", "wait"),
    DeliveryState.SENT: Standing(N_("Sent"), "✓", "calm"),
    DeliveryState.DELIVERED: Standing(N_("Arrived on the phone"), "✓✓", "good"),
    DeliveryState.UNDELIVERED: Standing(N_("Did not arrive"), "✕", "bad"),
    DeliveryState.FAILED: Standing(N_("Could not be sent"), "✕", "bad"),
    DeliveryState.EXPIRED: Standing(N_("Not sent: it was too late to be useful"), "✕", "bad"),
    DeliveryState.CANCELLED: Standing(N_("Withdrawn before it was sent"), "✕", "calm"),
    DeliveryState.SUPPRESSED: Standing(N_("Not sent: the family does not want texts (STOP)"), "✕", "bad"),
    DeliveryState.UNRESOLVED: Standing(
        N_("Nobody can tell whether it arrived. Please ask the family"), "?", "bad"
    ),
}

WHY_NOT = {
    TRIAL: N_("Trial mode is on: it is none of the district's own numbers."),
    NEVER_AWAKE: N_(
        "No hour of the day is allowed both by the district and by those who share the telephone."
    ),
    SLEPT: N_("It would have been worth nothing by the end of the family's hours of rest."),
}
"""Why the outbox does not send what nobody asked for, besides a STOP."""

DELIVERY_KINDS = {
    "reply": N_("Homeline (bot)"),
    "consent": N_("Homeline (bot)"),
    "crisis": N_("Homeline (bot)"),
    "staff": N_("School staff"),
    "reminder": N_("Reminder"),
    "broadcast": N_("Broadcast"),
    "urgent": N_("Urgent broadcast"),
    "alert": N_("Alert to staff"),
    "trial": N_("Trial of a broadcast"),
}
