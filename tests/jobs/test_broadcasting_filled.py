"""Each family's text is the one it would be if it were written for that family alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.outbox.broadcast_wording import PhrasebookWording
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import Queueing
from bot.school.broadcasts.households import find_households
from bot.school.broadcasts.wording import Content, Measured
from bot.storage.broadcasts import Broadcast
from bot.storage.people import Contact, Student
from tests.broadcasts import RESPONSES, ZONE, District
from tests.cast import EMMA
from tests.journeys.house import ROOT

NAMES = {"Ava": "Ava Jr.", "Ifrah": "Ifrah {date}", "Sofía": "Sofía 🌻"}
"""Names that end with a full stop, look like a field, or take two units a character."""

NAMES_AND_DAYS = "{date}: {child}, {children}, {school}. For {child}."
IN_SPANISH = "{school}: {child}, {children}. {date}. Para {child}."


@pytest.fixture
def with_unusual_names(district: District) -> District:
    """The cast's, with unusual names, one family that reads Arabic, and the product's own phrases."""
    with district.database.write() as session:
        for name, unusual in NAMES.items():
            session.execute(update(Student).where(Student.given_name == name).values(given_name=unusual))
        session.execute(update(Contact).where(Contact.address == EMMA).values(language="ar"))
    book = Phrasebook(RESPONSES, ROOT / "bot" / "locales", ZONE)
    district.queueing = Queueing(book, district.jobs, district.policy, ZONE)
    district.wording = PhrasebookWording(book)
    return district


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (NAMES_AND_DAYS, {"about_on": date(2026, 11, 20), "translations": {"es": IN_SPANISH}}),
        ("{teacher}: {class}.", {"classes": ["cls-2"]}),
        ("A trip.", {"schools": ["sch-1"]}),
        ("A trip.", {"schools": ["sch-3"], "one_per": "child"}),
    ],
    ids=["names and days", "classes", "the line that names the children", "one a child"],
)
def test_what_leaves_is_what_would_be_written_for_it_alone(
    with_unusual_names: District, text: str, wanted: dict[str, Any]
) -> None:
    district = with_unusual_names
    number = district.send(text, **wanted)
    district.advance()
    sent = {
        (row.recipient, row.dedupe_key): Measured(row.body, row.segments, row.original is not None, False)
        for row in district.deliveries(number)
    }
    assert sent == written_alone(district, number) != {}


def test_what_people_wrote_is_kept_filled_beside_its_translation(with_unusual_names: District) -> None:
    district = with_unusual_names
    number = district.send("Trip of {child}.", translations={"es": "Paseo de {child}."}, classes=["cls-2"])
    district.advance()
    found = {row.body: row.original for row in district.deliveries(number) if row.language == "es"}
    assert found == {"Paseo de Sofía 🌻.": "Trip of Sofía 🌻."}


def written_alone(district: District, number: int) -> dict[tuple[str, str], Measured]:
    """By line and cause: what the preview would show of each family's text."""
    with district.database.read() as session:
        broadcast = session.scalars(select(Broadcast).where(Broadcast.id == number)).one()
        content = Content.of(broadcast)
        today = district.clock.now().astimezone(ZONE).date()
        found = {}
        for home in find_households(session, content.scope(today)):
            if home.reason is None:
                say = content.say(home, district.wording, "Río Vista")
                about = f":{home.about_child}" if home.about_child else ""
                cause = f"broadcast:{number}:{home.contact_id}{about}"
                found[home.address, cause] = replace(
                    district.wording.measure(say, home.language), noted=False
                )
        return found
