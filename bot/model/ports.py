"""What a stage needs from outside itself. Filled in by bot/app.py, by fakes in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.model.messages import (
    CarrierRecord,
    InboundMessage,
    OutboundMessage,
    SendResult,
    StatusReport,
)
from bot.model.pace import SenderLimits
from bot.model.utterance import Parse


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, zone-aware, UTC."""


class Request(Protocol):
    """A webhook request as a channel needs it: the raw target, headers and form fields."""

    @property
    def target(self) -> str:
        """Path and query exactly as they came over the wire."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names as HTTP writes them (X-Twilio-Signature)."""

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """The form fields, blank and repeated ones included."""


class Channel(Protocol):
    """A way messages travel. One file in bot/channels/ each."""

    name: str
    secrets: Sequence[str]  # values that must never reach a log
    message_path: str  # where its webhook for messages is mounted; "" for a channel without webhooks
    status_path: str  # the same for status reports
    acknowledgement: str  # the body that tells its carrier "got it, nothing to say"
    account: str  # what its carrier's account is called, without secrets; channels may share one
    senders: Sequence[
        SenderLimits
    ]  # what it may send from; empty where there is nothing to choose or to limit

    def verify(self, request: Request) -> None:
        """Raise BadSignature unless the carrier signed exactly this request."""

    def parse_message(self, request: Request, received_at: datetime) -> InboundMessage:
        """The message in a verified request; BadInput when a required field is missing."""

    def parse_status(self, request: Request, received_at: datetime) -> StatusReport:
        """The status report in a verified request."""

    def send(self, message: OutboundMessage) -> SendResult:
        """Hand one message to the carrier; CarrierError (permanent, ambiguous or neither) when it fails."""

    def find_sent(
        self, recipient: str, since: datetime, sender: str | None = None
    ) -> Sequence[CarrierRecord]:
        """The carrier's own list of what we sent to `recipient` (from `sender`) since then, oldest first."""

    def ask_status(self, provider_id: str, asked_at: datetime) -> StatusReport | None:
        """What the carrier knows of a text by its id, as a status report would say it; None when it knows none.

        CarrierError when it gives no answer.
        """


class Translator(Protocol):
    """A translation provider. One file in bot/translation/ each.

    `instant` says that an answer takes no network and no time to speak of. Texts are rendered inside the
    transaction that stores them, so no other provider is taken (docs/decisions/0006).
    """

    name: str
    instant: bool

    def translate(self, text: str, source: str, target: str) -> str | None:
        """The text in the target language, or None when this provider does not do it. TranslationError when it fails."""


class Embedder(Protocol):
    """Turns a text into a unit vector of float32 in which near means alike, across languages."""

    version: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> Any:
        """What people ask: a numpy array of shape (len(texts), dimension), float32, each row of length 1."""

    def embed_passages(self, texts: Sequence[str]) -> Any:
        """What answers them (articles, services): same shape, made to lie near the questions."""


class IntentClassifier(Protocol):
    """Says what the sender of a text wants done."""

    name: str

    def parse(self, text: str) -> Parse:
        """Ranking of intents for one cleaned text. BadModel when it cannot answer."""


class JobQueue(Protocol):
    """Enqueues work in the caller's own transaction. Jobs take a row id and are safe to run twice."""

    def enqueue(
        self,
        session: Any,
        job: str,
        row_id: int,
        *,
        key: str | None = None,
        at: datetime | None = None,
        priority: int = 0,
    ) -> None:
        """Run `job(row_id)` after the session commits; same `key` in order; not before `at`."""
