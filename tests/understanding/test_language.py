"""The language of a text is said on clear evidence only; short texts say nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.understanding.examples import read_examples
from bot.understanding.language import TAGS, plainly_in, written_in

HELD_OUT = Path(__file__).resolve().parents[2] / "nlu_data" / "test"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("what time does school start tomorrow", "en"),
        ("mi hija está enferma y no va a ir hoy", "es"),
        ("ابني مريض ولن يأتي اليوم", "ar"),
        ("学校几点开门", "zh-Hans"),
        ("學校幾點開門", "zh-Hant"),
        ("今天没有课 ABC", "zh-Hans"),
        ("con tôi bị ốm hôm nay", "vi"),
        ("minha filha está doente hoje", "pt-BR"),
        ("pitit mwen an malad jodi a", "ht"),
        ("ilmahaygu maanta waa xanuunsan yahay", "so"),
        ("мой сын сегодня заболел", "ru"),
        ("моя дитина сьогодні захворіла", "uk"),
        ("masama ang pakiramdam ng anak ko ngayon", "fil"),
        ("아이가 아파요", "ko"),
        ("ma fille est malade aujourd'hui", "fr"),
        ("میری بیٹی آج بیمار ہے", "ur"),
        ("子どもが熱を出しました", "ja"),
        ("मेरा बेटा आज बीमार है", "hi"),
        ("ငါ့သားနေမကောင်းဘူး", "my"),
    ],
)
def test_a_clear_sentence_names_its_language(text: str, tag: str) -> None:
    assert written_in(text, "en") == tag


@pytest.mark.parametrize("text", ["", "ok", "12:30", "🙂", "Ana Lopez", "José", "#2", "sí", "??"])
def test_short_texts_numbers_and_names_are_no_evidence(text: str) -> None:
    assert written_in(text, "en") is None


@pytest.mark.parametrize(
    ("text", "preferred", "tag"),
    [
        ("да", "en", "ru"),
        ("да", "uk", "uk"),
        ("Привіт", "en", "uk"),
        ("네", "en", "ko"),
        ("شكرا", "zh-Hans", "ar"),
        ("你好", "en", "zh-Hans"),
        ("你好", "zh-Hant", "zh-Hant"),
        ("谢谢", "zh-Hant", "zh-Hans"),
        ("ภาษา", "xx", "th"),
    ],
)
def test_a_script_of_its_own_is_evidence_even_when_short(text: str, preferred: str, tag: str) -> None:
    assert written_in(text, preferred) == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [("hola", "es"), ("Hola!", "es"), ("¡Buenos días!", "es"), ("bonjour", "fr"), ("bom dia", "pt-BR"), ("bonjou", "ht"),
     ("kumusta po", "fil"), ("iska warran", "so"), ("xin chao", "vi"), ("hi", None), ("hello", None), ("salam", None),
     ("Xin Li", None)],
)  # fmt: skip
def test_a_greeting_names_its_language_where_only_one_says_it(text: str, tag: str | None) -> None:
    assert written_in(text, "en") == tag


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("hom nay an trua co mon gi", "vi"),
        ("may gio tan hoc", "vi"),
        ("toi can hen gap co giao Ava Brooks", "vi"),
        ("marcar reuniao professora do Antonio", "pt-BR"),
        ("cancela por favor", "pt-BR"),
        ("video por favor", "pt-BR"),
    ],
)
def test_a_familys_language_without_its_accents_is_not_taken_for_english(text: str, stored: str) -> None:
    assert written_in(text, stored) in (None, stored)
    assert plainly_in(text, stored) in (None, stored)


@pytest.mark.parametrize("stored", ["vi", "pt-BR", "so", "fil", "ht"])
def test_real_english_is_still_seen_whatever_is_stored(stored: str) -> None:
    for text in ("when is lunch", "my son is sick today", "I want to talk to the teacher about her grades"):
        assert written_in(text, stored) == "en", text


def test_odd_input_never_raises() -> None:
    for text in ("\ud83d", "a\x00b c d", "\U000f0000 x", "ﷺ", "ꡀꡁ", "𐎀𐎁"):
        for preferred in (*TAGS.values(), "", "nonsense"):
            written_in(text, preferred)


def test_held_out_texts_are_seldom_taken_for_another_language() -> None:
    held_out = read_examples(HELD_OUT)
    found = Counter(
        written_in(example.text, example.language) in (None, example.language) for example in held_out
    )
    assert found[True] / found.total() >= 0.97


@pytest.mark.parametrize(
    ("text", "stored", "tag"),
    [
        ("quiero hablar con la maestra", "en", "es"),
        ("NECESITO HABLAR CON LA MAESTRA", "en", "es"),
        ("I want to talk to the teacher", "so", "en"),
        ("what time does school start", "es", "en"),
        ("Waan u baahanahay caawimaad", "en", "so"),
        ("学校几点放学？", "en", "zh-Hans"),
        ("متى تبدأ المدرسة غدا", "en", "ar"),
    ],
)
def test_a_whole_sentence_is_plainly_in_its_language(text: str, stored: str, tag: str) -> None:
    assert plainly_in(text, stored) == tag


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("gracias", "en"),
        ("sí, por", "en"),
        ("Ana Lopez Garcia", "en"),
        ("José García Ramírez López", "en"),
        ("Emma Washington please", "es"),
        ("con Sofia por favor", "es"),
        ("my son no va a la escuela mañana porque está sick", "en"),
        ("我的孩子叫 Emma Johnson, 她今天不去 school", "en"),
        ("好的", "en"),
        ("👍 2", "en"),
        ("", "en"),
    ],
)
def test_short_texts_names_and_mixed_ones_are_plainly_in_none(text: str, stored: str) -> None:
    assert plainly_in(text, stored) is None


def test_hardly_any_held_out_text_is_taken_for_plainly_another_language() -> None:
    texts = [one for one in read_examples(HELD_OUT) if one.language != "fil"]  # Taglish: a fifth is English
    wrong = [
        one for one in texts if (tag := plainly_in(one.text, one.language)) and not _same(tag, one.language)
    ]
    assert len(wrong) <= 0.02 * len(texts), [(one.language, one.text) for one in wrong]


def _same(one: str, other: str) -> bool:
    return one.split("-")[0] == other.split("-")[0]
