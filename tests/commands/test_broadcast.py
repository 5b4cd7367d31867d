"""`broadcast …`: an operator previews, sends, watches and stops a text to many."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.broadcasts import list_broadcasts
from bot.storage.migrating import migrate
from tests import cast
from tests.commands.conftest import Operator
from tests.conftest import FixedClock

ADMIN = ("--as", "staff-admin")
CLOSED = (*ADMIN, "--text", "School is closed tomorrow.")


@pytest.fixture
def district(bare: Operator) -> Operator:
    """An operator of the cast's district."""
    migrate(bare.home.database)
    with bare.home.database.write() as session:
        cast.populate(session)
    return bare


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
    assert "waits for a second person: broadcast approve 1 --as SOURCE_ID" in told
    assert "waits for approval" in district.says("broadcast", "list")
    assert "A second person" in district.refuses("broadcast", "approve", "1", *ADMIN)
    second = ("broadcast", "approve", "1", "--as", "staff-1-pr")
    assert "Say why it cannot wait" in district.refuses(*second)
    assert "approved by staff-1-pr" in district.says(*second, "--why", "The bridge is closed.")


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
