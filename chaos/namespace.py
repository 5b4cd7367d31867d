"""A network namespace for one process, so that it alone can be cut off: Linux, as root, with iproute2.

The namespace reaches this machine over a pair of virtual interfaces; small relays carry its connections on to
loopback. What a process sent while the line was cut waits in its kernel, as it would in a real machine's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import threading

NETWORK = "10.203.77"
HOST, GUEST = f"{NETWORK}.1", f"{NETWORK}.2"


class Namespace:
    """One namespace; cut and heal its only line. Made by `open`, removed by `close`."""

    def __init__(self) -> None:
        self.name = f"drill-{os.getpid()}"
        self._here, self._there = f"dr{os.getpid() % 10_000_000}h", f"dr{os.getpid() % 10_000_000}g"

    def open(self) -> str | None:
        """Make it. None when it stands, else why it cannot."""
        if os.geteuid() != 0 or shutil.which("ip") is None:
            return "needs root and iproute2"
        try:
            self._ip("netns", "add", self.name)
            self._ip(
                "link", "add", self._here, "type", "veth", "peer", "name", self._there, "netns", self.name
            )
            self._ip("addr", "add", f"{HOST}/30", "dev", self._here)
            self._ip("link", "set", self._here, "up")
            self._ip("-n", self.name, "addr", "add", f"{GUEST}/30", "dev", self._there)
            for link in (self._there, "lo"):
                self._ip("-n", self.name, "link", "set", link, "up")
        except subprocess.CalledProcessError as error:
            self.close()
            return str(error.stderr.decode(errors="replace")).strip() or "ip refused"
        return None

    def command(self, command: list[str]) -> list[str]:
        """The command, to run inside."""
        return ["ip", "netns", "exec", self.name, *command]

    def cut(self) -> None:
        """Nothing passes any more; nobody is told."""
        self._ip("link", "set", self._here, "down")

    def heal(self) -> None:
        """Everything passes again, also what waited."""
        self._ip("link", "set", self._here, "up")

    def close(self) -> None:
        """Remove it; processes inside keep running without a line."""
        for words in (("link", "del", self._here), ("netns", "del", self.name)):
            subprocess.run(["ip", *words], check=False, capture_output=True)

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)


class Relay:
    """Carries TCP connections from `HOST` on to a port of loopback, byte for byte, in a thread of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, name=f"relay-{port}", daemon=True).start()
        self._ready.wait(5)

    def close(self) -> None:
        """Carry nothing any more."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, HOST, 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            onward, back = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, back), _carry(onward, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()
