"""What became of each text of a broadcast, and the counts of all."""

from __future__ import annotations

from datetime import timedelta

from bot.model.messages import StatusReport
from bot.outbox.statuses import apply_status
from bot.school.broadcasts.counts import count
from bot.storage.broadcast_outcomes import Piece, list_outcomes
from bot.storage.broadcasts import Broadcast
from tests.broadcasts import District
from tests.cast import ANGEL, GUADALUPE_R, HODAN


def test_the_result_of_each_recipient_is_told_with_its_reason(district: District) -> None:
    number = district.send(schools=["sch-2"])
    district.advance()
    district.deliver()
    rows = {row.recipient: row for row in district.deliveries(number)}
    with district.database.write() as session:
        report = StatusReport("sms", rows[HODAN].provider_id or "", "undelivered", district.clock.now(),
                              error_code=30006, reason="The number is a landline.")  # fmt: skip
        apply_status(session, report)
    with district.database.read() as session:
        found = {
            o.recipient.line.removeprefix("sms:"): (o.state, o.reason) for o in list_outcomes(session, number)
        }
        first, *_ = list_outcomes(session, number, Piece(limit=1))
        assert len(list_outcomes(session, number, Piece(after=first.recipient.id))) == 2
    assert found == {
        ANGEL: ("sent", None), HODAN: ("undelivered", "The number is a landline."), GUADALUPE_R: ("skipped", "no_contact"),
    }  # fmt: skip


def test_a_later_try_counts_in_place_of_the_first(district: District) -> None:
    number = district.send(languages=["so"])
    district.advance()
    district.deliver()
    (row,) = district.deliveries(number)
    with district.database.write() as session:
        report = StatusReport("sms", row.provider_id or "", "undelivered", district.clock.now(),
                              error_code=30003, resends=2)  # fmt: skip
        apply_status(session, report)
    with district.database.read() as session:
        held = count(session, session.get_one(Broadcast, number))
    assert (held.deliveries, held.recipients) == ({"held": 1}, 1)
    district.clock.advance(timedelta(hours=1))
    district.deliver()
    with district.database.read() as session:
        again = count(session, session.get_one(Broadcast, number))
        (outcome,) = list_outcomes(session, number)
    assert (again.deliveries, again.recipients, outcome.state) == ({"sent": 1}, 1, "sent")
