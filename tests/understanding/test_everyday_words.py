"""Whole messages in everyday words: declining an offer, enough, messages again, a person."""

from __future__ import annotations

import pytest

from bot.understanding.lookups import Lookups
from tests.understanding.test_lookups import LANGUAGES

DECLINED = """zh-Hans 不用了
zh-Hans 不用了谢谢
zh-Hans 谢谢，不用了
vi thôi
vi khỏi cảm ơn cô
ko 됐어요
ar خلاص شكرا
ar ما بدي شي
ru не надо спасибо
ru ничего не нужно
fil wala na po
es no hace falta, gracias
ht anyen mèsi
en we don't need any help
en nothing, thank you"""


@pytest.mark.parametrize("line", DECLINED.splitlines())
def test_who_declines_an_offer_says_no_also_with_thanks(line: str, lookups: Lookups) -> None:
    tag, text = line.split(" ", 1)
    assert lookups.commands(text, tag) & {"no", "none"}


def test_a_word_beside_a_thank_you_declines_only_in_the_language_of_both(lookups: Lookups) -> None:
    assert not lookups.commands("di mèsi", "ht")
    assert lookups.commands("di thanks", "fil") == {"no"}


def test_thanks_alone_or_with_a_yes_decline_nothing(lookups: Lookups) -> None:
    for text in ("thank you", "yes thank you", "thanks for the note", "no thanksgiving break?"):
        assert not lookups.commands(text, "en") & {"no", "none"}, text


@pytest.mark.parametrize(
    "text", ["хватит", "хватит, спасибо", "كفاية", "그만", "ayoko na", "chega", "basta", "ase"]
)
def test_enough_is_a_stop_and_an_answer(text: str, lookups: Lookups) -> None:
    assert lookups.commands(text, "en") == {"stop", "cancel", "no"}


@pytest.mark.parametrize(
    "word",
    ["stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "СТОП", "停止", "إيقاف", "tigil"],
)
def test_a_plain_stop_is_never_an_answer(word: str, lookups: Lookups) -> None:
    for tag in LANGUAGES:
        assert "stop" in (meant := lookups.commands(word, tag)) and not meant & {"no", "yes"}, tag


STARTS_AGAIN = """zh-Hans 重新开始
ko 다시 시작
ko 재시작
vi bắt đầu lại
vi tôi muốn nhận lại tin nhắn
ht rekòmanse
ht mwen vle resevwa mesaj ankò
so dib u bilow
so waxaan rabaa inaan mar kale helo farriimaha
fil ituloy
fil ibalik po ang text
fil gusto ko po ulit makatanggap ng text
ru начать заново
es quiero recibir mensajes otra vez
pt-BR quero receber mensagens de novo
fr je veux de nouveau recevoir les messages
ar أريد الرسائل من جديد
en I want to get texts again"""


@pytest.mark.parametrize("line", STARTS_AGAIN.splitlines())
def test_who_wants_messages_again_may_say_so_in_plain_words(line: str, lookups: Lookups) -> None:
    tag, text = line.split(" ", 1)
    assert "start" in lookups.commands(text, tag)


@pytest.mark.parametrize(
    "text", ["ok", "thanks", "continue", "yes", "how do i stop", "again", "no more texts"]
)
def test_what_may_mean_anything_starts_no_messages(text: str, lookups: Lookups) -> None:
    for tag in LANGUAGES:
        assert "start" not in lookups.commands(text, tag), tag


@pytest.mark.parametrize("text", ["找人工", "有人工吗？", "人工在吗", "叫人工", "我找人工", "请转人工"])
def test_a_chinese_family_asks_for_a_person_as_it_asks_any_machine(text: str, lookups: Lookups) -> None:
    assert lookups.commands(text, "zh-Hans") == {"person"}


@pytest.mark.parametrize("text", ["thực đơn", "thuc don"])
def test_the_vietnamese_lunch_menu_is_not_the_menu_of_the_line(text: str, lookups: Lookups) -> None:
    assert lookups.commands(text, "vi") == frozenset()
