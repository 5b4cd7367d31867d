"""Loopback servers for tests: the development carrier, and one that only does what it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from bot.channels.twilio.account import TwilioAccount
from bot.simulator.carrier import Carrier, CarrierAccount
from bot.simulator.carrier_ledger import Ledger
from bot.simulator.carrier_process import create_server

ACCOUNT_SID = "AC" + "a" * 32
TOKEN = "test-auth-token"
OURS = "+15105550100"
PUBLIC = "https://line.example.org"


def twilio_account(api_base: str, **changes: Any) -> TwilioAccount:
    """An account at this carrier."""
    values = {"account_sid": ACCOUNT_SID, "auth_tokens": (TOKEN,), "public_base_url": PUBLIC, "sender": OURS}
    return TwilioAccount(**{**values, "api_base": api_base, **changes})


@contextmanager
def running_carrier(folder: Path, *, reach_at: str = "", **options: Any) -> Iterator[tuple[Carrier, str]]:
    """The development carrier behind a real socket, and its address. Texts pass through their statuses at once."""
    account = CarrierAccount(ACCOUNT_SID, TOKEN, OURS, PUBLIC, "SK" + "b" * 32, "key-secret", reach_at)
    options = {
        "sent_after_seconds": 0.0,
        "delivered_after_seconds": 0.0,
        "reports": bool(reach_at),
        **options,
    }
    carrier = Carrier(account, Ledger(folder / "ledger.db"), **options)
    server = create_server(carrier)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield carrier, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        carrier.close()


Reply = Callable[[BaseHTTPRequestHandler, str], None]


@contextmanager
def scripted_server(reply: Reply) -> Iterator[str]:
    """A server that does with each request what `reply(handler, body)` says; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            reply(self, body)

        def do_GET(self) -> None:
            reply(self, "")

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hung up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def answer(handler: BaseHTTPRequestHandler, status: int, body: str = "", **headers: str) -> None:
    """One answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body.encode())))
    handler.end_headers()
    handler.wfile.write(body.encode())


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def form(body: str) -> Mapping[str, str]:
    """A posted form."""
    return dict(parse_qsl(body, keep_blank_values=True))
