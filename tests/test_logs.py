"""No telephone number, no text and no secret reaches a log."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

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


Start = Callable[..., io.StringIO]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Begins to log, and gives what is written on standard error; afterwards logging is as it was."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def begin(secrets: Sequence[str] = (), *, json: bool = True) -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        logs.configure("INFO", secrets, json=json)
        return stream

    yield begin
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_other_libraries_log_through_the_same_sieve(start: Start) -> None:
    stream = start(["hush-hush"])
    logging.getLogger("some.library").info("called %s with hush-hush", "+15105550178")
    structlog.get_logger("bot").info("done", body="my son", row_id=4)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines[0]["event"] == "called [number] with [secret]"
    assert (lines[1]["body"], lines[1]["row_id"]) == ("[redacted]", 4)


@pytest.mark.parametrize(
    "number",
    ["5105550101", "15105550101", "510-555-0101", "(510) 555-0101", "(510)555-0101", "1-510-555-0101",
     "510.555.0101", "510 555 0101", "+1 510 555 0101", "+1 (510) 555-0101", "+52 55 1234 5678", "+15105550101"],
)  # fmt: skip
def test_a_number_is_masked_however_it_is_written(number: str) -> None:
    for text, clean in ((f"from {number}.", "from [number]."), (f"to={number}&x", "to=[number]&x")):
        assert Redactor()(None, "info", {"event": text})["event"] == clean


@pytest.mark.parametrize(
    "text",
    ["turn 4821773 done", "row 1763312345", "2026-11-16T17:00:05.510555Z", "2026-11-16 17:00:00+00:00",
     "20261116T170000", "took 0.5105550101 s", "SM5105550101ab", "HL-4821", "10.0.0.12:8000", "at 1763312345.5105550101",
     "[16/Nov/2026:09:00:00 -0800] 200", "3f2a5105-5501-01aa-bbcc-510555010199"],
)  # fmt: skip
def test_keys_dates_and_times_stay_readable(text: str) -> None:
    assert Redactor()(None, "info", {"event": text})["event"] == text


def test_an_error_given_as_a_value_shows_only_its_kind() -> None:
    event = {"event": "x", "error": ValueError("mi hija"), "row_id": 5105550101, "ok": True, "none": None}
    assert Redactor()(None, "info", event) == {**event, "error": "ValueError"}


def _fail_over_a_text() -> None:
    told = "mi hija tiene miedo"
    try:
        raise KeyError(told)
    except KeyError as error:
        raise RuntimeError(f"cannot keep {told!r}") from error


def _caught() -> None:
    try:
        _fail_over_a_text()
    except RuntimeError:
        structlog.get_logger("bot").error("job_failed", row_id=7, exc_info=True)


def _caught_elsewhere() -> None:
    try:
        _fail_over_a_text()
    except RuntimeError:
        logging.getLogger("some.library").exception("it broke")


def _uncaught() -> None:
    try:
        _fail_over_a_text()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)


def _uncaught_in_a_thread() -> None:
    thread = threading.Thread(target=_fail_over_a_text)
    thread.start()
    thread.join()


WAYS = [_caught, _caught_elsewhere, _uncaught, _uncaught_in_a_thread]


@pytest.mark.parametrize("json_lines", [True, False])
@pytest.mark.parametrize("fail", WAYS)
def test_an_error_tells_its_kind_and_its_way_but_no_word_of_a_family(
    start: Start, fail: Callable[[], None], json_lines: bool
) -> None:
    stream = start(json=json_lines)
    fail()
    written = stream.getvalue()
    assert "mi hija" not in written and "told" not in written
    assert "RuntimeError from KeyError" in written
    assert "tests/test_logs.py:" in written and "_fail_over_a_text" in written
    assert len(written.splitlines()) == 1


def test_a_key_press_that_stops_a_command_is_no_crash(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "__excepthook__", lambda kind, _error, _trace: shown.append(kind))
    stream = start()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert shown == [KeyboardInterrupt] and stream.getvalue() == ""
