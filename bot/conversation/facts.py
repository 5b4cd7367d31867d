"""What flows may read as `context.…`: given by the caller on every turn, and a few the engine knows itself."""

from __future__ import annotations

GIVEN = frozenset(
    {
        "contact_known",  # the address belongs to an active guardian
        "shared_line",  # several guardians use it
        "speaker_known",  # it is clear which of them writes
        "guardians_count",
        "children_count",
        "with_staff",  # a person has taken over: the bot is silent
        "opted_out",
        "appointments_count",  # the speaker's live appointments to come
        "reminded_appointment",  # the appointment last reminded of and still live, or null
        "language",
        "channel",
        "mode",  # production or development
        "district",  # how the district calls itself
    }
)

OWN = frozenset(
    {
        "can_repeat",  # something was said in the last turn
    }
)

KNOWN = GIVEN | OWN
"""Every name that may follow `context.` in a condition or stand in the braces of a response."""

WAITING_FLOWS = ("next_flow", "second_flow", "third_flow")
FLOW_NAMES = frozenset({"interrupted_flow", *WAITING_FLOWS})
"""Braces that patterns may use besides: the name of the flow beneath, and of those that serve the requests
that wait, in the reader's language."""

CHOICE_LABELS = "choice_labels"
"""The fact that holds the labels of the open question as the family last saw them, a JSON list."""

OFFER_LANGUAGE = "offer_language"
"""The fact that holds the language the family is to be asked about at the end of this turn, or null."""
