"""Carries the development carrier's signed requests to the product: later, in the background, bounded."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import urlsplit

import structlog
import urllib3
from twilio.request_validator import RequestValidator

log = structlog.get_logger(__name__)
Errand = Callable[[], None]


class Courier:
    """A few threads that run errands when they are due. Errands of a courier with one thread keep their order."""

    def __init__(self, name: str, threads: int) -> None:
        self._errands: list[tuple[float, int, Errand]] = []
        self._numbers = count()
        self._busy = 0
        self._closed = False
        self._change = threading.Condition()
        for number in range(threads):
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def add(self, errand: Errand, after_seconds: float = 0.0) -> None:
        """Run the errand that much later."""
        with self._change:
            heapq.heappush(self._errands, (time.monotonic() + after_seconds, next(self._numbers), errand))
            self._change.notify()

    def settle(self, timeout_seconds: float = 10.0) -> bool:
        """Wait until nothing is left to do. False when it took too long."""
        with self._change:
            return self._change.wait_for(lambda: not self._errands and not self._busy, timeout_seconds)

    def close(self) -> None:
        """Drop what is left; the threads end."""
        with self._change:
            self._closed = True
            self._errands.clear()
            self._change.notify_all()

    def _work(self) -> None:
        while (errand := self._take()) is not None:
            try:
                errand()
            except Exception as error:
                log.warning("errand_failed", error=type(error).__name__)
            finally:
                with self._change:
                    self._busy -= 1
                    self._change.notify_all()

    def _take(self) -> Errand | None:
        with self._change:
            while not self._closed:
                if self._errands and self._errands[0][0] <= time.monotonic():
                    self._busy += 1
                    return heapq.heappop(self._errands)[2]
                wait = self._errands[0][0] - time.monotonic() if self._errands else None
                self._change.wait(wait)
            return None


class SignedPost:
    """Posts forms the way Twilio does: signed, once more when no connection came about, otherwise never again.

    `reach_at` is another address for the same server, for when the public one cannot be reached from here.
    """

    def __init__(self, auth_token: str, reach_at: str = "") -> None:
        self._validator = RequestValidator(auth_token)
        self._reach_at = reach_at.rstrip("/")
        self._pool = urllib3.PoolManager(
            maxsize=16,
            retries=urllib3.Retry(total=None, connect=1, read=0, redirect=0, status=0, other=0),
            timeout=urllib3.Timeout(connect=5, read=15),
        )

    def post(self, url: str, fields: Mapping[str, str]) -> int | None:
        """The status of the answer, None when there was none."""
        headers = {"X-Twilio-Signature": self._validator.compute_signature(url, dict(fields))}
        try:
            answer = self._pool.request(
                "POST", self._reachable(url), fields=dict(fields), headers=headers, encode_multipart=False
            )
        except urllib3.exceptions.HTTPError as error:
            log.warning("webhook_unanswered", path=urlsplit(url).path, error=type(error).__name__)
            return None
        if answer.status >= 400:
            log.warning("webhook_refused", path=urlsplit(url).path, status=answer.status)
        return int(answer.status)

    def _reachable(self, url: str) -> str:
        parts = urlsplit(url)
        if not self._reach_at:
            return url
        return self._reach_at + parts.path + (f"?{parts.query}" if parts.query else "")
