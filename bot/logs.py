"""Structured logs in which no telephone number, no text and no secret ever stands."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

_NUMBER = re.compile(
    r"""(?:\+|%2[Bb])\d{5,15}                                   # +15105550101, as in a URL too
      | \+[1-9]\d{0,2}(?:[ .()-]{0,2}\d){6,13}                 # +52 55 1234 5678
      | (?<![\w.])1?[2-9]\d\d[2-9]\d{6}(?!\.?\w)               # 5105550101, 15105550101
      | (?<![\w.])(?:1[ .-]?)?(?:\([2-9]\d\d\)[ ]?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}(?!\w)  # (510) 555-0101
    """,
    re.VERBOSE,
)
log = structlog.get_logger(__name__)
_ROOT = f"{Path(__file__).resolve().parent.parent}/"
_PRIVATE = frozenset({"body", "text", "words", "password", "address", "recipient", "sender", "original"})


def configure(level: str, secrets: Sequence[str] = (), *, json: bool = True) -> None:
    """One line an event on standard error. `secrets` are values of which no trace may be left."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )  # its own choice prints local variables
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        name_fault,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        Redactor(secrets),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                Redactor(secrets),
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("twilio", "urllib3", "apscheduler", "waitress", "alembic", "procrastinate"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    sys.excepthook = _log_crash
    threading.excepthook = _log_thread_crash


def name_fault(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: an error passed as `exc_info` becomes its type and the places it came through.

    Neither its message nor any variable is written: both may hold what families wrote.
    """
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        event["fault"] = " from ".join(type(link).__qualname__ for link in _chain(error))
        event["frames"] = [place for link in reversed([*_chain(error)]) for place in _places(link)]
    return event


def _error_of(given: Any) -> BaseException | None:
    if isinstance(given, tuple):
        given = given[1]
    elif given and not isinstance(given, BaseException):
        given = sys.exc_info()[1]
    return given if isinstance(given, BaseException) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what caused it, as a traceback would show it."""
    link: BaseException | None = error
    met: set[int] = set()
    while link is not None and id(link) not in met:
        met.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _places(error: BaseException) -> Iterator[str]:
    """`bot/school/cases.py:61 open_case` for each frame, the innermost last."""
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield f"{_short(code.co_filename)}:{line} {code.co_name}"


def _short(file: str) -> str:
    _, library, rest = file.partition("site-packages/")
    return rest if library else file.removeprefix(_ROOT)


def _log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught is logged like everything else: Python's own report would show its message."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("crashed", exc_info=error.with_traceback(trace))


def _log_thread_crash(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is not None and not isinstance(crash.exc_value, SystemExit):
        log.critical("thread_crashed", exc_info=crash.exc_value)


class Redactor:
    """A structlog processor: masks numbers and secrets in every value, drops values under private names."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if len(secret) >= 4)

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        """The event, safe to write down."""
        for key, value in event.items():
            if not key.startswith("_"):
                event[key] = "[redacted]" if key in _PRIVATE else self._clean(value)
        return event

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, "[secret]")
            return _NUMBER.sub("[number]", value)
        if isinstance(value, Mapping):
            return {k: "[redacted]" if k in _PRIVATE else self._clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item) for item in value]
        if isinstance(value, BaseException):
            return type(value).__qualname__
        return value if value is None or isinstance(value, int | float) else self._clean(str(value))
