"""The web's part: a server on a port that several processes may share, which ends without breaking a request."""

from __future__ import annotations

import socket
import time
from typing import Any

import waitress
from flask import Flask

from bot.model.errors import HomelineError
from bot.serving.stopping import Stop
from bot.settings import Settings

DRAIN_SECONDS = 20.0
"""How long the requests in hand may take when the server stops."""


class PortTaken(HomelineError):
    """Somebody else listens where we are to listen."""


def listen(host: str, port: int, *, shared: bool) -> socket.socket:
    """A socket on this address; `shared`: other processes of ours listen there too, and the kernel deals out."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PortTaken(f"HOMELINE_HOST: {host} is no address of this machine ({error.strerror})") from error
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind(address)
    except OSError as error:
        made.close()
        raise PortTaken(
            f"PORT: nothing can listen on {host}:{port} ({error.strerror}); stop what does, or set another"
        ) from error
    return made


class WebServer:
    """waitress, run by this thread until it is told to stop."""

    def __init__(self, app: Flask, settings: Settings, *, shared: bool) -> None:
        self._server = waitress.create_server(
            app, sockets=[listen(settings.host, settings.port, shared=shared)], threads=settings.web_threads,
            connection_limit=1000, channel_timeout=60, ident=None, clear_untrusted_proxy_headers=True,
            **_proxy(settings),
        )  # fmt: skip

    def run(self, stop: Stop) -> None:
        """Serve. On the way out nobody new is let in, and whoever was, gets an answer."""
        stop.wake(self._server.pull_trigger)
        while not stop.wanted:
            self._turn(1.0)
        self._close_door()
        until = time.monotonic() + DRAIN_SECONDS
        while self._busy() and time.monotonic() < until:
            self._turn(0.1)
        self._server.task_dispatcher.shutdown()
        self._server.trigger.close()

    def _turn(self, seconds: float) -> None:
        server = self._server
        server.asyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)

    def _close_door(self) -> None:
        for _ in range(16):  # those who knocked already come in
            self._turn(0.0)
        self._server.del_channel()
        self._server.socket.close()

    def _busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _proxy(settings: Settings) -> dict[str, Any]:
    """What waitress believes of a proxy before it: nothing, unless its address is named."""
    if not settings.trusted_proxy:
        return {}
    believed = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": believed}
