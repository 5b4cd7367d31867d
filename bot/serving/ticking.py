"""The clock's part: it ticks alone on an embedded database; of many clocks on PostgreSQL the leader ticks."""

from __future__ import annotations

from bot.app import Homeline
from bot.jobs.clock import SteadyClock, build_scheduler
from bot.jobs.leader import Leader
from bot.jobs.work import ticks


class Ticking:
    """Ticks, or stands ready to, from `start` to `stop`."""

    def __init__(self, home: Homeline) -> None:
        self._home = home
        self._clock: SteadyClock | None = None
        self._leader = None if home.database.embedded else Leader(home.database, self._build)

    @property
    def leads(self) -> bool:
        """Whether this process ticks."""
        return self._leader.leads if self._leader is not None else self._clock is not None

    def start(self) -> None:
        """Begin, in the background."""
        if self._leader is not None:
            self._leader.start()
            return
        self._clock = self._build()
        self._clock.start()

    def stop(self) -> None:
        """Finish the ticks that have begun, a large broadcast after its chunk; another process may tick then."""
        self._home.work.broadcasting.stopping.set()
        if self._leader is not None:
            self._leader.stop()
        elif self._clock is not None:
            self._clock.shutdown(wait=True)

    def _build(self) -> SteadyClock:
        return build_scheduler(ticks(self._home.work))
