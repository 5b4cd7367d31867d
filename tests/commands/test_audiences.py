"""`groups`, `audiences`, `families hours`, `broadcast try`: whom a text is for and when they may be texted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.storage.deliveries import Delivery
from bot.storage.people import StaffMember
from tests import cast
from tests.commands.conftest import Operator
from tests.conftest import FixedClock

ADMIN = ("--as", "staff-admin")
CLOSED = (*ADMIN, "--text", "School is closed tomorrow.")


@pytest.fixture
def district(ready: Operator, tmp_path: Path) -> Operator:
    """An operator of the cast's district, with a file of the band."""
    with ready.home.database.write() as session:
        cast.populate(session)
    (tmp_path / "band.csv").write_text("studentSourcedId\nstu-000008\nstu-x\nstu-000006\n", encoding="utf-8")
    return ready


def test_groups_are_made_listed_shown_replaced_and_removed(district: Operator, tmp_path: Path) -> None:
    file = tmp_path / "band.csv"
    assert "Band: 2 students (nothing is changed)" in district.says(
        "groups", "add", "Band", file, "--dry-run"
    )
    told = district.says("groups", "add", "Band", file, "--leader", "tch-2-002")
    assert "band.csv, line 3, studentSourcedId: there is no such student “stu-x”" in told
    assert "Band: 2 students" in told
    assert "Band  2  Emma Washington" in district.says("groups", "list")
    assert "stu-000008  Sofía Rodríguez" in district.says("groups", "show", "band")
    file.write_text("studentSourcedId\nstu-000038\n", encoding="utf-8")
    assert "Band: 1 student" in district.says("groups", "replace", "Band", file)
    district.says("groups", "remove", "Band")
    assert "There is no group yet" in district.says("groups", "list")
    assert "no group 'Band'" in district.refuses("groups", "show", "Band")


def test_a_saved_audience_is_sent_to_by_name(district: Operator, tmp_path: Path) -> None:
    district.says("groups", "add", "Band", tmp_path / "band.csv")
    told = district.says(
        "audiences", "save", "Band at Bayview", *ADMIN, "--group", "Band", "--school", "sch-2"
    )
    assert "Band at Bayview: Bayview Middle School; Band" in told
    assert "Band at Bayview  [Bayview Middle School; Band]  Robin Okafor" in district.says(
        "audiences", "list"
    )
    told = district.says("broadcast", "preview", *CLOSED, "--audience", "band at bayview", "--left-out")
    assert "1 recipient\n  one a telephone: 1, one a child: 1" in told
    assert "Guadalupe Rodríguez  -  es  Somebody on this telephone must not be contacted" in told
    district.says("broadcast", "send", *CLOSED, "--audience", "Band at Bayview", "--yes")
    district.says("audiences", "rename", "Band at Bayview", "Jazz")
    district.says("audiences", "change", "Jazz", *ADMIN, "--group", "Band")
    district.says("audiences", "remove", "Jazz")
    assert "[Jazz (Bayview Middle School; Band)]" in district.says("broadcast", "list")
    assert "no saved audience" in district.refuses("broadcast", "preview", *CLOSED, "--audience", "Jazz")


def test_every_child_may_have_a_text_of_its_own(district: Operator) -> None:
    words = (*ADMIN, "--text", "{child} may stay at home.", "--school", "sch-3", "--each-child")
    told = district.says("broadcast", "preview", *words)
    assert "3 recipients\n  one a telephone: 2, one a child: 3" in told


def test_a_guardians_hours_are_set_shown_used_and_taken_back(district: Operator, clock: FixedClock) -> None:
    emma = ("families", "hours", "grd-00005-1")
    assert "the hours of the district, in the school's zone" in district.says(*emma)
    told = district.says(*emma, "--not-before", "11:00", "--zone", "America/Los_Angeles")
    assert "grd-00005-1: not before 11:00, in America/Los_Angeles" in told
    told = district.says("broadcast", "preview", *CLOSED, "--expires-at", "2026-11-16 10:30")
    assert "asleep: 1 until 2026-11-16 11:00; it is worth nothing by then and will not reach them" in told
    assert "no time would be left" in district.refuses(*emma, "--not-before", "20:00", "--not-after", "21:00")
    assert "no time zone" in district.refuses(*emma, "--zone", "Nowhere")
    assert "alone" in district.refuses(*emma, "--zone", "UTC", "--clear")
    assert "the hours of the district" in district.says(*emma, "--clear")
    assert "no active guardian" in district.refuses("families", "hours", "nobody")


def trials(district: Operator) -> list[Delivery]:
    with district.home.database.read() as session:
        found = list(session.scalars(select(Delivery).where(Delivery.kind == "trial").order_by(Delivery.id)))
        session.expunge_all()
        return found


def test_a_text_is_tried_on_the_telephone_of_staff(district: Operator, clock: FixedClock) -> None:
    district.says("broadcast", "send", *ADMIN, "--text", "About {child}.", "--school", "sch-3", "--yes")
    attempt = ("broadcast", "try", "1")
    assert "has no number" in district.refuses(*attempt)
    with district.home.database.write() as session:
        session.execute(
            update(StaffMember).where(StaffMember.source_id == "staff-admin").values(phone="+15105550777")
        )
    clock.advance(timedelta(hours=13))  # at night: who asks for it gets it
    assert "+15105550777: is on its way" in district.says(*attempt)
    district.says(*attempt)
    assert "+15105550778: is on its way" in district.says(*attempt, "--to", "510 555 0778", "--in", "es")
    first, second = trials(district)
    assert first.body == "TRIAL, sent to you only. This is what families will read:\nAbout Ava, Jayden."
    assert second.body.startswith("PRUEBA, enviada solo a usted.")
    assert (first.broadcast_id, first.conversation_id, first.state) == (None, None, "queued")
    assert "0 recipients" in district.says("broadcast", "status", "1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", cast.HODAN), "belongs to a family"),
        (("--to", "12"), "no telephone number"),
        (("--to", "+15105550778", "--in", "vi"), "there is nothing to try"),
        (tuple(part for n in range(6) for part in ("--to", f"+1510555070{n}")), "5 numbers at once"),
    ],
)
def test_a_trial_that_makes_no_sense_is_refused(
    district: Operator, words: tuple[str, ...], told: str
) -> None:
    district.says("broadcast", "send", *CLOSED, "--yes")
    assert told in district.refuses("broadcast", "try", "1", *words)
    assert trials(district) == []


def test_in_trial_mode_the_preview_tells_whom_it_would_reach(district: Operator) -> None:
    vars(district.home)["policy"] = replace(district.home.policy, trial_numbers=(cast.EMMA,))
    told = district.says("broadcast", "preview", *CLOSED)
    assert "trial mode: 1 of them would get it. Trial mode is on" in told
    district.says("broadcast", "send", *CLOSED, "--yes")
    assert "use a number of TRIAL_NUMBERS" in district.refuses(
        "broadcast", "try", "1", "--to", "+15105550778"
    )
    assert "is on its way" in district.says("broadcast", "try", "1", "--to", cast.EMMA)
