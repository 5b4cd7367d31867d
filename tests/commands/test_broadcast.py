"""`broadcast …`: an operator previews, sends, watches and stops a text to many."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.school.accounts import NewAccount, add_account
from bot.storage.broadcasts import Broadcast, list_broadcasts
from bot.storage.staff import AuditEvent
from tests import cast
from tests.commands.conftest import Operator
from tests.conftest import FixedClock
from tests.console.house import HASHER

ADMIN = ("--as", "staff-admin")
CLOSED = (*ADMIN, "--text", "School is closed tomorrow.")


@pytest.fixture
def district(ready: Operator) -> Operator:
    """An operator of the cast's district."""
    with ready.home.database.write() as session:
        cast.populate(session)
    return ready


PASSWORD = "correct horse battery staple"


def admit(district: Operator, username: str, role: str, staff: str | None) -> None:
    """Give somebody an account."""
    with district.home.database.write() as session:
        add_account(
            session, NewAccount(username, (role,), staff), PASSWORD, district.home.clock.now(), HASHER.hash
        )


def kept(district: Operator) -> int:
    with district.home.database.read() as session:
        return len(list_broadcasts(session, 10))


def test_a_preview_tells_who_gets_what_and_keeps_nothing(district: Operator) -> None:
    told = district.says("broadcast", "preview", *CLOSED)
    assert (
        "8 recipients" in told and "  en: 4, 4 segments, as written\n    School is closed tomorrow." in told
    )
    assert "es: 3, 6 segments, not translated, with a note" in told
    assert "left out: 1. Somebody on this telephone must not be contacted about the child." in told
    assert kept(district) == 0


def test_a_text_is_sent_watched_paused_resumed_and_cancelled(district: Operator, clock: FixedClock) -> None:
    told = district.says("broadcast", "send", *CLOSED, "--only-language", "en", typed="y\n")
    assert "Broadcast 1 leaves from 2026-11-16 09:00:30" in told
    assert "1  scheduled  2026-11-16 09:00  routine  Robin Okafor  [en]  School is closed" in district.says(
        "broadcast", "list"
    )
    clock.advance(timedelta(seconds=30))
    district.home.work.advance_broadcasts()
    assert "4 recipients\n  queued: 4" in district.says("broadcast", "status", "1")
    told = district.says("broadcast", "status", "1", "--recipients")
    assert f"sms:{cast.EMMA}  en  Ava, Jayden  queued" in told
    assert "is paused.\n4 recipients\n  held: 4" in district.says("broadcast", "pause", "1")
    assert "goes on.\n4 recipients\n  queued: 4" in district.says("broadcast", "resume", "1")
    assert "is cancelled.\n4 recipients\n  cancelled: 4" in district.says("broadcast", "cancel", "1")
    assert "is cancelled: it cannot be paused" in district.refuses("broadcast", "pause", "1")


def test_nothing_is_kept_when_the_operator_does_not_agree(district: Operator) -> None:
    district.refuses("broadcast", "send", *CLOSED, typed="n\n")
    assert kept(district) == 0


def test_an_urgent_one_waits_for_a_second_person(district: Operator) -> None:
    told = district.says("broadcast", "send", *CLOSED, "--category", "urgent", "--yes")
    assert "waits for a second person: broadcast approve 1 --account USERNAME" in told
    assert "waits for approval" in district.says("broadcast", "list")
    admit(district, "robin", "office", "staff-admin")
    admit(district, "terry", "office", "staff-1-pr")
    admit(district, "liam", "teacher", "tch-1-005")
    admit(district, "nobody", "office", None)
    for username, password, why in (
        ("robin", PASSWORD, "A second person"), ("terry", "a wrong one", "stays unapproved"),
        ("ghost", PASSWORD, "stays unapproved"), ("liam", PASSWORD, "takes the role office or admin"),
        ("nobody", PASSWORD, "a person of the roster"),
    ):  # fmt: skip
        told = district.refuses("broadcast", "approve", "1", "--account", username, typed=f"{password}\n")
        assert why in told and password not in told
    second = ("broadcast", "approve", "1", "--account", "terry")
    assert "Say why it cannot wait" in district.refuses(*second, typed=f"{PASSWORD}\n")
    told = district.says(*second, "--why", "The bridge is closed.", typed=f"{PASSWORD}\n")
    assert "approved by terry" in told
    with district.home.database.read() as session:
        assert session.get_one(Broadcast, 1).approved_by is not None
        assert [e.actor for e in session.query(AuditEvent).filter_by(deed="approve_broadcast")] == ["terry"]


