"""Services: what is offered, in which order, what is known of their hours, how a text says it."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy.orm import Session

from bot.model.dialogue import Phrase, Verbatim
from bot.school.opening_times import HoursToday, Today, hours_on
from bot.school.resources import Wanted, is_fresh, search, speaks
from bot.school.service_texts import service_say
from bot.storage.resources import Resource, ResourceHours
from bot.storage.session import Database
from tests import cast_world

TODAY = date(2026, 11, 16)  # a Monday
FOOD = ("food", "meals")


def _names(session: Session, wanted: Wanted, seen: set[int] | None = None) -> list[str]:
    return [service.name for service in search(session, wanted, seen or set(), TODAY).services]


def test_three_are_offered_at_a_time_and_what_is_closed_for_good_never(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        first = search(session, Wanted(FOOD), set(), TODAY)
        assert len(first.services) == 3
        assert first.more
        rest = search(session, Wanted(FOOD), {service.id for service in first.services}, TODAY)
        assert [service.name for service in rest.services] == ["Harbor Groceries", "Old Mill Pantry"]
        assert not rest.more


def test_what_speaks_the_familys_language_comes_first(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        assert _names(session, Wanted(FOOD, "ar"))[0] == "Harbor Groceries"


def test_only_places_with_the_language_count_interpreters_too(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        session.query(Resource).filter_by(name="Hill Street Pantry").one().interpretation = "by telephone"
        session.flush()
        assert _names(session, Wanted(FOOD, "ar", only_language=True)) == [
            "Harbor Groceries",
            "Hill Street Pantry",
        ]


def test_only_free_places_leaves_out_what_costs_or_does_not_say(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        session.query(Resource).filter_by(name="Sunday Table").one().free = None
        session.flush()
        names = _names(session, Wanted(FOOD, "es", only_free=True))
        assert names == ["Bayside Food Pantry", "Hill Street Pantry", "Old Mill Pantry"]


def test_near_ones_come_first_by_postal_code_then_by_distance(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        for name, latitude in (
            ("Bayside Food Pantry", 37.80),
            ("Hill Street Pantry", 38.90),
            ("Sunday Table", 37.81),
        ):
            row = session.query(Resource).filter_by(name=name).one()
            row.latitude, row.longitude, row.languages = latitude, -122.2, "en"
        session.flush()
        names = _names(session, Wanted(FOOD, "en", postal_code="94601"))
        assert names == ["Bayside Food Pantry", "Harbor Groceries", "Sunday Table"]
        assert len(_names(session, Wanted(FOOD, "en", postal_code="00001"))) == 3  # a code nobody is in


def test_what_nobody_has_checked_for_a_year_is_offered_last_and_says_so(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        old = session.query(Resource).filter_by(name="Old Mill Pantry").one()
        assert not is_fresh(old, TODAY)
        assert (
            Phrase("utter_service_last_checked", {"checked_on": date(2023, 8, 1)})
            in service_say(old, "en", TODAY).texts
        )
        assert _names(session, Wanted(FOOD, postal_code="94601"))[-1] != "Old Mill Pantry"


def test_a_hidden_address_is_not_said(database: Database) -> None:
    with database.write() as session:
        cast_world.add_services(session)
        hidden = session.query(Resource).filter_by(name="Safe at Home").one()
        said = service_say(hidden, "es", TODAY).texts
    assert [text.text for text in said if isinstance(text, Verbatim)] == ["Safe at Home", "+1 510-555-0167"]


def test_it_says_whether_the_familys_language_is_spoken() -> None:
    service = Resource(
        name="X", languages="en, pt", phone=None, address=None, free=None, assured_on=TODAY, hours=[]
    )
    assert speaks(service, "pt-BR")
    assert Phrase("utter_service_speaks") in service_say(service, "pt-BR", TODAY).texts
    assert Phrase("utter_service_other_language") in service_say(service, "so", TODAY).texts
    service.interpretation = "on request"
    assert Phrase("utter_service_interpreter") in service_say(service, "so", TODAY).texts


def _hours(freq: str, byday: str | None, opens: int = 9, **more: date) -> ResourceHours:
    return ResourceHours(freq=freq, byday=byday, opens_at=time(opens), closes_at=time(17), **more)


WEEKDAYS = _hours("WEEKLY", "MO,TU,WE,TH,FR")
FIRST_SATURDAY = _hours("MONTHLY", "1SA", 10)
LAST_FRIDAY = _hours("MONTHLY", "-1FR")
EVERY_SUNDAY = _hours("MONTHLY", "SU")


@pytest.mark.parametrize(
    ("row", "day", "state"),
    [
        (WEEKDAYS, date(2026, 11, 16), Today.OPEN),
        (WEEKDAYS, date(2026, 11, 21), Today.CLOSED),
        (FIRST_SATURDAY, date(2026, 11, 7), Today.OPEN),
        (FIRST_SATURDAY, date(2026, 11, 14), Today.CLOSED),
        (LAST_FRIDAY, date(2026, 11, 27), Today.OPEN),
        (LAST_FRIDAY, date(2026, 11, 20), Today.CLOSED),
        (LAST_FRIDAY, date(2026, 12, 25), Today.OPEN),
        (EVERY_SUNDAY, date(2026, 11, 29), Today.OPEN),
        (_hours("DAILY", None), date(2026, 11, 21), Today.OPEN),
        (_hours("WEEKLY", None), date(2026, 11, 21), Today.OPEN),
        (_hours("YEARLY", None), date(2026, 11, 21), Today.CLOSED),
        (_hours("WEEKLY", "nonsense"), date(2026, 11, 16), Today.CLOSED),
    ],
)
def test_repeating_hours_fall_on_their_days(row: ResourceHours, day: date, state: Today) -> None:
    assert hours_on([row], day).state is state


def test_two_stretches_of_a_day_are_one_from_first_to_last() -> None:
    evening = ResourceHours(freq="WEEKLY", byday="MO", opens_at=time(18), closes_at=time(20))
    assert hours_on([evening, WEEKDAYS], TODAY) == HoursToday(Today.OPEN, time(9), time(20))


def test_after_their_validity_hours_are_unknown_not_closed() -> None:
    ended = _hours("WEEKLY", "MO", valid_to=date(2026, 10, 14))
    assert hours_on([ended], TODAY).state is Today.UNKNOWN
    assert hours_on([], TODAY).state is Today.UNKNOWN
    coming = _hours("WEEKLY", "MO", valid_from=date(2027, 1, 1))
    assert hours_on([coming], TODAY).state is Today.UNKNOWN


def test_midnight_to_a_minute_before_midnight_means_always_open() -> None:
    always = ResourceHours(freq="WEEKLY", byday="MO", opens_at=time(0), closes_at=time(23, 59))
    assert hours_on([always], TODAY).state is Today.ALWAYS


def test_a_day_without_times_is_unknown() -> None:
    assert hours_on([ResourceHours(freq="WEEKLY", byday="MO")], TODAY).state is Today.UNKNOWN
