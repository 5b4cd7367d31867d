"""What comes in is made harmless, and keywords compare equal however they are typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.cleaning import LIMIT, clean, fold, forms, strip_accents, wordless


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  hola   señora ", "hola señora"),
        ("e\u0301cole", "école"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one \n\n\n\n two", "one\n\ntwo"),
        ("tab\there", "tab here"),
        ("ok \ud83d", "ok"),
        ("pair \ud83d\ude00", "pair 😀"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("hi\U000e0041\U000e0042", "hi"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_text_is_made_readable(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    "raw", ["/crisis", "//crisis", " / crisis", "\u200b/crisis", "／crisis", "\x00/crisis"]
)
def test_a_rasa_command_becomes_a_plain_word(raw: str) -> None:
    assert clean(raw) == "crisis"


def test_a_slash_inside_a_text_stays() -> None:
    assert clean("and/or 11/25") == "and/or 11/25"


def test_long_texts_are_cut() -> None:
    assert len(clean("word " * 5000)) <= LIMIT


@given(st.text(st.characters(codec=None)))
def test_whatever_comes_is_cleaned_to_something_sendable(raw: str) -> None:
    cleaned = clean(raw)
    cleaned.encode("utf-8")
    assert len(cleaned) <= LIMIT
    assert not cleaned.startswith("/")
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc" and char != "\n"]
    assert clean(cleaned) == cleaned or "/" in raw or "／" in raw or len(raw) > LIMIT // 2


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  STOP!! ", "stop"),
        ("¡Alto!", "alto"),
        ("don’t", "dont"),
        ("don't", "dont"),
        ("Straße", "strasse"),
        ("ＳＴＯＰ", "stop"),
        ("\u2068stop\u2069", "stop"),
        ("s\u200btop", "stop"),
        ("no - thanks", "no thanks"),
        ("2️⃣", "2"),
        ("👍🏽", "👍"),
        ("❤️", "❤"),
        ("مـــرحبا", "مرحبا"),
        ("１", "1"),
    ],
)
def test_keywords_compare_equal_however_typed(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("accented", "bare"),
    [
        ("sí", "si"),
        ("đừng", "dung"),
        ("kòmanse", "komanse"),
        ("إيقاف", "ايقاف"),
        ("مساعدة", "مساعده"),
        ("학교", "학교"),
    ],
)
def test_accents_may_be_left_out(accented: str, bare: str) -> None:
    assert strip_accents(fold(accented)) == bare


def test_long_drawn_words_are_looked_up_short() -> None:
    assert forms("Siiiii!") == ("siiiii", "si")


@pytest.mark.parametrize(
    ("text", "answer"), [("", True), ("🙂👍", True), ("...", True), ("a", False), ("7", False)]
)
def test_texts_without_words_are_recognised(text: str, answer: bool) -> None:
    assert wordless(text) is answer
