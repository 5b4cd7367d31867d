"""Crisis words in twelve languages: before a STOP, before a calm model, without any model; and what only looks like one."""

from __future__ import annotations

import pytest

from bot.model.utterance import IntentGuess, Parse
from bot.understanding.lookups import Lookups
from bot.understanding.understand import Understander
from tests.understanding.test_understand import MissingModel

ALARMS = {
    "ar": "ابني يقول انه يريد ان ينتحر",
    "en": "my son says he wants to kill himself",
    "es": "mi hija dice que ya no quiere vivir",
    "fil": "sabi ng anak ko gusto na niyang mamatay",
    "fr": "ma fille dit qu'elle veut mourir",
    "ht": "pitit fi m di li vle touye tèt li",
    "ko": "딸이 자살하고 싶대요",
    "pt-BR": "minha filha disse que quer se matar",
    "ru": "дочь говорит что не хочет жить",
    "so": "wiilkaygu wuxuu rabaa inuu is dilo",
    "vi": "con tôi nói muốn tự tử",
    "zh-Hans": "女儿说她想自杀",
}
STOPS = {
    "ar": "لا ترسلوا لي رسائل", "en": "stop texting me", "es": "no me manden más mensajes", "fil": "wag na kayong magtext",
    "fr": "ne m'envoyez plus de messages", "ht": "sispann voye mesaj", "ko": "문자 보내지 마세요",
    "pt-BR": "parem de me mandar mensagem", "ru": "не присылайте мне сообщения", "so": "fariimo ha ii soo dirin",
    "vi": "đừng gửi tin nhắn cho tôi nữa", "zh-Hans": "不要再给我发短信",
}  # fmt: skip


class SureOf:
    """A classifier that is quite sure of one intent, whatever it reads."""

    name = "sure"

    def __init__(self, intent: str) -> None:
        self._guess = IntentGuess(intent, 1.0)

    def parse(self, text: str) -> Parse:
        """Always the same."""
        return Parse(self._guess, (self._guess,))


@pytest.mark.parametrize("tag", sorted(ALARMS))
@pytest.mark.parametrize("stored", ["en", "es", ""])
def test_crisis_words_alarm_whatever_the_model_says_and_whatever_language_is_stored(
    tag: str, stored: str, lookups: Lookups
) -> None:
    for classifier in (SureOf("opt_out"), SureOf("thank"), MissingModel()):
        found = Understander(classifier, lookups).understand(ALARMS[tag], preferred=stored)
        assert (found.crisis, found.intent.name) == ("words", "crisis"), tag


@pytest.mark.parametrize("tag", sorted(ALARMS))
def test_crisis_words_come_before_a_request_to_stop(tag: str, lookups: Lookups) -> None:
    for text in (f"{STOPS[tag]}. {ALARMS[tag]}", f"{ALARMS[tag]}. {STOPS[tag]}", f"STOP {ALARMS[tag]}"):
        found = Understander(SureOf("opt_out"), lookups).understand(text, preferred=tag)
        assert (found.crisis, found.intent.name) == ("words", "crisis"), text


@pytest.mark.parametrize("tag", sorted(ALARMS))
def test_shouting_and_missing_accents_do_not_hide_a_crisis(tag: str, lookups: Lookups) -> None:
    assert lookups.crises.find(f"!!! {ALARMS[tag].upper()} ...")


LOOKS_LIKE_ONE = """when is the active shooter drill
is there an intruder drill this week
my daughter cried after the active shooter drill
shoot me a text when the bus is here
glue gun to school, is that allowed for the art project?
¿cuándo es el simulacro de tiroteo?
l'exercice fusillade, c'est quel jour ?
quando é o simulado de tiroteio?
когда учения «активный стрелок»?
متى تدريب إطلاق النار في المدرسة؟
الفيلم قنبلة
buổi diễn tập xả súng là ngày nào
đi từ từ thôi con
tôi cần tư vấn cho con
kilè egzèsis fiziyad la ye
naglalaro sila ng baril-barilan
goorma ayuu yahay tababarka toogasho
총기 난사 대피 훈련이 언제예요?
혼자 해요
사유서를 제출했어요
유서 깊은 학교네요
예약을 한꺼번에 하고 싶어요
枪击演习是哪天
要不要带刀叉
电脑要杀毒吗
老师打了我的电话
被妈妈打扰了
班会玩杀人游戏"""


@pytest.mark.parametrize("text", LOOKS_LIKE_ONE.splitlines())
def test_drills_and_figures_of_speech_raise_no_alarm(text: str, lookups: Lookups) -> None:
    assert lookups.crises.find(text) is None


REPORTS_ONE = """there is an active shooter, this is not the active shooter drill
is this the active shooter drill? i hear gunshots
¿es el simulacro de tiroteo? se oyen disparos
c'est l'exercice fusillade ? j'entends des coups de feu
é o simulado de tiroteio? estão atirando
это учения «активный стрелок»? слышны выстрелы
هل هذا تدريب إطلاق النار؟ معه مسدس
총기 난사 훈련 아니에요 총을 들고 있어요
这是枪击演习吗？听到枪声了"""


@pytest.mark.parametrize("text", REPORTS_ONE.splitlines())
def test_a_drill_in_the_same_text_does_not_silence_a_report(text: str, lookups: Lookups) -> None:
    assert lookups.crises.find(text)
