"""Days, times and numbers as readers of each language write them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.commands.phrases import TRANSLATED
from bot.outbox.formatting import Formats, formats_for, is_right_to_left, own_name

ZONE = ZoneInfo("America/Los_Angeles")
MOMENT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
FULL = ("en", *TRANSLATED)


@pytest.mark.parametrize(
    ("tag", "moment", "day"),
    [
        ("en", "Wednesday, November 25, 3:30 PM", "Wednesday, November 25, 2026"),
        ("es", "miércoles, 25 de noviembre, 3:30 p.m.", "miércoles, 25 de noviembre de 2026"),
        ("zh-Hans", "11月25日星期三 下午3:30", "2026年11月25日星期三"),
        ("vi", "3:30 CH Thứ Tư, 25 tháng 11", "Thứ Tư, 25 tháng 11, 2026"),
        ("ar", "الأربعاء، 25 نوفمبر، 3:30 م", "الأربعاء، 25 نوفمبر 2026"),
        ("so", "Arbaco, 25 Nofeembar, 3:30 PM", "Arbaco, 25 Nofeembar 2026"),
        ("ht", "mèkredi 25 novanm, 3:30 PM", "mèkredi 25 novanm 2026"),
        ("pt-BR", "quarta-feira, 25 de novembro, 3:30 PM", "quarta-feira, 25 de novembro de 2026"),
        ("ru", "среда, 25 ноября, 3:30 PM", "среда, 25 ноября 2026 г."),
        ("fr", "mercredi 25 novembre, 3:30 PM", "mercredi 25 novembre 2026"),
        ("ko", "11월 25일 (수요일) 오후 3:30", "2026년 11월 25일 수요일"),
        ("fil", "Miyerkules, Nobyembre 25, 3:30 PM", "Miyerkules, Nobyembre 25, 2026"),
        ("hmn", "2026-11-25 15:30", "2026-11-25"),
        ("ksw", "2026-11-25 15:30", "2026-11-25"),
        ("quc", "2026-11-25 15:30", "2026-11-25"),
        ("not a tag", "2026-11-25 15:30", "2026-11-25"),
    ],
)
def test_moments_are_shown_on_the_schools_wall_in_the_readers_words(tag: str, moment: str, day: str) -> None:
    formats = formats_for(tag, ZONE)
    assert formats.moment(MOMENT) == moment
    assert formats.day(date(2026, 11, 25)) == day


@pytest.mark.parametrize(
    ("tag", "moment", "day"),
    [
        ("fr", "mardi 1er décembre, 3:30 PM", "mardi 1er décembre 2026"),
        ("pt-BR", "terça-feira, 1º de dezembro, 3:30 PM", "terça-feira, 1º de dezembro de 2026"),
        ("ru", "вторник, 1 декабря, 3:30 PM", "вторник, 1 декабря 2026 г."),
        ("fil", "Martes, Disyembre 1, 3:30 PM", "Martes, Disyembre 1, 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_writes_it(tag: str, moment: str, day: str) -> None:
    formats = formats_for(tag, ZONE)
    assert formats.moment(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == moment
    assert formats.day(date(2026, 12, 1)) == day


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "9:05 AM"),
        ("es", "9:05 a.m."),
        ("vi", "9:05 SA"),
        ("ht", "9:05 AM"),
        ("so", "9:05 AM"),
        ("hmn", "09:05"),
    ],
)
def test_times_of_day(tag: str, text: str) -> None:
    assert Formats(tag, ZONE).time_of_day(time(9, 5)) == text


@pytest.mark.parametrize(
    ("tag", "number"),
    [
        ("en", "1,234.5"),
        ("es", "1,234.5"),
        ("vi", "1.234,5"),
        ("fr", "1 234,5"),
        ("ar", "1,234.5"),
        ("hmn", "1234.5"),
    ],
)
def test_numbers_keep_the_digits_everybody_reads(tag: str, number: str) -> None:
    assert Formats(tag, ZONE).number(Decimal("1234.5")) == number


@pytest.mark.parametrize(
    ("reader", "tag", "name"),
    [
        ("en", "es", "Spanish"),
        ("es", "en", "inglés"),
        ("vi", "zh-Hans", "Tiếng Trung Phổ thông (Giản thể)"),
        ("ar", "en", "الإنجليزية"),
        ("ht", "en", "anglè"),
        ("ht", "fil", "filipino"),
        ("ht", "uk", "українська"),
        ("so", "vi", "Fiyatnaamiis"),
        ("so", "uk", "українська"),
        ("ko", "so", "소말리아어"),
        ("zh-Hans", "ht", "海地克里奥尔语"),
        ("hmn", "en", "English"),
        ("en", "hmn", "Hmong"),
        ("es", "xx-unknown", "xx-unknown"),
    ],
)
def test_languages_are_named_in_the_readers_own(reader: str, tag: str, name: str) -> None:
    assert Formats(reader, ZONE).language(tag) == name


@pytest.mark.parametrize("reader", FULL)
def test_every_full_language_has_words_for_days_clocks_and_the_other_full_languages(reader: str) -> None:
    formats = Formats(reader, ZONE)
    assert re.search(r"[^\W\d]{2}|[\u4e00-\u9fff]", formats.day(MOMENT.date()))
    assert "15:30" not in formats.moment(MOMENT) and "3:30" in formats.moment(MOMENT)
    names = {tag: formats.language(tag) for tag in FULL}
    assert len(set(names.values())) == len(FULL), names
    assert not set(names.values()) & set(FULL)


def test_a_language_has_a_name_for_itself() -> None:
    assert [own_name(tag) for tag in ("es", "vi", "ht", "hmn")] == [
        "español",
        "Tiếng Việt",
        "Kreyòl ayisyen",
        "Hmoob",
    ]


@pytest.mark.parametrize(
    ("tag", "rtl"),
    [
        ("ar", True),
        ("fa-AF", True),
        ("ur", True),
        ("ku-Arab", True),
        ("en", False),
        ("ur-Latn", False),
        ("so", False),
    ],
)
def test_direction(tag: str, rtl: bool) -> None:
    assert is_right_to_left(tag) is rtl


@pytest.mark.parametrize("tag", ["en", "fr", "es", "fil", "so"])
def test_no_sign_that_a_simple_text_message_lacks_is_smuggled_in(tag: str) -> None:
    text = Formats(tag, ZONE).moment(MOMENT) + Formats(tag, ZONE).number(1234567)
    assert "\u202f" not in text and "\u00a0" not in text


def test_looking_at_one_language_does_not_take_the_short_names_from_another() -> None:
    """In a process of its own: what was loaded before decides."""
    told = (
        "from bot.outbox.formatting import formats_for; from zoneinfo import ZoneInfo; import datetime, babel.dates;"
        "formats_for('ht', ZoneInfo('UTC')); formats_for('vi', ZoneInfo('UTC'));"
        "print(ascii(babel.dates.format_skeleton('MMMEd', datetime.datetime(2026, 11, 21), locale='ar_EG')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
    )
    assert "M11" not in done.stdout and "Sat" not in done.stdout and "21" in done.stdout
