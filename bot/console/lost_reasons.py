"""Reasons for which texts did not arrive, sentence by sentence, in the reader's language.

The channels and the outbox write them in English on the row. A sentence that does not stand here is shown as it is.
"""

from __future__ import annotations

import re

from bot.console.broadcast_words import WHY_NOT
from bot.console.texts import N_, translate
from bot.outbox.resending import ARRIVED
from bot.school.broadcasts.course import PAUSED, WITHDRAWN

REASONS = (
    N_("The carrier refused our account's credentials."),
    N_("Tell the administrator: nothing leaves until this is put right."),
    N_("The carrier does not know our account or the address we asked."),
    N_("The carrier is taking no more requests at the moment."),
    N_("This is not a telephone number that exists."),
    N_("Correct the number in the roster."),
    N_("The number we send from is no number the carrier knows."),
    N_("Texts to this country are not switched on."),
    N_("The number we send from cannot send texts."),
    N_("The carrier account is a trial and may only text numbers it has verified."),
    N_("The family told the carrier STOP."),
    N_("They must text START before texts can reach them."),
    N_("The carrier's queue for our number is full."),
    N_("The carrier cannot reach this number from ours."),
    N_("Call the family instead."),
    N_("This is not a mobile number."),
    N_("The text is longer than the carrier takes."),
    N_("Send it in shorter pieces."),
    N_("The text was empty."),
    N_("This is a landline."),
    N_("The messaging service has no number to send from."),
    N_("The carrier's queue for our number was full."),
    N_("Our carrier account is suspended."),
    N_("The phone was off, out of range, or cannot receive texts."),
    N_("The phone or its carrier blocks our texts."),
    N_("The number is unknown or no longer in use."),
    N_("Ask the family for a new number."),
    N_("This is a landline, or its carrier takes no texts."),
    N_("A carrier filtered the text as unwanted."),
    N_("Never send it again unchanged; tell the administrator."),
    N_("The carrier gave no reason for the failure."),
    N_("We sent more texts than the carriers allow at once."),
    N_("The carrier's daily limit for our number was reached."),
    N_("Our toll-free number is not verified."),
    N_("Our number is not registered for texts in the United States."),
    N_("The text waited too long at the carrier and was dropped."),
    N_("Send it again if it still matters."),
    N_("A carrier on the way did not answer in time."),
    N_("The text could not be delivered."),
    N_("The time set for sending is outside what the carrier allows."),
    N_("Sending at a set time needs a messaging service."),
    N_("The number is not reachable on this channel."),
    N_("Use another channel."),
    N_("The family blocked us on this channel."),
    N_("More than 24 hours have passed since the family last wrote here."),
    N_("Use an approved template."),
    N_("We sent more than this channel allows at once."),
    N_("The carrier refused the text with an error that we do not know."),
    N_("The carrier could not deliver the text and gave no reason."),
    N_("The carrier never said whether it took the text, and does not list it."),
    N_("Nobody can tell whether the text was sent: the carrier gives no answer about it."),
)

OURS = {
    **WHY_NOT,
    PAUSED: N_("The broadcast is paused."),
    WITHDRAWN: N_("The broadcast was cancelled."),
    ARRIVED: N_("An earlier try of this text reached the phone after all."),
}
"""Why the outbox itself keeps a text back: whole reasons, as one says them to staff."""

PROMISES = frozenset({"It is tried again by itself.", "It is tried again the next day."})
"""Sentences that tell of a further try: whether there is one stands beside the reason."""

_SENTENCE = re.compile(r"(?<=[.!?]) ")


def sentences(reason: str) -> list[str]:
    """The sentences of a reason."""
    return _SENTENCE.split(reason.strip())


def why(reason: str) -> str:
    """The reason for the reader."""
    if reason in OURS:
        return translate(OURS[reason])
    told = [sentence for sentence in sentences(reason) if sentence not in PROMISES]
    return " ".join(translate(sentence) for sentence in told)
