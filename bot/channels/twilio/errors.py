"""Twilio's error numbers: what each means for a text, and what staff are told.

The numbers and their meaning are Twilio's (twilio.com/docs/api/errors); class and remedy are ours.
Twilio asks that nothing be built on the texts of its errors, and refines the numbers now and then:
a number that does not stand here is never retried automatically.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model.errors import CarrierError, Scope


class Fault(StrEnum):
    """What an error means for the next attempt."""

    TRANSIENT = "transient"  # not carried out; the same text may go again after a pause
    AMBIGUOUS = "ambiguous"  # may have been carried out: ask the carrier first
    PERMANENT = "permanent"  # this text to this number will not arrive
    CONFIG = "config"  # our account or sender is not in order: every text would fail
    EXPIRED = "expired"  # waited too long at the carrier


@dataclass(frozen=True, slots=True)
class KnownError:
    """One error number. `resends`: how many later attempts make sense after a failed delivery.

    `scope`: what else would be refused, now, for the same cause. `next_day`: later attempts make sense only
    when the day is over. `other_sender`: another number of ours may reach this one.
    """

    fault: Fault
    words: str
    remedy: str = ""
    resends: int = 0
    opted_out: bool = False
    scope: Scope = Scope.MESSAGE
    next_day: bool = False
    other_sender: bool = False

    @property
    def reason(self) -> str:
        """What staff read: what happened and what to do."""
        return f"{self.words} {self.remedy}".strip()


_ADMIN = "Tell the administrator: nothing leaves until this is put right."
_NUMBER = "Ask the family for a new number."
_CALL = "Call the family instead."
_T, _P, _C = Fault.TRANSIENT, Fault.PERMANENT, Fault.CONFIG
_SENDER, _ACCOUNT = Scope.SENDER, Scope.ACCOUNT

ERRORS: Mapping[int, KnownError] = {
    20003: KnownError(_C, "The carrier refused our account's credentials.", _ADMIN, scope=_ACCOUNT),
    20404: KnownError(_C, "The carrier does not know our account or the address we asked.", _ADMIN, scope=_ACCOUNT),
    20429: KnownError(_T, "The carrier is taking no more requests at the moment.", "It is tried again by itself.", scope=_ACCOUNT),
    21211: KnownError(_P, "This is not a telephone number that exists.", "Correct the number in the roster."),
    21212: KnownError(_C, "The number we send from is no number the carrier knows.", _ADMIN, scope=_SENDER),
    21408: KnownError(_C, "Texts to this country are not switched on.", _ADMIN),
    21606: KnownError(_C, "The number we send from cannot send texts.", _ADMIN, scope=_SENDER),
    21608: KnownError(_C, "The carrier account is a trial and may only text numbers it has verified.", _ADMIN),
    21610: KnownError(_P, "The family told the carrier STOP.", "They must text START before texts can reach them.", opted_out=True),
    21611: KnownError(_T, "The carrier's queue for our number is full.", "It is tried again by itself.", scope=_SENDER),
    21612: KnownError(_P, "The carrier cannot reach this number from ours.", _CALL, other_sender=True),
    21614: KnownError(_P, "This is not a mobile number.", _CALL),
    21617: KnownError(_P, "The text is longer than the carrier takes.", "Send it in shorter pieces."),
    21619: KnownError(_P, "The text was empty."),
    21635: KnownError(_P, "This is a landline.", _CALL),
    21703: KnownError(_C, "The messaging service has no number to send from.", _ADMIN, scope=_SENDER),
    30001: KnownError(_T, "The carrier's queue for our number was full.", "It is tried again by itself.", resends=2, scope=_SENDER),
    30002: KnownError(_C, "Our carrier account is suspended.", _ADMIN, scope=_ACCOUNT),
    30003: KnownError(_T, "The phone was off, out of range, or cannot receive texts.", _CALL, resends=2),
    30004: KnownError(_P, "The phone or its carrier blocks our texts.", _CALL),
    30005: KnownError(_P, "The number is unknown or no longer in use.", _NUMBER, resends=1),
    30006: KnownError(_P, "This is a landline, or its carrier takes no texts.", _CALL),
    30007: KnownError(_P, "A carrier filtered the text as unwanted.", "Never send it again unchanged; tell the administrator."),
    30008: KnownError(_T, "The carrier gave no reason for the failure.", _CALL, resends=1),
    30022: KnownError(_T, "We sent more texts than the carriers allow at once.", "It is tried again by itself.", resends=2, scope=_SENDER),
    30027: KnownError(_T, "The carrier's daily limit for our number was reached.", "It is tried again the next day.", resends=2, next_day=True),
    30032: KnownError(_C, "Our toll-free number is not verified.", _ADMIN, scope=_SENDER),
    30034: KnownError(_C, "Our number is not registered for texts in the United States.", _ADMIN, scope=_SENDER),
    30036: KnownError(Fault.EXPIRED, "The text waited too long at the carrier and was dropped.", "Send it again if it still matters."),
    30410: KnownError(_T, "A carrier on the way did not answer in time.", _CALL, resends=1),
    30485: KnownError(_P, "The text could not be delivered.", _CALL),
    35115: KnownError(_P, "The time set for sending is outside what the carrier allows."),
    35117: KnownError(_P, "The time set for sending is outside what the carrier allows."),
    35118: KnownError(_P, "Sending at a set time needs a messaging service."),
    63003: KnownError(_P, "The number is not reachable on this channel.", "Use another channel."),
    63014: KnownError(_P, "The family blocked us on this channel.", "Use another channel."),
    63016: KnownError(_P, "More than 24 hours have passed since the family last wrote here.", "Use an approved template."),
    63018: KnownError(_T, "We sent more than this channel allows at once.", "It is tried again by itself.", resends=2),
}  # fmt: skip

OUR_FAULTS = frozenset(code for code, known in ERRORS.items() if known.fault in (_C, Fault.EXPIRED)) | {
    21617, 21619, 30001, 30007, 30022, 30027, 35115, 35117, 35118, 63016, 63018,
}  # fmt: skip
"""Numbers that say nothing about the family's own: our account, our sender, our pace, the text itself."""

UNKNOWN = KnownError(_P, "The carrier refused the text with an error that we do not know.", _CALL)
_UNCLEAR = KnownError(
    Fault.AMBIGUOUS,
    "The carrier did not say whether it took the text.",
    "We are asking it.",
    scope=Scope.ACCOUNT,
)
_BUSY = ERRORS[20429]
_LOCKED_OUT = ERRORS[20003]


def explain(code: int | None, status: int | None = None) -> KnownError:
    """What an error number, or the HTTP status that came with it, means. A 5xx is unclear whatever its number."""
    if status is not None and (status >= 500 or status == 408):
        return _UNCLEAR
    if code is not None and code in ERRORS:
        return ERRORS[code]
    if status == 429:
        return _BUSY
    if status in (401, 403):
        return _LOCKED_OUT
    return UNKNOWN


def refusal(code: int | None, status: int | None = None, retry_after: float | None = None) -> CarrierError:
    """The error a sender gets for a refused request. Codes that merely repeat the HTTP status are left out."""
    known = explain(code, status)
    return CarrierError(
        known.reason,
        code=code if code is not None and code >= 1000 else None,
        permanent=known.fault in (Fault.PERMANENT, Fault.CONFIG, Fault.EXPIRED),
        ambiguous=known.fault is Fault.AMBIGUOUS,
        retry_after=retry_after,
        opted_out=known.opted_out,
        scope=known.scope,
        other_sender=known.other_sender,
    )
