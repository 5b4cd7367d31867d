"""Many processes on PostgreSQL: web ×2, worker ×2 and one more behind a line that can be cut, clock ×2."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bot.supervision.postgres import LocalPostgres, free_port
from bot.supervision.processes import Child, Supervisor
from chaos.modes import SETTINGS
from chaos.namespace import HOST, Namespace, Relay
from tests.journeys.house import House, wait_for

ROLES = ("web", "worker", "clock")
ODDS = (5, 12, 3)
"""How often which role is struck."""
NO_DATABASE, KILLED = 3, -9
"""How processes may end: because the database went away, or by our hand."""
STOPS = {4: False, 12: True}
"""At which strikes PostgreSQL is stopped and started as well, and whether at once, as in a crash."""
CUT_AT, FREEZE_AT, AWAY_SECONDS = 8, 16, 30.0
"""At which strikes a worker is cut off, or stands still, and for how long: longer than its lease of 20 s."""
DOWN_SECONDS = 3.0


class Cluster:
    """PostgreSQL and seven processes, started again when they end."""

    name = "cluster"

    def __init__(self, folder: Path, carrier_options: tuple[str, ...]) -> None:
        folder.chmod(0o755)  # PostgreSQL runs as another account
        self._postgres = LocalPostgres(folder / "postgres", free_port())
        self._postgres.start()
        self.house = House(folder, self._postgres.url, extra=SETTINGS, carrier_options=carrier_options)
        self.others: list[str] = []
        self._told: list[str] = []
        self._strikes = 0
        self._namespace = Namespace()
        self._relays: list[Relay] = []
        self._children: list[Child] = []
        self._stopping = threading.Event()
        self._looking = threading.Thread(target=self._look, name="supervisor", daemon=True)
        self._healing: list[threading.Timer] = []
        self._supervisor: Supervisor | None = None

    def start(self) -> None:
        """Start everything and wait until the web answers."""
        command = [sys.executable, "server.py"]
        environment = self.house.environment()
        for role in ROLES:
            own = {**environment, "HOMELINE_ROLE": role}
            self._children += [Child(f"{role}-{number}", command, own) for number in (1, 2)]
        self._children.append(self._lonely(command, environment))
        self._supervisor = Supervisor(self._children, self.house.folder / "log", self._told.append)
        self._supervisor.start()
        self._looking.start()
        wait_for(f"{self.house.base}/healthz", 120)

    def strike(self, dice: random.Random) -> Sequence[str]:
        """kill -9 of one process, whichever; at set times the database or a line goes down as well."""
        self._strikes += 1
        if self._strikes in STOPS:
            self._restart_postgres(at_once=STOPS[self._strikes])
        if self._strikes == CUT_AT:
            self._cut()
        if self._strikes == FREEZE_AT:
            self._freeze()
        return self._kill(dice.choices(ROLES, ODDS)[0], dice)

    def strike_web(self, dice: random.Random) -> Sequence[str]:
        """kill -9 of a web process."""
        return self._kill("web", dice)

    def ended_by_themselves(self) -> Sequence[str]:
        """Processes that ended otherwise than by our hand or for want of a database, as the supervisor told it."""
        good = [f"ended with {status};" for status in (KILLED, NO_DATABASE)]
        return [
            line for line in self._told if "ended with" in line and not any(words in line for words in good)
        ]

    def stop(self) -> None:
        """End everything."""
        for timer in self._healing:
            timer.join()
        self._stopping.set()
        if self._looking.ident is not None:
            self._looking.join()
        if self._supervisor is not None:
            self._supervisor.stop()
        self.house.stop()
        for relay in self._relays:
            relay.close()
        self._namespace.close()
        self._postgres.stop()

    def _lonely(self, command: list[str], environment: Mapping[str, str]) -> Child:
        """A worker whose line can be cut; an ordinary one where that cannot be."""
        own = {**environment, "HOMELINE_ROLE": "worker"}
        if why := self._namespace.open():
            self.others.append(f"no worker was cut off: {why}")
            return Child("worker-3", command, own)
        database, carrier = Relay(self._postgres.port), Relay(self.house.carrier_port)
        self._relays += [database, carrier]
        own["DATABASE_URL"] = f"postgresql://postgres@{HOST}:{database.port}/postgres"
        own["TWILIO_API_BASE"] = f"http://{HOST}:{carrier.port}"
        return Child("worker-3", self._namespace.command(command), own)

    def _kill(self, role: str, dice: random.Random) -> Sequence[str]:
        running = self._running(role)
        if not running:
            return []
        dice.choice(running).kill()
        return [role]

    def _running(self, role: str) -> list[subprocess.Popen[bytes]]:
        processes = [child.process for child in self._children if child.name.startswith(role)]
        return [process for process in processes if process is not None and process.poll() is None]

    def _restart_postgres(self, *, at_once: bool) -> None:
        self._postgres.stop(at_once=at_once)
        time.sleep(DOWN_SECONDS)
        self._postgres.start()
        self.others.append(f"PostgreSQL {'crashed' if at_once else 'stopped'} and started")

    def _cut(self) -> None:
        if not self._relays:
            return
        self._namespace.cut()
        self._later(self._namespace.heal)
        self.others.append(f"a worker cut off for {AWAY_SECONDS:.0f} s")

    def _freeze(self) -> None:
        """As when a virtual machine is paused: it goes on later as if no time had passed."""
        for process in self._running("worker")[:1]:
            process.send_signal(signal.SIGSTOP)
            self._later(partial(process.send_signal, signal.SIGCONT))
            self.others.append(f"a worker stopped for {AWAY_SECONDS:.0f} s")

    def _later(self, heal: Callable[[], object]) -> None:
        self._healing.append(threading.Timer(AWAY_SECONDS, heal))
        self._healing[-1].start()

    def _look(self) -> None:
        while not self._stopping.wait(0.1):
            if self._supervisor is not None and self._supervisor.look() is not None:
                self._told.append("a process ended with 2; it cannot start")
                return
