"""The real product and a carrier as processes of their own, and the means to write to it as the carrier does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bot.supervision.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "fedcba9876543210" * 2
SCHOOL = "+15105550190"
PATIENCE = 120.0
"""Seconds a process may take to start: on a busy machine half a minute has not been enough."""


def wait_for_port(port: int, seconds: float = PATIENCE) -> None:
    """Until somebody listens; TimeoutError otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


def wait_for(url: str, seconds: float = PATIENCE) -> None:
    """Until the address answers 200; TimeoutError names it otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer 200 within {seconds} s")


@dataclass
class House:
    """One product on one database, with a carrier beside it."""

    folder: Path
    database_url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    carrier_options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    carrier_port: int = field(default_factory=free_port)
    inner_carrier: bool = False
    product: subprocess.Popen[bytes] | None = None
    carrier: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Where the product answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ledger(self) -> Path:
        """The carrier's own book of what it sent."""
        return self.folder / "ledger.db"

    def environment(self) -> dict[str, str]:
        """Settings of a process with the demo district whose carrier is ours."""
        given = {
            "PATH": os.environ["PATH"],
            "OMP_NUM_THREADS": "1",
            "HOMELINE_MODE": "development",
            "HOMELINE_DEMO": "1",
            "SECRET_KEY": "journeys-" * 5,
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "PUBLIC_BASE_URL": self.base,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": SCHOOL,
            "TWILIO_API_BASE": f"http://127.0.0.1:{self.carrier_port}",
            "HOMELINE_RECONCILE_AFTER_SECONDS": "0.5",
            "NO_PROXY": "*",
            **self.extra,
        }
        own = ("TWILIO_", "PUBLIC_BASE_URL")  # left out, the product brings its own account and carrier
        return {k: v for k, v in given.items() if not (self.inner_carrier and k.startswith(own))}

    def start_carrier(self) -> None:
        """Start the carrier and wait until it listens."""
        command = [sys.executable, "-m", "bot.simulator.carrier", "--port", str(self.carrier_port),
                   "--ledger", str(self.ledger), "--account-sid", ACCOUNT, "--auth-token", TOKEN,
                   "--number", SCHOOL, "--public-base-url", self.base, *self.carrier_options]  # fmt: skip
        self.carrier = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=(self.folder / "carrier.log").open("ab")
        )
        wait_for_port(self.carrier_port)

    def start_product(self, *, ready: bool = True) -> None:
        """Start the product; with `ready`, wait until it answers."""
        log = (self.folder / "product.log").open("ab")
        self.product = subprocess.Popen(
            [sys.executable, "server.py"], cwd=ROOT, env=self.environment(), stdout=log, stderr=log
        )
        if ready:
            wait_for(f"{self.base}/healthz")

    def kill_product(self) -> None:
        """kill -9, in the middle of whatever it does."""
        assert self.product is not None
        self.product.send_signal(signal.SIGKILL)
        self.product.wait()

    def stop(self) -> None:
        """End both."""
        for process in (self.product, self.carrier):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()

    def text(self, sender: str, body: str, sid: str) -> int | None:
        """One signed webhook, as the carrier sends it. The status, None when nobody answered."""
        return self.post("/twilio/messages", message_fields(sender, body, sid))

    def post(self, path: str, fields: Mapping[str, str], *, token: str = TOKEN) -> int | None:
        """Any signed webhook."""
        url = self.base + path
        request = urllib.request.Request(url, data=urlencode(fields).encode())
        request.add_header("X-Twilio-Signature", RequestValidator(token).compute_signature(url, dict(fields)))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None


def message_fields(sender: str, body: str, sid: str, **more: str) -> dict[str, str]:
    """The form of an incoming SMS."""
    return {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": sender, "To": SCHOOL,
            "Body": body, "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01", **more}  # fmt: skip


def sid(number: int) -> str:
    """A message id as the carrier makes them."""
    return f"SM{number:032x}"
