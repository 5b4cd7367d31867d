"""Why somebody is left out of a broadcast, in plain words for staff."""

from __future__ import annotations

STOPPED = "stopped"
NO_CONTACT = "no_contact"
NO_RECORDS = "no_records"
OF_AGE = "of_age"
NO_ADDRESS = "no_address"
CHANGED = "changed"
MISSING = "missing"
EXPIRED = "expired"
CANCELLED = "cancelled"
FAULT = "fault"

WORDS = {
    STOPPED: "The family said STOP.",
    NO_CONTACT: "Somebody on this telephone must not be contacted about the child.",
    NO_RECORDS: "Somebody on this telephone may not be told about the child's school records.",
    OF_AGE: "The student is 18 or older and alone decides who is told.",
    NO_ADDRESS: "There is no number or address that can be texted.",
    CHANGED: "The roster changed before the text left.",
    MISSING: "A value that the text needs is missing.",
    EXPIRED: "The text was worth nothing any more.",
    CANCELLED: "The broadcast was cancelled.",
    FAULT: "The text could not be made. An engineer has to look into the log.",
}
"""Each reason as it is stored, and the sentence that says it."""


def in_words(reason: str | None) -> str:
    """The sentence for a stored reason; what is no word of ours (a carrier's reason) stays as it is."""
    return WORDS.get(reason or "", reason or "")
