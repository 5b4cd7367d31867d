"""A text is stored as it was written, but for what no database takes."""

from __future__ import annotations

import pytest

from bot.model.messages import storable


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("lunch\0 time?", "lunch time?"),
        ("half \ud83d of a sign", "half \ufffd of a sign"),
        ("two halves \ud83d\ude4f", "two halves 🙏"),
        ("\x1b[2J\x7f bell\x07", "\x1b[2J\x7f bell\x07"),
        ("ñ e\u0301 متى 🙏🏽", "ñ e\u0301 متى 🙏🏽"),
        ("", ""),
    ],
)
def test_only_what_cannot_be_stored_is_taken_out(written: str, stored: str) -> None:
    assert storable(written) == stored
    assert storable(written).encode("utf-8").decode("utf-8") == stored