def test_a_series_is_shown_changed_skipped_and_stopped(district: Operator) -> None:
    weekly = (*CLOSED, "--only-language", "en", "--send-at", "2026-11-17 09:00", "--repeat", "FREQ=WEEKLY")
    told = district.says("broadcast", "preview", *weekly)
    assert "next: 2026-11-17 09:00, 2026-11-24 09:00, 2026-12-01 09:00" in told
    district.says("broadcast", "send", *weekly, "--yes")
    assert "left out" in district.says("broadcast", "skip", "1", "--on", "2026-11-24 09:00")
    told = district.says("broadcast", "series", "1")
    assert "FREQ=WEEKLY  live  from 2026-11-17 09:00" in told and "2026-12-01 09:00, 2026-12-08 09:00" in told
    district.says("broadcast", "send", *ADMIN, "--text", "New.", "--in-series-of", "1", "--yes")
    assert "2  scheduled  2026-12-01 09:00" in district.says("broadcast", "list")
    assert "no such time" in district.refuses("broadcast", "skip", "1", "--on", "2026-11-18 09:00")
    assert "is stopped" in district.says("broadcast", "stop-series", "2")
    assert "next: none\n2  cancelled  2026-12-01 09:00\n1  cancelled" in district.says(
        "broadcast", "series", "1"
    )
    district.says("broadcast", "send", *CLOSED, "--yes")
    assert "not one of a series" in district.refuses("broadcast", "stop-series", "3")


def test_texts_translations_and_times_come_as_operators_have_them(district: Operator, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("{child} has a trip on {date}.\n", encoding="utf-8")
    (tmp_path / "es").write_text("{child} tiene un paseo el {date}.\n", encoding="utf-8")
    told = district.says(
        "broadcast", "preview", *ADMIN, "--text-file", tmp_path / "text", "--translation", f"es={tmp_path / 'es'}",
        "--class", "cls-2", "--about", "2026-11-20", "--send-at", "2026-11-17 09:00", "--expires-at", "2026-11-17 10:00",
    )  # fmt: skip
    assert "Sofía tiene un paseo el viernes, 20 de noviembre de 2026." in told
    assert "es: 1, 1 segment, translated" in told


@pytest.mark.parametrize(
    ("words", "why"),
    [(("--text", "Hi", "--as", "nobody"), "no active member of staff 'nobody'"),
     (ADMIN, "one of the two"), ((*ADMIN, "--text", "{x}"), "Known fields: {child}"),
     ((*CLOSED, "--school", "sch-9"), "no school sch-9"),
     ((*CLOSED, "--grade", "3"), "Grades in the roster: none"),
     ((*CLOSED, "--translation", "es"), "write es=message.es.txt"),
     ((*CLOSED, "--translation", "es=/nowhere"), "cannot be read"),
     ((*CLOSED, "--send-at", "2027-03-14 02:30"), "does not exist"),
     ((*CLOSED, "--send-at", "tomorrow"), "does not match"),
     ((*CLOSED, "--send-at", "2026-11-15 09:00"), "has passed"),
     ((*CLOSED, "--repeat", "FREQ=DAILY"), "needs the day and the time"),
     ((*CLOSED, "--repeat", "daily", "--send-at", "2026-11-17 09:00"), "'daily' is no rule"),
     ((*ADMIN, "--text", "{teacher}", "--school", "sch-2"), "Hodan Warsame (about Ifrah): no value for {teacher}"),
     ((*CLOSED, "--school", "sch-1", "--only-language", "vi"), "Nobody would get this text")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_the_reason(
    district: Operator, words: tuple[str, ...], why: str
) -> None:
    assert why in district.refuses("broadcast", "send", *words, "--yes")
    assert kept(district) == 0


def test_an_unknown_number_is_told(district: Operator) -> None:
    for deed in ("status", "pause", "resume", "cancel"):
        assert "There is no broadcast 7" in district.refuses("broadcast", deed, "7")
    assert "There is no broadcast yet" in district.says("broadcast", "list")
