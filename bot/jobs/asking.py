"""Job: ask the carrier what became of texts of which no report came, a few at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.jobs.one_by_one import one_by_one
from bot.model.errors import CarrierError
from bot.model.messages import StatusReport
from bot.model.ports import Channel, Clock
from bot.outbox.statuses import apply_status, dated
from bot.storage.session import Database
from bot.storage.silent_texts import Silent, count_look, list_silent, take_back_look

log = structlog.get_logger(__name__)

ASK_CARRIER = "ask_carrier"
"""The job's name. Its row is 0: it looks for itself what is silent."""

LOOKS = (timedelta(hours=12), timedelta(hours=24), timedelta(hours=48), timedelta(hours=72))
"""How long after a text was sent it is asked about. Twilio advises to ask when no report came for twelve hours
(messaging/guides/outbound-message-logging); carriers give a text up within three days, often without a word."""

TOO_OLD = timedelta(days=7)
"""Older ones are left as they are: nobody asks about them because a server stood still or was new."""

HELPING = 20
"""Texts a job asks about, one after another; the rest waits for the next tick."""

Found = tuple[Silent, StatusReport]


@dataclass(frozen=True, slots=True)
class Asking:
    """Silent texts and those who know about them. Days are those of the school's zone."""

    database: Database
    channels: Mapping[str, Channel]
    clock: Clock
    zone: ZoneInfo

    def any_due(self) -> bool:
        """Whether there is anything to ask about. Cheap, however many texts there are."""
        return bool(self._due(1))

    def run(self, _row_id: int) -> None:
        """As a job: ask about a helping, and store the answers as the carrier's own reports are."""
        answers = self._ask_about(self._due(HELPING))
        one_by_one(answers, self._store, _tell)
        if answers:
            log.info("carrier_asked", answers=len(answers))

    def _due(self, limit: int) -> Sequence[Silent]:
        """Those that were asked about less often come first: of them most is to be learned."""
        now = self.clock.now()
        found: list[Silent] = []
        with self.database.read() as session:
            for looks, pause in enumerate(LOOKS):
                if len(found) < limit:
                    between = (now - TOO_OLD, now - pause)
                    found += list_silent(session, looks, between, limit - len(found))
        return found

    def _ask_about(self, texts: Sequence[Silent]) -> list[Found]:
        """The answers, nothing being open meanwhile. A carrier that gives none is left in peace until the next tick."""
        answers: list[Found] = []
        for text in texts:
            with self.database.write(durable=False) as session:
                mine = count_look(session, text)
            if not mine:
                continue
            try:
                report = self._ask(text, self.clock.now())
            except CarrierError as error:
                with self.database.write(durable=False) as session:
                    take_back_look(session, text)
                log.warning("carrier_not_asked", delivery_id=text.id, code=error.code)
                break
            if report is not None:
                answers.append((text, report))
        return answers

    def _ask(self, text: Silent, now: datetime) -> StatusReport | None:
        channel = self.channels.get(text.channel)
        return channel.ask_status(text.provider_id, now) if channel is not None else None

    def _store(self, found: Found) -> None:
        text, report = found
        with self.database.write() as session:
            state = apply_status(session, dated(report, self.zone))
        log.info("silent_text", delivery_id=text.id, look=text.looks + 1, state=state)


def _tell(found: Found, error: Exception) -> None:
    log.error("answer_not_stored", delivery_id=found[0].id, error=type(error).__name__)
