"""Webhook requests as Twilio makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict


@dataclass(frozen=True)
class WebhookCall:
    """A request as the channel sees it."""

    target: str
    headers: Mapping[str, str]
    fields: Sequence[tuple[str, str]]


def signed(
    token: str, target: str, fields: Sequence[tuple[str, str]], base: str = "https://line.example.org"
) -> WebhookCall:
    """A request signed with this token."""
    signature = RequestValidator(token).compute_signature(base + target, MultiDict(fields))
    return WebhookCall(target, {"X-Twilio-Signature": signature}, tuple(fields))
