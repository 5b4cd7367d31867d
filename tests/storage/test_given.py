"""Rows in one parameter: every value comes out as it went in, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import JSON, TEXT, Integer, select

from bot.storage.base import BigKey, UtcDateTime
from bot.storage.given import given, pack
from bot.storage.session import Database

AT = datetime(2026, 11, 16, 9, 0, 0, 250, tzinfo=timezone(timedelta(hours=-8)))
WORDS = ["", "plain", "«quotes» \\ 'and' {braces} %s :name", "你好\nمرحبا", "🎒", None]


def read(database: Database, rows: list[tuple[Any, ...]], **columns: Any) -> list[tuple[Any, ...]]:
    with database.read() as session:
        found = session.execute(select(*given("rows", **columns).c), {"rows": pack(rows)})
        return [tuple(row) for row in found]


def test_texts_and_numbers_come_out_as_they_went_in(database: Database) -> None:
    rows = [(word, number) for number, word in enumerate(WORDS)]
    assert read(database, rows, word=TEXT, number=Integer) == rows


def test_lists_and_moments_do_too(database: Database) -> None:
    rows = [(["Ávà", 'b"c'], AT, 2**40), ([], None, None)]
    found = read(database, rows, names=JSON, at=UtcDateTime(), key=BigKey)
    assert found == [(["Ávà", 'b"c'], AT.astimezone(UTC), 2**40), ([], None, None)]


def test_no_rows_are_no_rows(database: Database) -> None:
    assert read(database, [], word=TEXT) == []


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        pack([(datetime(2026, 1, 1),)])


def test_what_has_no_place_in_a_row_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        pack([(b"x",)])
