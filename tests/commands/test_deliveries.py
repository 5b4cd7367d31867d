"""`deliveries list|again`: what did not arrive is seen, and tried once more by whoever answers for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.storage.deliveries import Delivery
from bot.storage.delivery_rows import add_once
from bot.storage.staff import AuditEvent
from tests.commands.conftest import Operator
from tests.conftest import FixedClock


def put(operator: Operator, clock: FixedClock, state: str, **changes: object) -> int:
    """A delivery in this state."""
    with operator.home.database.write() as session:
        number = len(session.scalars(select(Delivery)).all())
        row = {"dedupe_key": f"test:{number}", "kind": "staff", "channel": "sms", "recipient": "+15105550101",
               "language": "en", "body": "Hello.", "state": state, "due_at": clock.now(), "created_at": clock.now(),
               "attempts": 1, "reason": "This is a landline."}  # fmt: skip
        return add_once(session, row | changes)[0].id


@pytest.fixture
def office(ready: Operator) -> Operator:
    return ready


def test_what_ended_without_arriving_is_listed_newest_first_and_nothing_else(
    office: Operator, clock: FixedClock
) -> None:
    assert office.says("deliveries", "list") == "None.\n"
    put(office, clock, "failed", created_at=clock.now() - timedelta(days=8))
    for state in ("delivered", "suppressed", "expired", "cancelled", "queued"):
        put(office, clock, state)
    failed = put(office, clock, "failed", error_code=30006, broadcast_id=3)
    unclear = put(office, clock, "unresolved", reason="Nobody can tell.")
    lines = office.says("deliveries", "list").splitlines()
    assert [line.split("  ")[:2] for line in lines] == [[str(unclear), "unresolved"], [str(failed), "failed"]]
    assert lines[1].endswith("staff  …0101  30006  This is a landline.")
    assert "+1510555" not in "".join(lines)
    assert office.says("deliveries", "list", "--broadcast", "3").startswith(f"{failed}  failed")
    assert "Only the newest 1" in office.says("deliveries", "list", "--limit", "1")


def test_one_is_tried_again_once_as_a_delivery_of_its_own(office: Operator, clock: FixedClock) -> None:
    lost = put(office, clock, "undelivered", broadcast_id=3)
    told = office.says("deliveries", "again", str(lost))
    with office.home.database.read() as session:
        old, new = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert told == f"Delivery {lost} is tried again as {new.id}.\n"
        assert (old.state, new.state, new.resend_of, new.resends) == ("undelivered", "queued", lost, 1)
        assert (new.body, new.recipient, new.broadcast_id, new.attempts) == (old.body, old.recipient, 3, 0)
        [audit] = session.scalars(select(AuditEvent)).all()
        assert (audit.deed, audit.subject_id, audit.detail) == ("send_again", lost, {"as": new.id})
    assert f"was tried again as {new.id}" in office.refuses("deliveries", "again", str(lost))
    assert office.says("deliveries", "list") == "None.\n"


def test_a_try_that_was_lost_too_can_be_tried_again_and_stands_for_the_text(
    office: Operator, clock: FixedClock
) -> None:
    first = put(office, clock, "failed")
    second = put(office, clock, "failed", resend_of=first, resends=1)
    assert office.says("deliveries", "list").startswith(f"{second}  failed")
    assert f"was tried again as {second}" in office.refuses("deliveries", "again", str(first))
    office.says("deliveries", "again", str(second))
    with office.home.database.read() as session:
        newest = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
        assert newest is not None and (newest.resend_of, newest.resends) == (first, 2)


def test_what_may_have_arrived_is_tried_again_only_by_who_takes_that_upon_himself(
    office: Operator, clock: FixedClock
) -> None:
    unclear = put(office, clock, "unresolved")
    assert "may have arrived" in office.refuses("deliveries", "again", str(unclear))
    assert "is tried again" in office.says("deliveries", "again", str(unclear), "--although-unclear")


def test_all_or_none_are_tried_again(office: Operator, clock: FixedClock) -> None:
    lost, fine = put(office, clock, "failed"), put(office, clock, "delivered")
    stale = put(office, clock, "failed", expires_at=clock.now())
    for other, why in ((fine, "is delivered"), (stale, "worth nothing"), (999, "There is no delivery 999")):
        told = office.refuses("deliveries", "again", str(lost), str(other))
        assert why in told and "is tried again as" not in told
    with office.home.database.read() as session:
        assert len(session.scalars(select(Delivery)).all()) == 3
