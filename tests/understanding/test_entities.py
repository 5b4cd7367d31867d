"""What a text says besides its wish: days, hours, kin, needs, numbers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.model.utterance import IntentGuess, Utterance
from bot.understanding.entities import LONGEST, read_entities, with_entities
from bot.understanding.wording import table, tags

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("America/Los_Angeles"))  # a Wednesday


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "see you friday after 4", {"date": "2026-11-20", "after": "16:00"}),
        ("en", "january 5 at 8:15", {"date": "2027-01-05", "time": "08:15"}),
        ("en", "between 3 and 4 tomorrow", {"date": "2026-11-19", "after": "15:00", "before": "16:00"}),
        ("en", "from the 2nd to the 4th of December", {"date": "2026-12-02", "until": "2026-12-04"}),
        ("es", "pasado mañana a las tres y media", {"date": "2026-11-20", "time": "15:30"}),
        ("es", "mañana por la mañana", {"date": "2026-11-19", "part": "morning"}),
        ("zh-Hans", "下周五晚上七点", {"date": "2026-11-27", "time": "19:00"}),
        ("zh-Hans", "下下周二", {"date": "2026-12-01"}),
        ("zh-Hans", "下下个星期三下午", {"date": "2026-12-02", "part": "afternoon"}),
        ("ko", "다다음주 화요일", {"date": "2026-12-01"}),
        ("ko", "다음 주 화요일", {"date": "2026-11-24"}),
        ("vi", "thứ ba tuần sau nữa", {"date": "2026-12-01"}),
        ("en", "the week after next on tuesday", {"date": "2026-12-01"}),
        ("ar", "بعد الغدا", {"part": "afternoon"}),
        ("ar", "قبل الغدا", {"part": "morning"}),
        ("ar", "بكرا بعد الغدا", {"date": "2026-11-19", "part": "afternoon"}),
        ("ar", "شو الغدا", {}),
        ("ar", "غدا", {"date": "2026-11-19"}),
        ("vi", "sáu giờ chiều thứ sáu", {"date": "2026-11-20", "time": "18:00"}),
        ("vi", "sau 6 giờ", {"after": "18:00"}),
        ("ar", "بكرا الساعة خمسة ونص", {"date": "2026-11-19", "time": "17:30"}),
        ("ru", "в пятницу полчетвёртого", {"date": "2026-11-20", "time": "15:30"}),
        ("so", "berri saacadda afarta iyo badh", {"date": "2026-11-19", "time": "16:30"}),
        ("ht", "samdi a nevè edmi", {"date": "2026-11-21", "time": "09:30"}),
        ("pt-BR", "sexta às quatro e quinze", {"date": "2026-11-20", "time": "16:15"}),
        ("fr", "lundi à seize heures", {"date": "2026-11-23", "time": "16:00"}),
        ("ko", "모레 세 시 십오 분", {"date": "2026-11-20", "time": "15:15"}),
        ("fil", "sa Sabado alas diyes ng umaga", {"date": "2026-11-21", "time": "10:00"}),
        ("en", "please answer in Somali", {"language": "so"}),
        ("en", "my older daughter", {"kin": "oldest female"}),
        ("en", "call (510) 555-0142 about HL-7K3M2", {"phone": "+15105550142", "case": "HL-7K3M2"}),
        ("en", "may we march to the second room on the left", {}),
    ],
)
def test_what_is_said_is_read(language: str, text: str, said: dict[str, str]) -> None:
    assert read_entities(text, language, NOW) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("toi can hen gap co giao Ava Brooks", {}),
        ("bay gio toi muon gap co giao toan cua Minh", {}),
        ("toi muon hen gap co giao sau gio lam", {}),
        ("toi can mot tai lieu, bao gio co?", {}),
        ("co oi cam on co", {}),
        ("cảm ơn cô", {}),
        ("toi mai luc bay gio", {"date": "2026-11-19", "time": "19:00"}),
        ("chieu toi ban, buoi toi thi duoc", {"part": "afternoon"}),
        ("doi sang thu sau", {"date": "2026-11-20", "conference": "move"}),
        ("sang thu sau", {"date": "2026-11-20", "part": "morning"}),
        ("9 gio toi", {"time": "21:00"}),
        ("be bi ho", {"reason": "illness"}),
        ("tối mốt sau sáu giờ", {"date": "2026-11-20", "after": "18:00"}),
    ],
)
def test_vietnamese_without_accents_is_not_read_as_its_rarer_twin(text: str, said: dict[str, str]) -> None:
    found = read_entities(text, "vi", NOW)
    assert {name: found[name] for name in found if not name.startswith("teach")} == said


def test_a_day_that_is_a_teachers_name_is_no_day() -> None:
    assert "date" not in read_entities("tôi muốn gặp cô Mai dạy toán", "vi", NOW)
    assert read_entities("thưa cô mai con nghỉ học", "vi", NOW)["date"] == "2026-11-19"


def test_a_language_without_a_table_is_read_with_english_words() -> None:
    assert read_entities("tomorrow at 3", "hmn", NOW) == {"date": "2026-11-19", "time": "15:00"}


def test_a_number_as_an_answer_says_nothing_more() -> None:
    answer = Utterance("3", "en", IntentGuess("nlu_fallback", 0.0), number=3, decision="table")
    assert with_entities(answer, NOW) is answer


def test_each_request_of_a_text_has_what_its_own_words_say() -> None:
    part = Utterance("friday please", "en", IntentGuess("book_conference", 0.9))
    whole = Utterance("thanks. friday please", "en", IntentGuess("book_conference", 0.9), parts=(part,))
    assert with_entities(whole, NOW).parts[0].entities == {"date": "2026-11-20"}


def test_only_the_beginning_of_a_long_text_is_searched() -> None:
    assert read_entities("x" * LONGEST + " tomorrow", "en", NOW) == {}


@pytest.mark.parametrize("tag", tags())
def test_every_table_can_be_used(tag: str) -> None:
    for accents in (False, True):
        found = table(tag, accents=accents)
        assert found is not None
        assert {"days", "dates", "times", "kin", "needs", "reasons", "language_wish"} <= found.patterns.keys()


def test_no_table_has_a_name_with_a_path() -> None:
    assert table("../en") is None
