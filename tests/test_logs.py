"""No telephone number, no text and no secret reaches a log."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest
import structlog

from bot import logs
from bot.logs import Redactor


def test_numbers_secrets_and_private_fields_are_masked() -> None:
    event = {
        "event": "sent to +15105550178 with hush-hush",
        "body": "my son",
        "detail": {"sender": "+1510", "list": ["+15105550111"]},
    }
    clean = Redactor(["hush-hush"])(None, "info", event)
    assert clean["event"] == "sent to [number] with [secret]"
    assert clean["body"] == "[redacted]"
    assert clean["detail"] == {"sender": "[redacted]", "list": ["[number]"]}


def test_a_number_in_a_url_is_masked_too() -> None:
    assert Redactor()(None, "info", {"event": "GET /x?To=%2B15105550178"})["event"] == "GET /x?To=[number]"


def test_other_libraries_log_through_the_same_sieve(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.configure("INFO", ["hush-hush"])
        logging.getLogger("some.library").info("called %s with hush-hush", "+15105550178")
        structlog.get_logger("bot").info("done", body="my son", row_id=4)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines[0]["event"] == "called [number] with [secret]"
    assert (lines[1]["body"], lines[1]["row_id"]) == ("[redacted]", 4)
