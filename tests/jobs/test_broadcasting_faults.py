"""A fault while a broadcast is expanded costs its own text, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.outbox.queueing import Mailing, Queueing, Reader
from tests.broadcasts import EVERYBODY, District
from tests.cast import EMMA


@dataclass
class Faulty:
    """Queues, but for one line."""

    queueing: Queueing
    line: str
    error: Exception

    def queue_many(self, session: Any, mailing: Mailing, readers: Sequence[Reader]) -> None:
        """As the queueing does, or a fault once the rows are stored."""
        self.queueing.queue_many(session, mailing, readers)
        if any(reader.person.recipient == self.line for reader in readers):
            raise self.error


def test_a_text_that_cannot_be_made_costs_nobody_else_theirs(district: District) -> None:
    number = district.send()
    faulty = Faulty(district.queueing, EMMA, KeyError("Ava +15105550119"))
    with capture_logs() as logged:
        district.clockwork(queueing=faulty).advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY - Counter([EMMA])
    assert (f"sms:{EMMA}", "en", "skipped", "fault") in district.recipients(number)
    assert district.state(number) == "sending"
    assert "Ava" not in str(logged) and EMMA not in str(logged)


def test_a_database_that_is_down_costs_nobody_a_text(district: District) -> None:
    number = district.send()
    faulty = Faulty(district.queueing, EMMA, OperationalError("insert", {}, Exception("server closed")))
    with pytest.raises(OperationalError):
        district.clockwork(queueing=faulty).advance()
    district.advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY
