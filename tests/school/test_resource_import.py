"""The community directory goes in as what a text can say of each service."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.model.errors import BadInput
from bot.school.resource_import import load_resources
from bot.school.tabular.problems import ImportReport
from bot.storage.resources import Resource
from bot.storage.session import Database
from tests.school.small_roster import NOW

DIRECTORY = Path(__file__).parents[2] / "demo" / "resources"
CARE = {
    reason: source_id
    for source_id, reason in json.loads((DIRECTORY / "CARE.json").read_text("utf-8")).items()
}


def load(database: Database, folder: Path = DIRECTORY, *, force: bool = False) -> ImportReport:
    with database.write() as session:
        return load_resources(session, folder, NOW, force=force)


def stored(database: Database) -> dict[str, Resource]:
    with database.read() as session:
        rows = session.scalars(select(Resource).options(selectinload(Resource.hours))).all()
        session.expunge_all()
        return {row.source_id: row for row in rows}


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A directory with the faults of real ones (and of the standard's own examples)."""
    files = {
        "services": "id,organization_id,name,description,status,fees_description\n"
        "a,org,Counselling &amp; care,<p>Talk</p>,Active,\nb,gone,Food,,dormant,\nc,org,Club,,active,\n",
        "organizations": "id,name\norg,Helpers\n",
        "service_at_location": "id,service_id,location_id\nsal,a,loc\nsal2,b,nowhere\nsal3,c,web\n",
        "locations": "id,location_type,latitude,longitude\nloc,physical,100,101\nweb,virtual,1,1\n",
        "addresses": "id,location_id,address_1,address_2,city,postal_code,address_type\n"
        "ad1,loc,PO Box 1,,Town,1,postal\nad2,loc,1 Main St,Floor 2,Town,94601,physical\n",
        "phones": "id,service_id,location_id,contact_id,number,extension,type\n"
        'p0,a,,person,+15105550199,,voice\np1,a,,,+15105550198,,fax\np2,a,,,"""+1 510 555 0101""",100,voice\n'
        "p3,b,,,211,,voice\np4,c,,,call us,,voice\n",
        "languages": "id,service_id,location_id,phone_id,name,code\nl1,a,,,,eng\nl2,,loc,,Spanish,\nl3,,,p2,,tl\n",
        "cost_options": "id,service_id,valid_to,amount\nc1,a,2022-12-31,35\nc2,a,,0\nc3,b,,0\nc4,b,,5\n",
        "attributes": "id,link_id,taxonomy_term_id,link_type,link_entity\n"
        "at1,a,adults,target_group,service\nat2,a,care,service_category,service\nat3,nobody,care,,service\n"
        "at4,b,unheard,,service\nat5,org,care,,organization\n",
        "taxonomy_terms": "id,code\ncare,counsel\nadults,adults\n",
        "schedules": "id,service_id,location_id,service_at_location_id,valid_to,until,freq,interval,byday,byweekno,opens_at,closes_at\n"
        's1,a,,,,,WEEKLY,1,MO,,08:00,12:00\ns2,,,sal,2027-01-31,2026-12-31,weekly,1,"mo, tu",,10:00Z,18:00:00\n'
        "s3,,loc,,,,WEEKLY,1,SU,,08:00,12:00\ns4,b,,,,,WEEKLY,2,FR,,08:00,12:00\ns5,c,,,,,DAILY,,,,08:00,12:00\n",
        "required_documents": "id,service_id,document\nd1,a,Letter\nd2,a,Photo\n",
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def test_all_forty_services_go_in_without_a_problem(database: Database) -> None:
    report = load(database)
    assert (report.counts["resources"].new, report.problems) == (40, ())


def test_the_entries_to_treat_with_care_are_what_the_directory_says(database: Database) -> None:
    load(database)
    rows = stored(database)
    assert rows[CARE["status temporarily closed"]].status == "temporarily closed"
    assert rows[CARE["status inactive: never offer"]].status == "inactive"
    assert rows[CARE["not checked for three years"]].assured_on == date(2023, 8, 1)
    assert rows[CARE["valid_to has passed: hours unknown"]].hours[0].valid_to == date(2026, 10, 14)
    hidden = rows[CARE["address must stay hidden (no location)"]]
    assert (hidden.address, hidden.city, hidden.postal_code, hidden.latitude) == (None, None, None, None)
    assert rows[CARE["appointment by telephone only, no hours"]].hours == []
    shelter = rows[CARE["description holds HTML"]]
    assert shelter.description == "A safe place to stay tonight. Ask in the language you prefer.\nCall first"
    always = rows[CARE["open round the clock"]].hours[0]
    assert (always.opens_at, always.closes_at) == (time(0, 0), time(23, 59))


def test_one_service_says_all_a_text_needs(database: Database) -> None:
    load(database)
    pantry = stored(database)["0cc96a60-5af2-564d-b13a-23068b898061"]
    assert (pantry.organization, pantry.name, pantry.category) == (
        "Río Vista Helpers 1",
        "Food pantry 1",
        "food",
    )
    assert (pantry.phone, pantry.address, pantry.city) == ("+15105550100", "100 Example Street", "Río Vista")
    assert (pantry.free, pantry.languages, pantry.transportation) == (True, "en", "Bus 12")
    assert pantry.interpretation == "Telephone interpreters on request"
    assert sorted((row.freq, row.byday) for row in pantry.hours) == [
        ("MONTHLY", "1SA"),
        ("WEEKLY", "MO,TU,WE,TH,FR"),
    ]


def test_the_same_directory_again_changes_nothing_and_a_vanished_service_is_no_longer_offered(
    database: Database, tmp_path: Path
) -> None:
    load(database)
    again = load(database).counts["resources"]
    assert (again.same, again.new, again.changed, again.left) == (40, 0, 0, 0)
    shutil.copytree(DIRECTORY, tmp_path / "d")
    services = tmp_path / "d" / "csv" / "services.csv"
    lines = services.read_text("utf-8").splitlines()
    services.write_text(
        "\n".join([lines[0], lines[1].replace("Free groceries", "Groceries")]), encoding="utf-8"
    )
    schedules = tmp_path / "d" / "csv" / "schedules.csv"
    schedules.write_text(schedules.read_text("utf-8").replace("10:00,13:00", "10:00,14:00"), encoding="utf-8")
    changed = load(database, tmp_path / "d", force=True).counts["resources"]
    assert (changed.changed, changed.left) == (1, 38)  # two of the forty were not active before
    rows = stored(database)
    assert {row.status for row in rows.values()} == {"active", "inactive"}
    assert time(14, 0) in {row.closes_at for row in rows["0cc96a60-5af2-564d-b13a-23068b898061"].hours}


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("services.csv", lambda lines: lines[:4]),
        ("services.csv", lambda lines: [*lines[:4], '"' + lines[4], *lines[5:]]),
        ("phones.csv", lambda lines: [*lines[:4], '"' + lines[4], *lines[5:]]),
    ],
)
def test_a_directory_that_breaks_off_or_lost_most_of_its_services_is_refused(
    database: Database, tmp_path: Path, file: str, change: Callable[[list[str]], list[str]]
) -> None:
    load(database)
    before = {key: row.status for key, row in stored(database).items()}
    shutil.copytree(DIRECTORY, tmp_path / "d")
    damaged = tmp_path / "d" / "csv" / file
    damaged.write_text("".join(change(damaged.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    with pytest.raises(BadInput, match="Nothing was changed"):
        load(database, tmp_path / "d")
    assert {key: row.status for key, row in stored(database).items()} == before


def test_a_directory_full_of_traps_is_read_for_what_it_is_worth(database: Database, trap: Path) -> None:
    report = load(database, trap)
    rows = stored(database)
    care = rows["a"]
    assert (care.name, care.description, care.status) == ("Counselling & care", "Talk", "active")
    assert (care.phone, care.address, care.postal_code) == (
        "+15105550101 ext. 100",
        "1 Main St, Floor 2",
        "94601",
    )
    assert (care.latitude, care.longitude, care.category) == (None, None, "counsel")
    assert (care.languages, care.free, care.documents) == ("en,es,fil", True, "Letter; Photo")
    hours = [(row.byday, row.opens_at, row.valid_to) for row in care.hours]
    assert hours == [("MO,TU", time(10, 0), date(2026, 12, 31))]  # the most specific place's, until they end
    assert (rows["b"].status, rows["b"].phone, rows["b"].category, rows["b"].free) == (
        "inactive",
        "211",
        "other",
        False,
    )
    assert (rows["b"].organization, rows["b"].hours) == ("Food", [])
    assert (rows["c"].address, rows["c"].phone, rows["c"].free, rows["c"].hours) == (None, None, None, [])
    assert {problem.rule for problem in report.problems} == {
        "category", "language-name", "link-dangling", "organization", "phone", "position", "schedule", "status",
        "time-zone",
    }  # fmt: skip


def test_a_folder_without_services_is_no_directory(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="services.csv"):
        load(database, tmp_path)
