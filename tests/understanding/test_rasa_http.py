"""A Rasa server is asked when one is named; when it does not answer, the archive does, without delay."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.model.errors import BadModel
from bot.model.utterance import IntentGuess, Parse
from bot.understanding.loading import Unavailable
from bot.understanding.rasa_http import PAUSE, RasaServer

GOOD = {
    "text": "hi",
    "intent": {"name": "greet", "confidence": 0.9},
    "intent_ranking": [{"name": "greet", "confidence": 0.9}, {"name": "thank", "confidence": 0.1}],
}


class FakeRasa:
    """A small HTTP server with a settable answer; remembers what was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] = (200, json.dumps(GOOD).encode())
        self.asked: list[tuple[str, dict[str, Any]]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.asked.append((self.path, json.loads(body)))
                status, content = fake.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class Behind:
    """The classifier behind the server."""

    ready = True
    detail = "the archive answers"

    def parse(self, text: str) -> Parse:
        """Always deny."""
        guess = IntentGuess("deny", 0.8)
        return Parse(guess, (guess,))


class Watch:
    """A monotonic clock that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    """A running server."""
    server = FakeRasa()
    yield server
    server.close()


def test_the_servers_ranking_is_taken(rasa: FakeRasa) -> None:
    server = RasaServer(f"{rasa.url}/")
    parse = server.parse("¿hola?")
    assert parse.intent == IntentGuess("greet", 0.9)
    assert [guess.name for guess in parse.ranking] == ["greet", "thank"]
    assert rasa.asked == [("/model/parse", {"text": "¿hola?"})]
    assert server.ready
    assert rasa.url in server.detail


def test_a_token_is_handed_on_and_never_shown(rasa: FakeRasa) -> None:
    server = RasaServer(f"{rasa.url}?token=s3cret")
    server.parse("hi")
    assert rasa.asked[0][0] == "/model/parse?token=s3cret"
    assert "s3cret" not in server.detail


@pytest.mark.parametrize(
    "answer",
    [(500, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b'{"intent": {"name": null, "confidence": 0}}'), (200, b"{}"),
     (302, b"")],
)  # fmt: skip
def test_a_server_that_answers_nonsense_counts_as_silent(rasa: FakeRasa, answer: tuple[int, bytes]) -> None:
    rasa.answer = answer
    server = RasaServer(rasa.url, fallback=Behind())
    assert server.parse("hi").intent.name == "deny"
    assert server.ready
    assert "does not answer" in server.detail and "the archive answers" in server.detail


def test_nobody_waits_again_for_a_server_that_failed_until_it_had_its_pause(rasa: FakeRasa) -> None:
    watch = Watch()
    server = RasaServer(rasa.url, fallback=Behind(), monotonic=watch)
    good, rasa.answer = rasa.answer, (503, b"")
    server.parse("one")
    rasa.answer = good
    assert server.parse("two").intent.name == "deny"
    assert len(rasa.asked) == 1
    watch.now += PAUSE
    assert server.parse("three").intent.name == "greet"
    assert "does not answer" not in server.detail


def test_with_nothing_behind_it_a_silent_server_is_a_bad_model() -> None:
    server = RasaServer("http://127.0.0.1:9")  # the discard port: nothing listens
    with pytest.raises(BadModel, match="does not answer"):
        server.parse("hi")
    assert not server.ready


def test_with_a_broken_archive_behind_it_both_reasons_are_told() -> None:
    server = RasaServer("http://127.0.0.1:9", fallback=Unavailable("no archive"))
    with pytest.raises(BadModel, match="no archive"):
        server.parse("hi")
    assert not server.ready
    assert "no archive" in server.detail
