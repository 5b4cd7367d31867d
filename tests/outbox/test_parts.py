"""Texts longer than a carrier takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.parts import split_body


def test_a_short_text_stays_whole() -> None:
    assert split_body("a" * 1600) == ["a" * 1600]
    assert split_body("") == [""]


def test_a_long_text_is_cut_at_a_line_before_a_space_before_a_letter() -> None:
    assert split_body("one two\nthree four", 12) == ["one two", "three four"]
    assert split_body("one two three", 9) == ["one two", "three"]
    assert split_body("abcdefgh", 5) == ["abcde", "fgh"]


def test_a_sign_made_of_several_characters_is_never_cut() -> None:
    assert split_body("abcde\u0301f", 5) == ["abcd", "e\u0301f"]
    assert split_body("abc👩\u200d🏫xy", 5) == ["abc", "👩\u200d🏫xy"]
    assert "".join(split_body("\u0301" * 9, 4)) == "\u0301" * 9


@given(st.text(max_size=60), st.integers(2, 20))
def test_nothing_but_blanks_is_lost_and_no_piece_is_too_long(text: str, longest: int) -> None:
    pieces = split_body(text, longest)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= longest for piece in pieces)
