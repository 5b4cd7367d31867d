"""A service can be asked for by its name; a kind of help is no name."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.school.service_names import index_names, named_services
from bot.storage.resources import Resource
from bot.storage.session import Database

_NAMES = {
    "WIC Nutrition Office": "Alameda Health",
    "After-school and summer": "Boys & Girls Clubs of Oakland",
    "Food pantry 1": "Helpers",
    "Food pantry 2": "Helpers",
    "Food pantry 3": "Helpers",
    "Food pantry 4": "Helpers",
    "Rosa's Kitchen": "St. Columba Church",
}


def _fill(session: Session) -> None:
    for number, (name, organization) in enumerate(_NAMES.items()):
        session.add(
            Resource(source_id=str(number), organization=organization, name=name, description="", category="food",
                     status="inactive" if name.startswith("Rosa") else "active")
        )  # fmt: skip
    session.flush()
    index_names(session)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("where is the boys and girls club?", ["After-school and summer"]),
        ("necesito el boys & girls club", ["After-school and summer"]),
        ("wic xaggee ku taal", ["WIC Nutrition Office"]),
        ("how do I get WIC", ["WIC Nutrition Office"]),
        ("we need a food pantry", []),
        ("my boys need food", []),
        ("Rosa's Kitchen", []),  # not offered any more
        ("", []),
    ],
)
def test_names_are_heard_and_kinds_of_help_are_not_names(
    database: Database, said: str, named: list[str]
) -> None:
    with database.write() as session:
        _fill(session)
        assert [service.name for service in named_services(session, said)] == named
