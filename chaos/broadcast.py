"""A broadcast to everybody, while families text, the carrier fails and processes are killed."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from bot.app import Homeline
from bot.environment import load_settings
from bot.serving import prepare
from chaos import verdict
from chaos.checks import Check, Report, none_of
from chaos.district import APPROVER, AUTHOR, PASSWORD, SCHOOL, District, fill, plan_district
from chaos.eyes import Eyes
from chaos.families import Families, Text, plan_texts
from chaos.modes import Mode
from chaos.plan import Plan
from tests.journeys.house import ROOT

CARRIER = ("--fail-5xx", "0.04", "--fail-5xx-after-accept", "0.01", "--fail-429", "0.02", "--hang", "0.01",
           "--hang-seconds", "12", "--drop-after-accept", "0.01", "--list-lag", "1", "--repeat-reports", "1",
           "--latency-ms", "20")  # fmt: skip
"""5 % errors (a fifth of them after taking the text), 2 % refusals, 1 % hangs past the time-out of 10 s, 1 % drops."""

STOPPER_SHARE = 0.04
STRANGER_SHARE = 0.2
TEXTS_EACH = 2
PATIENCE = 15.0
"""Seconds without enough progress after which the next kill comes all the same."""


def carrier_options(seed: int) -> tuple[str, ...]:
    """The command line of a carrier that fails."""
    return (*CARRIER, "--seed", str(seed))


def run(mode: Mode, plan: Plan) -> Report:
    """The whole drill in one mode, from an empty database to what must hold afterwards."""
    strangers = int(plan.families * STRANGER_SHARE)
    district = plan_district(plan.recipients, strangers)
    known = district.reached[:: max(1, len(district.reached) // plan.families)]
    stoppers = known[: max(1, int(plan.families * STOPPER_SHARE))]
    talkers = [*known[len(stoppers) : plan.families - strangers], *district.strangers]
    texts = plan_texts(talkers, stoppers, TEXTS_EACH)
    _furnish(mode, district)
    eyes = Eyes(mode.house)
    try:
        mode.house.start_carrier()
        mode.start()
        return _Drill(mode, plan, eyes, district, texts).run(stoppers)
    finally:
        mode.stop()
        eyes.close()


def _furnish(mode: Mode, district: District) -> None:
    """An own district's database: the demo's answers and flows, and a school of our own."""
    home = Homeline(load_settings(mode.house.environment()))
    prepare(home)
    with home.database.write() as session:
        fill(session, district, home.clock.now())
    home.close()


class _Drill:
    """One run, after everything stands."""

    def __init__(self, mode: Mode, plan: Plan, eyes: Eyes, district: District, texts: Sequence[Text]) -> None:
        self._mode, self._plan, self._eyes = mode, plan, eyes
        self._district, self._texts = district, texts
        self._total = plan.recipients + len(texts)
        self._dice = random.Random(plan.seed)
        self._families = Families(mode.house, texts)

    def run(self, stoppers: Sequence[str]) -> Report:
        """Send, strike, wait until all is quiet, and look."""
        number = self._send()
        began = time.time()
        self._families.begin()
        kills = self._strike_again_and_again()
        self._await_share(0.95)
        self._families.share = 1.0
        acknowledged = self._families.wait(self._plan.settle_seconds)
        quiet = self._settle(number)
        told = self._command("status", str(number))
        checks = [
            Check("kills, at least", True, len(kills) >= self._plan.kills),
            none_of("processes that ended by themselves", self._mode.ended_by_themselves()),
            Check("every text of a family was acknowledged", True, acknowledged),
            Check("all quiet in time", True, quiet),
            *verdict.carrier_checks(self._eyes, self._district, stoppers),
            *verdict.broadcast_checks(self._eyes, number, self._district, told),
            *verdict.turn_checks(self._eyes, self._texts),
        ]
        return Report(f"broadcast, {self._mode.name}", checks, self._figures(told, began, kills))

    def _send(self) -> int:
        """Write and approve the broadcast with the operators' commands; its number, once it began to leave."""
        told = self._command("send", "--as", AUTHOR, "--school", SCHOOL, "--text", verdict.TEXT, "--yes")
        found = re.search(r"Broadcast (\d+)", told)
        if found is None:
            raise RuntimeError(f"the broadcast was not taken:\n{told}")
        self._command("approve", found[1], "--account", APPROVER, typed=PASSWORD)
        begun = f"(select state from broadcasts where id = {found[1]}) in ('expanding', 'sending', 'done')"
        if not self._eyes.wait("the broadcast begins", begun, 120):
            raise RuntimeError("the broadcast did not begin within two minutes")
        return int(found[1])

    def _command(self, *words: str, typed: str = "") -> str:
        """`flask --app server broadcast …`, as an operator would; `typed` is what it asks for."""
        environment = {**self._mode.house.environment(), "PATH": os.environ["PATH"]}
        done = subprocess.run([sys.executable, "-m", "flask", "--app", "server", "broadcast", *words],
                              cwd=ROOT, env=environment, input=typed + "\n", capture_output=True, text=True,
                              timeout=120, start_new_session=True)  # fmt: skip
        if done.returncode:
            raise RuntimeError(
                f"broadcast {words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def _strike_again_and_again(self) -> Sequence[str]:
        """Kills spread over the whole of the broadcast: one whenever another share of it has left."""
        kills: list[str] = []
        while len(kills) < self._plan.kills:
            self._await_share(len(kills) / (self._plan.kills + 1))
            time.sleep(self._dice.uniform(0.0, 0.5))
            kills += self._mode.strike(self._dice)
            sys.stderr.write(f"{self._mode.name}: kill {len(kills)}, the carrier has {self._eyes.taken()}\n")
        return kills

    def _await_share(self, share: float) -> None:
        """Until so much of all has left, or nothing more seems to come."""
        deadline = time.monotonic() + PATIENCE
        while self._families.share < share and time.monotonic() < deadline:
            self._families.share = self._eyes.taken() / self._total
            time.sleep(0.1)

    def _settle(self, number: int) -> bool:
        """Until every text is answered, every row left and the carrier's reports are in."""
        open_rows = "(select count(*) from deliveries where state in ('held', 'queued', 'sending'))"
        open_turns = "(select count(*) from turns where status in ('waiting', 'claimed'))"
        done = f"(select state from broadcasts where id = {number}) = 'done'"
        unheard = "(select count(*) from deliveries where state = 'sent')"
        return self._eyes.wait(
            "all quiet", f"{open_rows} + {open_turns} + {unheard} = 0 and {done}", self._plan.settle_seconds
        )

    def _figures(self, told: str, began: float, kills: Sequence[str]) -> dict[str, Any]:
        first, last, count = self._eyes.carrier(
            "select min(created), max(created), count(*) from messages where direction = 'outbound-api'")[0]  # fmt: skip
        mishaps = dict(self._eyes.carrier("select kind, number from mishaps order by kind"))
        struck = {kind: kills.count(kind) for kind in dict.fromkeys(kills)}
        return {
            "broadcast status": ", ".join(f"{word} {n}" for word, n in verdict.counts_told(told).items()),
            "texts of families": len(self._texts),
            "webhooks repeated": self._families.repeated,
            "kills": ", ".join(f"{count} × {kind}" for kind, count in struck.items()),
            "also": ", ".join(self._mode.others) or "-",
            "carrier's failures": ", ".join(f"{kind} {count}" for kind, count in mishaps.items()),
            "texts the carrier took": count,
            "sends/s, kills and restarts included": round(count / max(last - first, 0.001), 1),
            "seconds from the first send to quiet": round(time.time() - began, 1),
        }
