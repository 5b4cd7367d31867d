"""The web server lets nobody wait in vain: who was let in gets an answer, also when the server is told to stop."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator

import pytest
from flask import Flask

from bot.environment import load_settings
from bot.model.errors import HomelineError
from bot.serving.stopping import Stop
from bot.serving.web import WebServer, listen
from bot.settings import Settings
from bot.supervision.postgres import free_port

LONG = 30.0


class Slow:
    """An app whose one page waits at a gate."""

    def __init__(self) -> None:
        self.entered, self.gate = threading.Event(), threading.Event()
        self.app = Flask("slow")
        self.app.add_url_rule("/", view_func=self._page)

    def _page(self) -> str:
        self.entered.set()
        assert self.gate.wait(LONG)
        return "at last"


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A page that waits, and is let go at the end."""
    made = Slow()
    yield made
    made.gate.set()


@pytest.fixture
def settings() -> Settings:
    """Development on a free port."""
    return load_settings({"HOMELINE_MODE": "development", "PORT": str(free_port())})


def _serve(slow: Slow, settings: Settings, stop: Stop, *, shared: bool = False) -> threading.Thread:
    server = WebServer(slow.app, settings, shared=shared)
    running = threading.Thread(target=server.run, args=(stop,))
    running.start()
    return running


def _ask(settings: Settings, answers: list[str]) -> threading.Thread:
    def ask() -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/", timeout=LONG) as answer:
            answers.append(answer.read().decode())

    asking = threading.Thread(target=ask)
    asking.start()
    return asking


def _knocks(settings: Settings) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", settings.port)) == 0


def test_a_request_in_hand_is_answered_after_the_stop_and_nobody_new_is_let_in(
    slow: Slow, settings: Settings
) -> None:
    stop, answers = Stop(), list[str]()
    running = _serve(slow, settings, stop)
    asking = _ask(settings, answers)
    assert slow.entered.wait(LONG)
    stop.tell()
    while _knocks(settings):
        assert running.is_alive()
    assert running.is_alive(), "it did not wait for the request in hand"
    slow.gate.set()
    asking.join(LONG)
    running.join(LONG)
    assert (answers, running.is_alive()) == (["at last"], False)


def test_a_server_without_requests_stops_at_once(slow: Slow, settings: Settings) -> None:
    stop = Stop()
    running = _serve(slow, settings, stop)
    stop.tell()
    running.join(LONG)
    assert not running.is_alive()


def test_two_web_processes_share_a_port_and_one_goes_on_alone(slow: Slow, settings: Settings) -> None:
    first, second, answers = Stop(), Stop(), list[str]()
    both = [_serve(slow, settings, stop, shared=True) for stop in (first, second)]
    first.tell()
    both[0].join(LONG)
    slow.gate.set()
    _ask(settings, answers).join(LONG)
    assert answers == ["at last"]
    second.tell()
    both[1].join(LONG)


def test_a_port_that_is_taken_is_named(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        with pytest.raises(HomelineError, match=f"PORT.*{settings.port}"):
            listen("127.0.0.1", settings.port, shared=False)


def test_an_address_that_is_none_of_this_machine_is_named() -> None:
    with pytest.raises(HomelineError, match="HOMELINE_HOST: 999.1.1.1"):
        listen("999.1.1.1", 8000, shared=False)
