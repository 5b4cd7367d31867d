"""The development carrier as a process of its own, for tests and measurements."""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from bot.simulator.carrier import Carrier, CarrierAccount
from bot.simulator.carrier_api import Dropped, create_blueprint
from bot.simulator.carrier_ledger import Ledger
from bot.simulator.carrier_mischief import Mischief
from bot.simulator.carrier_phones import create_blueprint as create_phones
from bot.simulator.company import CarrierPhones

MOST_CONNECTIONS = 256


class _Handler(WSGIRequestHandler):
    """Quiet, keeps connections open, and never waits for the other side's acknowledgement of half an answer."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: a line a request would cost more than the request."""


class _BoundedServer(ThreadedWSGIServer):
    """A thread a connection, and no more than so many."""

    request_queue_size = MOST_CONNECTIONS

    def __init__(self, host: str, port: int, app: Flask) -> None:
        super().__init__(host, port, app, handler=_Handler)
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for a free thread before the connection is served."""
        self._free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve the connection, then let the next one in."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


def create_app(carrier: Carrier) -> Flask:
    """The carrier as an app. Hanging up works only here, where the connection is at hand."""
    app = Flask(__name__)
    app.register_blueprint(create_blueprint(carrier, url_prefix=None))
    app.register_blueprint(create_phones(CarrierPhones(carrier)))

    def hang_up(_: Dropped) -> tuple[str, int]:
        connection: socket.socket = request.environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
        return "", 500

    app.register_error_handler(Dropped, hang_up)
    return app


def create_server(carrier: Carrier, host: str = "127.0.0.1", port: int = 0) -> BaseWSGIServer:
    """A server for the carrier, bound to its port (0: any free one) but not yet running."""
    return _BoundedServer(host, port, create_app(carrier))


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted."""
    given = parser().parse_args(arguments)
    server = create_server(build_carrier(given), given.host, given.port)
    sys.stderr.write(f"carrier on http://{given.host}:{server.server_port}, ledger {given.ledger}\n")
    sys.stderr.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    return 0


def build_carrier(given: argparse.Namespace) -> Carrier:
    """The carrier that a command line describes."""
    account = CarrierAccount(
        account_sid=given.account_sid,
        auth_token=given.auth_token,
        number=given.number,
        public_base_url=given.public_base_url.rstrip("/"),
    )
    mischief = Mischief(
        latency_seconds=given.latency_ms / 1000,
        refuse_5xx=given.fail_5xx,
        refuse_429=given.fail_429,
        hang=given.hang,
        drop=given.drop_after_accept,
        hang_seconds=given.hang_seconds,
        taken_5xx=given.fail_5xx_after_accept,
        list_lag_seconds=given.list_lag,
    )
    return Carrier(
        account,
        Ledger(given.ledger),
        mischief,
        sent_after_seconds=given.sent_after,
        delivered_after_seconds=given.delivered_after,
        reports=not given.no_callbacks,
        seed=given.seed,
        repeat_reports_seconds=given.repeat_reports,
    )


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m bot.simulator.carrier", description=__doc__)
    add = made.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=4010)
    add("--ledger", type=Path, required=True, help="SQLite file of all texts")
    add("--account-sid", default="AC" + "0" * 32)
    add("--auth-token", default="development-carrier-token")
    add("--number", default="+15005550006", help="the number it sends from and receives at")
    add("--public-base-url", default="http://127.0.0.1:8000", help="where the product is")
    add("--latency-ms", type=float, default=0, help="pause before each answer")
    add("--fail-5xx", type=float, default=0, help="share answered 500 without being taken")
    add("--fail-5xx-after-accept", type=float, default=0, help="share taken and answered 500 all the same")
    add("--fail-429", type=float, default=0, help="share answered 429")
    add("--hang", type=float, default=0, help="share taken and never answered")
    add("--drop-after-accept", type=float, default=0, help="share taken, connection closed without an answer")
    add("--hang-seconds", type=float, default=30)
    add("--sent-after", type=float, default=0.2, help="seconds until a text is reported sent")
    add("--delivered-after", type=float, default=0.8, help="seconds until it is reported delivered")
    add("--no-callbacks", action="store_true", help="report nothing")
    add(
        "--repeat-reports",
        type=float,
        default=0,
        metavar="SECONDS",
        help="pause before a report that was not acknowledged is sent again, for ever (0: never)",
    )
    add(
        "--list-lag",
        type=float,
        default=0,
        metavar="SECONDS",
        help="how long a text is missing from the list",
    )
    add("--seed", type=int, help="makes what goes wrong repeatable, text by text")
    return made
