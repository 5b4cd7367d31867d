"""What a text says of a conference that stands: cancel it, move it, when is it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.understanding.entities import read_entities
from bot.understanding.wording import tags

NOW = datetime(2026, 11, 18, 9, 0)

CANCEL = {
    "en": "cancel my appointment", "es": "ya no puedo ir cancelela por favor", "zh-Hans": "取消我的预约",
    "vi": "huy lich hen", "ar": "الغي الموعد لو سمحت", "so": "baaji ballanta", "ht": "anile randevou a",
    "pt-BR": "cancela a reunião", "ru": "отмените встречу пожалуйста", "fr": "j'aimerais annuler le rendez-vous",
    "ko": "상담 취소해 주세요", "fil": "pakicancel po yung meeting",
}  # fmt: skip
MOVE = {
    "en": "please move my conference to thursday dec 10", "es": "quisiera otro dia para la cita",
    "zh-Hans": "我想把面谈改到星期四", "vi": "đổi lịch hẹn sang thứ năm", "ar": "بدي اغير الموعد ليوم الخميس",
    "so": "ballanta ii beddel khamiista", "ht": "m vle chanje randevou a", "pt-BR": "quero mudar a reunião para quinta",
    "ru": "перенесите встречу на четверг", "fr": "peut-on reporter le rendez-vous", "ko": "면담 시간을 바꿔 주세요",
    "fil": "ilipat po sa huwebes yung meeting",
}  # fmt: skip
WHEN = {
    "en": "When is my conference?", "es": "cuando es mi cita?", "zh-Hans": "我的面谈是什么时候",
    "vi": "lich hen cua toi luc may gio", "ar": "ايمتى موعدي مع المعلمة", "so": "goorma ballanteydu tahay",
    "ht": "ki lè randevou mwen an ye", "pt-BR": "quando é minha reunião?", "ru": "когда у меня встреча?",
    "fr": "c'est quand mon rendez-vous ?", "ko": "예약 시간 알려주세요", "fil": "kailan po ang meeting ko",
}  # fmt: skip
WISH_FOR_ONE = {
    "en": "when can i meet the teacher", "es": "cuando puedo tener una cita", "zh-Hans": "我什么时候可以预约面谈",
    "vi": "khi nào tôi có thể gặp cô giáo", "ar": "متى ممكن اقابل المعلمة", "pt-BR": "quando posso marcar uma reunião",
    "ru": "когда можно встретиться с учителем", "fr": "quand puis-je avoir un rendez-vous ?",
    "ko": "상담 가능한 시간 알려주세요", "ht": "ki lè m ka gen yon randevou", "fil": "kailan po kami pwedeng mag meeting",
    "so": "goorma ayaan macalinka la kulmi karaa",
}  # fmt: skip
NOT_SO = {
    "en": "don't cancel my conference", "es": "no quiero cancelar la cita", "zh-Hans": "不要取消我的面谈",
    "vi": "đừng hủy lịch hẹn", "ar": "لا تلغي الموعد", "so": "ha baajin ballanta", "ht": "pa anile randevou a",
    "pt-BR": "não quero cancelar a reunião", "ru": "не надо отменять встречу", "fr": "n'annulez pas le rendez-vous",
    "ko": "예약 취소하지 마세요", "fil": "wag po i cancel yung meeting",
}  # fmt: skip


def said_of_it(text: str, language: str) -> str | None:
    return read_entities(text, language, NOW).get("conference")


@pytest.mark.parametrize("language", tags())
def test_what_is_to_be_done_with_a_conference_is_read_in_every_language(language: str) -> None:
    assert said_of_it(CANCEL[language], language) == "cancel"
    assert said_of_it(MOVE[language], language) == "move"


@pytest.mark.parametrize("language", tags())
def test_who_asks_when_it_is_does_not_ask_for_another_one(language: str) -> None:
    assert said_of_it(WHEN[language], language) == "when"
    assert said_of_it(WISH_FOR_ONE[language], language) != "when"


@pytest.mark.parametrize("language", tags())
def test_what_is_not_to_be_cancelled_is_not_taken_for_it(language: str) -> None:
    assert said_of_it(NOT_SO[language], language) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("was my conference cancelled?", None),
        ("move it or cancel it, I don't know yet", None),
        ("what time is my appointment? I have to cancel", "cancel"),
        ("I cant come, another day please", "move"),
        ("we are not able to come", "away"),
        ("just to confirm, what time is my appointment", "when"),
    ],
)
def test_of_several_things_the_one_that_is_wanted_counts(text: str, said: str | None) -> None:
    assert said_of_it(text, "en") == said
