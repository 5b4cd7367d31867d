"""The one family of errors. `permanent` tells a caller whether trying again can help."""

from __future__ import annotations

from enum import StrEnum


class HomelineError(Exception):
    """Something went wrong that Homeline knows how to name.

    The message is for people: it names the value, the place and the remedy.
    """

    permanent: bool = True


class BadSetting(HomelineError):
    """An environment variable is unknown, missing or malformed."""


class BadInput(HomelineError):
    """Input from outside (a form, a file, a request) cannot be used as it is."""


class BadFlow(HomelineError):
    """A flow file cannot be used. The message gives file, flow, step and reason."""


class BadModel(HomelineError):
    """The trained archive is missing, broken or was trained from other files."""


class BadSignature(HomelineError):
    """A webhook request was not signed by the carrier for exactly these fields."""


class NotFound(HomelineError):
    """The row asked for does not exist, or not for this person."""


class Taken(HomelineError):
    """Somebody else was faster: the opening, the lease or the case is no longer free."""


class Busy(HomelineError):
    """Another process holds the lease; the work will be done there or later."""

    permanent = False


class Scope(StrEnum):
    """What a refusal of a carrier is about: only this text, all from this sender, or all of this account."""

    MESSAGE = "message"
    SENDER = "sender"
    ACCOUNT = "account"


class CarrierError(HomelineError):
    """The carrier did not accept a message.

    `code` is the carrier's own error number (None when it gave none).
    `ambiguous` is true when the request may have been carried out all the same
    (time-out after it left, 5xx): the sender must ask the carrier before a second attempt.
    `retry_after` is in seconds, when the carrier named it. `opted_out`: the carrier itself blocks the
    recipient, who told it STOP. `scope` is what else would be refused: a text refused for its sender or its
    account waits, whatever `permanent` says. `other_sender`: only from this sender of ours the recipient
    cannot be reached. The message is plain words for staff, without numbers or texts.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        permanent: bool = False,
        ambiguous: bool = False,
        retry_after: float | None = None,
        opted_out: bool = False,
        scope: Scope = Scope.MESSAGE,
        other_sender: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent
        self.ambiguous = ambiguous
        self.retry_after = retry_after
        self.opted_out = opted_out
        self.scope = scope
        self.other_sender = other_sender


class TranslationError(HomelineError):
    """A translation provider gave no usable answer."""

    permanent = False
