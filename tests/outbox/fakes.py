"""Hand-made stand-ins for what the outbox needs: a channel with a script, a queue that only notes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.model.errors import BadSignature
from bot.model.messages import CarrierRecord, InboundMessage, OutboundMessage, SendResult, StatusReport
from bot.model.pace import SenderLimits
from bot.model.ports import Clock, Request


@dataclass
class FakeChannel:
    """A carrier in memory. `script` holds what the next sends do: None takes the text, an error is raised.

    `taken` is the carrier's own ledger; a text may be taken although the sender gets an error
    (`takes_despite_errors`). `before_answer` runs after the text was taken and before the answer.
    """

    clock: Clock
    name: str = "sms"
    message_path: str = "/fake/messages"
    status_path: str = "/fake/status"
    acknowledgement: str = ""
    secrets: Sequence[str] = ()
    account: str = "fake"
    senders: Sequence[SenderLimits] = ()
    script: list[Exception | None] = field(default_factory=list)
    takes_despite_errors: bool = False
    look_up_error: Exception | None = None
    looked_up: list[tuple[str, datetime]] = field(default_factory=list)
    looked_up_from: list[str | None] = field(default_factory=list)
    taken: list[CarrierRecord] = field(default_factory=list)
    seen: list[OutboundMessage] = field(default_factory=list)
    before_answer: Callable[[OutboundMessage, str], None] | None = None
    asked: list[str] = field(default_factory=list)
    knows: dict[str, StatusReport] = field(default_factory=dict)
    ask_error: Exception | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def verify(self, request: Request) -> None:
        raise BadSignature("not used")

    def parse_message(self, request: Request, received_at: datetime) -> InboundMessage:
        raise NotImplementedError

    def parse_status(self, request: Request, received_at: datetime) -> StatusReport:
        raise NotImplementedError

    def send(self, message: OutboundMessage) -> SendResult:
        with self._one_at_a_time:
            self.seen.append(message)
            error = self.script.pop(0) if self.script else None
            if error is not None and not self.takes_despite_errors:
                raise error
            provider_id = f"SM{len(self.taken) + 1:032x}"
            self.taken.append(
                CarrierRecord(provider_id, message.recipient, message.body, "queued", self.clock.now())
            )
        if self.before_answer is not None:
            self.before_answer(message, provider_id)
        if error is not None:
            raise error
        return SendResult(provider_id, "queued")

    def find_sent(
        self, recipient: str, since: datetime, sender: str | None = None
    ) -> Sequence[CarrierRecord]:
        self.looked_up.append((recipient, since))
        self.looked_up_from.append(sender)
        if self.look_up_error is not None:
            raise self.look_up_error
        return [r for r in self.taken if r.recipient == recipient and r.created_at >= since]

    def ask_status(self, provider_id: str, asked_at: datetime) -> StatusReport | None:
        self.asked.append(provider_id)
        if self.ask_error is not None:
            raise self.ask_error
        return self.knows.get(provider_id)

    @property
    def bodies(self) -> list[str]:
        """What the carrier really took, in order."""
        return [record.body for record in self.taken]


@dataclass
class FakeQueue:
    """Notes what was enqueued: (job, row id, key, at)."""

    jobs: list[tuple[str, int, str | None, datetime | None]] = field(default_factory=list)

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
        self.jobs.append((job, row_id, key, at))
