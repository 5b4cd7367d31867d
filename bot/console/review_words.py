"""Plain words for the review list: why a text is on it, and what each intent means."""

from __future__ import annotations

from bot.console.texts import N_

STATUSES = {"open": N_("To review"), "labelled": N_("Labelled"), "dismissed": N_("Put aside")}

EMPTY = {
    "open": N_("Nothing to review. When the bot is not sure of a text, it appears here without names and numbers."),
    "labelled": N_("No text has been labelled yet."),
    "dismissed": N_("No text has been put aside."),
}  # fmt: skip

WHY = {
    "unsure": N_("The bot was not sure"),
    "clarified": N_("The family chose what it meant"),
    "corrected": N_("The family gave up what the bot began"),
    "asked_for_person": N_("The family then asked for a person"),
    "crisis_false_alarm": N_("A false alarm"),
}

MEANINGS = {
    "ask_question": N_("A fact about the school: hours, lunch, buses, rules, how things work"),
    "voice_concern": N_("A worry to be heard, without a formal step"),
    "file_complaint": N_("A formal step: a complaint, an appeal, put in writing"),
    "give_recommendation": N_("An idea, advice or praise for the school"),
    "find_resource": N_("Help with food, housing, health, classes or other services"),
    "book_conference": N_("A new meeting or call with a teacher or counselor"),
    "change_conference": N_("To move, confirm or cancel a meeting"),
    "report_absence": N_("A child is or will be absent or late, or leaves early"),
    "check_progress": N_("Grades, missing work, attendance or behavior of the child"),
    "check_status": N_("News about something they sent in before"),
    "volunteer": N_("To help, join or take part"),
    "talk_to_human": N_("A person, a call back or an interpreter now"),
    "change_language": N_("Messages in another language"),
    "opt_out": N_("No more messages, or a wrong number"),
    "help": N_("Who this is and what it can do"),
    "greet": N_("Only a greeting"),
    "thank": N_("Only thanks"),
    "affirm": N_("Only a yes"),
    "deny": N_("Only a no"),
    "crisis": N_("Danger, abuse, a weapon, or thoughts of suicide"),
    "out_of_scope": N_("Nothing for a school: advertising, jokes, sent by mistake"),
}
