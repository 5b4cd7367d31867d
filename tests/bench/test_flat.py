"""What a message costs by the rows behind it: what is compared with what, and how it is told."""

from __future__ import annotations

import pytest

from bench import flat, history
from bench.flat import Seen
from bot.storage.conversations import Conversation, Message, Turn
from bot.storage.deliveries import Delivery, StatusEvent
from bot.storage.session import Database


def seen() -> Seen:
    """Two runs of a step at two sizes: the processor's time doubles, the wall's does not."""
    made = Seen("SQLite")
    for run in range(2):
        made.begin_run()
        for cost in (1.0, 2.0, 30.0):
            made.note("a send", 1_000, (cost, 10.0))
            made.note("a send", 1_000_000, (2 * cost + run, 10.0))
    return made


def test_growth_is_the_middle_with_most_rows_by_the_middle_with_fewest() -> None:
    assert seen().middle("a send", 1_000) == (2.0, 10.0)
    assert seen().growth("a send", 1_000_000) == pytest.approx(4.5 / 2.0)
    assert seen().growth("a send", 1_000_000, 1) == 1.0


def test_a_figure_has_the_middle_of_each_run_beside_that_with_fewest_rows() -> None:
    processor, wall = flat.figures(seen())
    assert (processor.values, processor.peer_values) == ((4.0, 5.0), (2.0, 2.0))
    assert processor.ratio == 2.25 and processor.met is False
    assert wall.ratio == 1.0 and wall.met is None


def test_the_table_has_a_line_a_step_and_says_how_both_times_grew() -> None:
    last = flat.table([seen()]).splitlines()[-1]
    assert last == "| a send, SQLite | 2.00 / 10.00 | 4.50 / 10.00 | 2.25 / 1.00 |"


def test_the_plot_has_a_line_a_step_over_powers_of_ten() -> None:
    picture = flat.draw(seen())
    assert picture.count("<polyline") == 1 and "a send (2.0 ms)" in picture
    assert ">1 M<" in picture and ">10 k<" in picture


def test_a_past_is_of_one_piece(database: Database) -> None:
    """Every answer belongs to the turn of its own line, every report to the text the carrier named."""
    history.fill(database, 100)
    with database.read() as session:
        assert [session.query(one).count() for one in (Delivery, StatusEvent, Message, Turn, Conversation)] == [
            100, 200, 20, 20, 10,
        ]  # fmt: skip
        answers = session.query(Delivery, Turn).join(Turn, Turn.id == Delivery.turn_id).all()
        assert len({turn.id for _, turn in answers}) == 20
        assert all(
            f"sms:{row.recipient}" == turn.line == f"sms:{turn.message.sender}" for row, turn in answers
        )
        reports = session.query(StatusEvent, Delivery).join(Delivery, Delivery.id == StatusEvent.delivery_id)
        assert all(event.provider_id == row.provider_id for event, row in reports)
        assert {row.recipient for row in session.query(Delivery)} == {
            history.address(n) for n in range(1, 11)
        }
