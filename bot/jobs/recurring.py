"""The clock's part in series: the broadcast for a time that is near is made, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.jobs.one_by_one import one_by_one
from bot.school.broadcasts.occurrences import is_due, make_next
from bot.school.broadcasts.preview import Desk, preview
from bot.storage.broadcast_series import list_live, pattern_of
from bot.storage.session import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recurring:
    """Everything the clock does for series. `desk` gives the desk of this moment."""

    database: Database
    desk: Callable[[], Desk]

    def make(self) -> None:
        """Tick: make what is near, and end the series that are over. One that fails keeps back no other."""
        with self.database.read() as session:
            desk = self.desk()
            due = [series.id for series in list_live(session) if is_due(series, desk)]
        one_by_one(due, self._make, _tell)

    def _make(self, series_id: int) -> None:
        desk = self.desk()
        with self.database.read() as session:
            pattern = pattern_of(session, series_id)
            recipients = preview(session, pattern, desk).recipients if pattern is not None else 0
        with self.database.write() as session:
            made = make_next(session, series_id, recipients, desk)
        if made is not None:
            log.info("broadcast_repeated", series_id=series_id, broadcast_id=made.id)


def _tell(series_id: int, error: Exception) -> None:
    log.error("series_failed", series_id=series_id, error=type(error).__name__)
