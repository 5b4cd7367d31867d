"""Any Rasa server (`rasa run --enable-api`) as the classifier, with the local archive behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests

from bot.model.errors import BadModel
from bot.model.utterance import IntentGuess, Parse

TIMEOUT = (1.0, 3.0)
"""Seconds to connect and to wait for the answer; Rasa itself needs 5 to 20 ms."""

PAUSE = 15.0
"""Seconds for which a server that failed is not asked again, so that families do not wait for it."""


class Classifier(Protocol):
    """What stands behind the server."""

    @property
    def ready(self) -> bool:
        """Whether it can answer."""

    @property
    def detail(self) -> str:
        """One sentence on it."""

    def parse(self, text: str) -> Parse:
        """Ranking of intents for one cleaned text."""


class RasaServer:
    """Port IntentClassifier over HTTP. When the server does not answer, `fallback` does, or BadModel is raised."""

    name = "rasa-http"

    def __init__(
        self,
        url: str,
        *,
        fallback: Classifier | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`url` is the server's root, with `?token=…` when it wants one; nothing is asked yet."""
        root, _, query = url.partition("?")
        self._url = root.rstrip("/") + "/model/parse" + (f"?{query}" if query else "")
        self._where = root
        self._fallback = fallback
        self._monotonic = monotonic
        self._silent_until = float("-inf")
        self._trouble = ""

    @property
    def ready(self) -> bool:
        """False while neither the server nor the fallback can answer, as far as is known."""
        return not self._trouble or bool(self._fallback and self._fallback.ready)

    @property
    def detail(self) -> str:
        """Who answers at present, and why."""
        if not self._trouble:
            return f"Rasa server at {self._where}"
        behind = self._fallback.detail if self._fallback else "no model stands behind it"
        return f"Rasa server at {self._where} does not answer ({self._trouble}); {behind}"

    def parse(self, text: str) -> Parse:
        """The server's ranking; the fallback's while the server fails. BadModel when neither answers."""
        if self._monotonic() >= self._silent_until:
            try:
                parse = _read(self._ask(text))
            except (requests.RequestException, KeyError, TypeError, ValueError) as error:
                self._trouble = type(error).__name__
                self._silent_until = self._monotonic() + PAUSE
            else:
                self._trouble = ""
                return parse
        if self._fallback is None:
            raise BadModel(self.detail)
        return self._fallback.parse(text)

    def _ask(self, text: str) -> Mapping[str, Any]:
        # No session: its pool is not safe to share between threads, and one more handshake costs little here.
        response = requests.post(self._url, json={"text": text}, timeout=TIMEOUT, allow_redirects=False)
        response.raise_for_status()
        answer: Mapping[str, Any] = response.json()
        return answer


def _read(answer: Mapping[str, Any]) -> Parse:
    intent = _guess(answer["intent"])
    ranking = tuple(_guess(item) for item in answer.get("intent_ranking") or [answer["intent"]])
    return Parse(intent, ranking)


def _guess(item: Mapping[str, Any]) -> IntentGuess:
    if not item["name"]:
        raise ValueError("the server has no NLU model")
    return IntentGuess(str(item["name"]), float(item["confidence"]))
