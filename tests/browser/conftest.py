"""A real browser at a served app. Skipped, with the reason, where no Chromium is installed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

playwright_api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")

# The shell is Chromium without its windows: it takes a third of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


class SilentHandler(WSGIRequestHandler):
    """Logs no requests: a page still asking after its test would write to output that pytest has closed."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


class Gate:
    """An app that can be closed: what it is asked is answered to the end, later ones find nobody.

    A page goes on asking after its test; in the middle of the next test's start it would meet half a database.
    """

    def __init__(self, app: Flask) -> None:
        self._app, self._open, self._asked = app, True, 0
        self._turn = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request, as WSGI has it."""
        with self._turn:
            if not self._open:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self._asked += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._turn:
                self._asked -= 1
                self._turn.notify_all()

    def close(self) -> None:
        """Let nobody in any more, and wait for those within."""
        with self._turn:
            self._open = False
            assert self._turn.wait_for(lambda: self._asked == 0, timeout=30), "a request has not ended"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The browser, started once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve an app on a free port of this machine; its address."""
    running = []

    def start(app: Flask) -> str:
        gate = Gate(app)
        server = make_server("127.0.0.1", 0, gate, threaded=True, request_handler=SilentHandler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread, gate))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread, gate in running:
        gate.close()
        server.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def look() -> Callable[[object, str], None]:
    """Keep a picture of a page for people to look at, where HOMELINE_SCREENSHOTS names a folder."""
    folder = os.environ.get("HOMELINE_SCREENSHOTS")

    def keep(page: object, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)  # type: ignore[attr-defined]

    return keep
