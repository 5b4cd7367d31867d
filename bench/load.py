"""A light load generator in a process of its own: `python -m bench.load`, the plan on standard input.

A lane is one keep-alive connection that sends its requests one after another. Requests come ready
made, so that neither signing nor encoding is measured.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the generator saw: seconds from first to last, milliseconds a request, statuses by count."""

    started: float
    seconds: float
    took_ms: tuple[float, ...]
    statuses: Mapping[str, int]

    @property
    def refused(self) -> int:
        """Answers that were no success."""
        return sum(count for status, count in self.statuses.items() if not status.startswith("2"))


def request(base: str, path: str, fields: Mapping[str, str], token: str) -> str:
    """A signed form post as it goes over the wire."""
    body = urlencode(fields)
    signature = RequestValidator(token).compute_signature(base + path, dict(fields))
    return (
        f"POST {path} HTTP/1.1\r\nHost: {base.removeprefix('http://')}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )


def fire(port: int, lanes: Sequence[Sequence[str]]) -> Outcome:
    """Send all lanes at once from another process and wait for the answers."""
    plan = json.dumps({"port": port, "lanes": [list(lane) for lane in lanes]})
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=plan.encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    seen = json.loads(done.stdout)
    return Outcome(seen["started"], seen["seconds"], tuple(seen["took_ms"]), seen["statuses"])


async def _lane(port: int, requests: Sequence[bytes], took: list[float], statuses: dict[str, int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for one in requests:
        began = time.perf_counter()
        writer.write(one)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        if b"content-length:" in lower:
            await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
        took.append((time.perf_counter() - began) * 1000)
        status = head[9:12].decode()
        statuses[status] = statuses.get(status, 0) + 1
    writer.close()


async def _all(port: int, lanes: Sequence[Sequence[bytes]]) -> dict[str, object]:
    took: list[float] = []
    statuses: dict[str, int] = {}
    started, began = time.time(), time.perf_counter()
    await asyncio.gather(*(_lane(port, lane, took, statuses) for lane in lanes))
    return {"started": started, "seconds": time.perf_counter() - began, "took_ms": took, "statuses": statuses}


def main() -> None:
    """Read the plan, fire, write what was seen."""
    plan = json.load(sys.stdin)
    lanes = [[one.encode() for one in lane] for lane in plan["lanes"]]
    json.dump(asyncio.run(_all(plan["port"], lanes)), sys.stdout)


if __name__ == "__main__":
    main()
