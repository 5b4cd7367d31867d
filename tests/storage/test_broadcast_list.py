"""Lists of broadcasts and of what became of one, on both kinds of database."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.storage import broadcast_list
from bot.storage.broadcast_outcomes import Piece, list_outcomes, tallies
from bot.storage.broadcasts import Broadcast
from bot.storage.case_list import Viewer
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.broadcasting import FATES, under_way
from tests.console.house import settle_cast

ALL = (1, 100)


def test_results_are_those_of_the_counts_also_after_later_tries(
    database: Database, clock: FixedClock
) -> None:
    cast = settle_cast(database, clock.now())
    key = under_way(database, cast, clock)
    with database.write() as session:
        for first in session.query(Delivery).filter(Delivery.state.in_(("failed", "delivered"))).all():
            for state in ("failed", "sent"):
                session.add(Delivery(
                    dedupe_key=f"again:{first.id}:{state}", kind="broadcast", channel="sms", recipient=first.recipient,
                    broadcast_id=key, language="en", body="x", state=state, reason=state, due_at=clock.now(),
                    created_at=clock.now() + timedelta(minutes=1), resend_of=first.id, resends=1,
                ))  # fmt: skip
                session.flush()
    with database.read() as session:
        found = list_outcomes(session, key)
        counts = tallies(session, [key])[key]
        states = Counter(row.state for row in found)
        assert states == {**counts.deliveries, "pending": counts.pending, "skipped": 2}
        assert states["sent"] == 3 and states["delivered"] == 1 and "failed" not in states
        for state, number in states.items():
            assert len(list_outcomes(session, key, Piece(state=state))) == number
        second = list_outcomes(session, key, Piece(limit=10, offset=10))
        assert second == found[10:20] and len(found) == len(FATES)


def test_several_are_counted_at_once_each_for_itself(database: Database, clock: FixedClock) -> None:
    cast = settle_cast(database, clock.now())
    full = under_way(database, cast, clock)
    short = under_way(database, cast, clock, fates=[("skipped", "stopped"), ("sent", None)])
    with database.read() as session:
        both = tallies(session, [full, short, 999])
        assert both[full] == tallies(session, [full])[full]
    assert (both[short].skipped, both[short].deliveries) == ({"stopped": 1}, {"sent": 1})
    assert (both[999].pending, both[999].deliveries) == (0, {})


def test_each_broadcast_stands_under_its_tab_and_in_the_right_sight(
    database: Database, clock: FixedClock
) -> None:
    cast = settle_cast(database, clock.now())
    states = (
        {"state": "draft", "undo_until": None}, {"state": "scheduled"}, {"state": "expanding"}, {"state": "done"},
        {"state": "paused", "paused_from": "scheduled", "needs_approval": True}, {"state": "expired"},
        {"state": "scheduled", "needs_approval": True}, {"state": "cancelled"},
        {"state": "cancelled", "undo_until": None}, {"state": "sending", "author_id": cast.emma},
    )  # fmt: skip
    with database.write() as session:
        for facts in states:
            session.add(Broadcast(
                **{"author_id": cast.rosa, "text": "x", "language": "en", "audience": {}, "created_at": clock.now(),
                   "undo_until": clock.now(), **facts}
            ))  # fmt: skip
    everything, emma, nobody = Viewer(None, True), Viewer(cast.emma, False), Viewer(None, False)
    with database.read() as session:
        assert broadcast_list.count_tabs(session, everything) == {
            "current": 5, "approval": 2, "drafts": 1, "ended": 3
        }  # fmt: skip
        for tab in broadcast_list.TABS:
            page = broadcast_list.list_page(session, tab, everything, ALL)
            assert len(page.broadcasts) == page.total
            if tab == "approval":
                assert all(map(broadcast_list.waits_for_approval, page.broadcasts))
        assert [row.state for row in broadcast_list.list_page(session, "current", emma, ALL).broadcasts] == [
            "sending"
        ]
        assert set(broadcast_list.count_tabs(session, nobody).values()) == {0}
        assert broadcast_list.find_visible(session, 1, emma) is None
