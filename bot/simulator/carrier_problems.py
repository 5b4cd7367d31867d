"""The development carrier's refusals: Twilio's magic numbers, its error numbers, its way to put them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.outbox.parts import LONGEST_BODY

PROBLEMS: Mapping[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21211: (400, "The 'To' number is not a valid phone number."),
    21212: (400, "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number.",
    ),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable phone number."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number is not currently reachable using the 'From' phone number."),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21619: (400, "A text message body or media urls must be specified."),
}
"""HTTP status and text by error number."""

MAGIC_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""Twilio's test numbers (iam/test-credentials)."""

LATE_PREFIX = "+150055530"
"""Ours: a text to +15005553003 is taken and then reported undelivered with error 30003, and so for every 300nn."""


@dataclass(frozen=True, slots=True)
class Order:
    """A text somebody asks the carrier to send."""

    sender: str
    service: str
    recipient: str
    body: str
    callback: str


def refuse(order: Order) -> int | None:
    """The error number with which the carrier refuses the order by itself, None when it takes it."""
    if not order.recipient:
        return 21604
    if not order.sender and not order.service:
        return 21603
    if order.sender in MAGIC_SENDERS:
        return MAGIC_SENDERS[order.sender]
    if order.recipient in MAGIC_RECIPIENTS:
        return MAGIC_RECIPIENTS[order.recipient]
    if not order.recipient.removeprefix("+").isdigit() or not order.recipient.startswith("+"):
        return 21211
    if not order.body:
        return 21619
    return 21617 if len(order.body) > LONGEST_BODY else None


def late_failure(recipient: str) -> int | None:
    """The error number with which a text is reported undelivered after it was taken."""
    if recipient.startswith(LATE_PREFIX) and len(recipient) == len(LATE_PREFIX) + 2:
        return int(f"300{recipient[-2:]}")
    return None
