"""A fault while a broadcast is expanded costs its own text, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.outbox.letters import Post, Reader
from bot.outbox.queueing import Mailing, Queueing
from bot.storage.delivery_batches import NewDelivery
from tests.broadcasts import EVERYBODY, District
from tests.cast import EMMA


@dataclass
class Faulty:
    """Queues, but for one line: the fault comes where its text is written, or once the rows are stored."""

    queueing: Queueing
    line: str
    error: Exception
    writing: bool = False

    def write_many(self, session: Any, kind: str, readers: Sequence[Reader]) -> Post:
        """As the queueing does, or a fault."""
        if self.writing and any(reader.person.recipient == self.line for reader in readers):
            raise self.error
        return self.queueing.write_many(session, kind, readers)

    def judge_many(self, session: Any, mailing: Mailing, post: Post) -> Sequence[NewDelivery]:
        """As the queueing does."""
        return self.queueing.judge_many(session, mailing, post)

    def store_many(self, session: Any, mailing: Mailing, rows: Sequence[NewDelivery]) -> None:
        """As the queueing does, or a fault once the rows are stored."""
        self.queueing.store_many(session, mailing, rows)
        if not self.writing and any(row.person.recipient == self.line for row in rows):
            raise self.error


@pytest.mark.parametrize("writing", [True, False], ids=["written", "stored"])
def test_a_text_that_cannot_be_made_costs_nobody_else_theirs(district: District, writing: bool) -> None:
    number = district.send()
    faulty = Faulty(district.queueing, EMMA, KeyError("Ava +15105550119"), writing)
    with capture_logs() as logged:
        district.clockwork(queueing=faulty).advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY - Counter([EMMA])
    assert (f"sms:{EMMA}", "en", "skipped", "fault") in district.recipients(number)
    assert district.state(number) == "sending"
    assert "Ava" not in str(logged) and EMMA not in str(logged)


@pytest.mark.parametrize("writing", [True, False], ids=["written", "stored"])
def test_a_database_that_is_down_costs_nobody_a_text(district: District, writing: bool) -> None:
    number, down = district.send(), OperationalError("insert", {}, Exception("server closed"))
    faulty = Faulty(district.queueing, EMMA, down, writing)
    with pytest.raises(OperationalError):
        district.clockwork(queueing=faulty).advance()
    district.advance()
    assert Counter(row.recipient for row in district.deliveries(number)) == EVERYBODY
