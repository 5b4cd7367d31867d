"""The terminal as a channel."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest

from bot.channels.terminal import Terminal, build
from bot.model.errors import BadInput, BadSignature
from bot.model.messages import OutboundMessage
from tests.channels.requests_in import WebhookCall

NOW = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)


def test_a_text_is_written_and_thereby_delivered(capsys: pytest.CaptureFixture[str]) -> None:
    stream = StringIO()
    result = Terminal(stream).send(OutboundMessage(3, "me", "Hello\nthere"))
    assert (stream.getvalue(), result.provider_id, result.status) == (
        "Hello\nthere\n",
        "terminal-3",
        "delivered",
    )
    build({}).send(OutboundMessage(4, "me", "On the screen"))
    assert capsys.readouterr().out == "On the screen\n"


def test_nobody_on_the_network_passes_for_the_person_at_the_keyboard() -> None:
    with pytest.raises(BadSignature):
        Terminal().verify(WebhookCall("/", {}, ()))
    with pytest.raises(BadInput):
        Terminal().parse_status(WebhookCall("/", {}, ()), NOW)


def test_nothing_can_be_looked_up() -> None:
    assert Terminal().find_sent("me", NOW) == ()
