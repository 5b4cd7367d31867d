"""Structured logs in which no telephone number, no text and no secret ever stands."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import structlog

_NUMBER = re.compile(r"(?:\+|%2[Bb])\d{5,15}")
_PRIVATE = frozenset({"body", "text", "words", "password", "address", "recipient", "sender", "original"})


def configure(level: str, secrets: Sequence[str] = (), *, json: bool = True) -> None:
    """One line an event on standard error. `secrets` are values of which no trace may be left."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
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
    for noisy in ("twilio", "urllib3", "apscheduler", "waitress", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


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
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        return value
