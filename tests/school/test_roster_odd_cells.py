"""One odd cell: it is named with its line, and the rest of the package goes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.school.roster.loading import load_roster
from bot.storage.people import Guardian, Guardianship
from bot.storage.session import Database
from tests.school.small_roster import NOW, SmallRoster


@pytest.mark.parametrize("order", ["nan", "1e30", "inf", "-inf", "99999999999"])
def test_an_order_of_contacts_that_is_no_number_of_people_is_named(
    sqlite_database: Database, tmp_path: Path, order: str
) -> None:
    roster = SmallRoster(tmp_path)
    roster.know("stu-1", "gua-1", contactOrder=order)
    with sqlite_database.write() as session:
        report = load_roster(session, roster.write(), NOW)
        orders = session.scalars(select(Guardianship.contact_order)).all()
    found = [(problem.rule, problem.column) for problem in report.errors]
    assert (found, list(orders)) == ([("number", "contactOrder")], [1, 1])


def test_a_sign_that_no_database_takes_is_left_out_and_named(database: Database, tmp_path: Path) -> None:
    roster = SmallRoster(tmp_path)
    roster.person("gua-1", "parent", givenName="An\x00a")
    folder = roster.write()
    with database.write() as session:
        report = load_roster(session, folder, NOW)
        names = session.scalars(select(Guardian.given_name).order_by(Guardian.source_id)).all()
    assert list(names) == ["Ana", "Luis"]
    assert ("control-sign", "givenName") in [(problem.rule, problem.column) for problem in report.problems]
