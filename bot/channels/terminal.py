"""The terminal: texts are written to a stream. Used to talk to the bot without a telephone."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TextIO

from bot.model.errors import BadInput, BadSignature
from bot.model.messages import (
    CarrierRecord,
    InboundMessage,
    OutboundMessage,
    SendResult,
    StatusReport,
    storable,
)
from bot.model.pace import SenderLimits
from bot.model.ports import Request

NAME = "terminal"


class Terminal:
    """Channel "terminal". Has no carrier: nothing can come in over the network or be looked up."""

    name = NAME
    message_path = ""
    status_path = ""
    acknowledgement = ""
    secrets: Sequence[str] = ()
    account = NAME
    senders: Sequence[SenderLimits] = ()

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def verify(self, request: Request) -> None:
        """Always BadSignature: nobody on the network may pass for the person at the keyboard."""
        raise BadSignature("the terminal takes no requests over the network")

    def parse_message(self, request: Request, received_at: datetime) -> InboundMessage:
        """What was typed: fields Id, From and Body."""
        fields = dict(request.fields)
        if not fields.get("Id") or not fields.get("From"):
            raise BadInput("a typed text needs the fields Id and From")
        body = storable(fields.get("Body", ""))
        return InboundMessage(NAME, fields["Id"], fields["From"], NAME, body, received_at)

    def parse_status(self, request: Request, received_at: datetime) -> StatusReport:
        """There are none: BadInput."""
        raise BadInput("the terminal reports no statuses")

    def send(self, message: OutboundMessage) -> SendResult:
        """Write the text. What stands on a screen is delivered."""
        stream = self._stream or sys.stdout
        stream.write(f"{message.body}\n")
        stream.flush()
        return SendResult(provider_id=f"terminal-{message.delivery_id}", status="delivered")

    def find_sent(
        self, recipient: str, since: datetime, sender: str | None = None
    ) -> Sequence[CarrierRecord]:
        """Nothing: a screen keeps no list. Its sends never end unclear."""
        return ()

    def ask_status(self, provider_id: str, asked_at: datetime) -> StatusReport | None:
        """What was written on the screen stands there; of anything else nothing is known."""
        if not provider_id.startswith(f"{NAME}-"):
            return None
        return StatusReport(NAME, provider_id, "delivered", asked_at)


def build(values: Mapping[str, str]) -> Terminal:
    """The channel; it needs no settings."""
    return Terminal()
