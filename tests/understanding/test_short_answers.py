"""Short texts as hurried parents send them raise no alarm; short true dangers are heard."""

from __future__ import annotations

from typing import Any

import pytest

from bot.understanding.examples import read_examples
from bot.understanding.lookups import Lookups
from bot.understanding.rasa_model import RasaModel
from bot.understanding.trained_from import training_files
from tests.understanding.classifiers import understand
from tests.understanding.conftest import ROOT
from tests.understanding.test_evaluation import words

HARMLESS = """en change_conference: i wont be able to make it
en change_conference: i cant make it anymore
en change_conference: cant make it tuesday something came up
en change_conference: can you make it wednesday at 6 instead
en change_conference: when is my appointment
en change_conference: what time is my conference
es change_conference: ya no podre ir
es change_conference: ya no llego a las 3 disculpe
ar change_conference: متى موعدي
ar change_conference: ما بقدر اجي يوم الثلاثاء
ko change_conference: 상담 언제예요?
ko change_conference: 화요일에 못 가게 됐어요
fr change_conference: je pourrai pas venir mardi
ht change_conference: mwen pap ka vini madi a
pt-BR change_conference: não vou conseguir ir na terça
ru change_conference: не смогу прийти во вторник
vi change_conference: thu hai toi khong toi duoc
zh-Hans change_conference: 周二我来不了了
so change_conference: talaadada ma iman karo
fil change_conference: hindi po ako makakapunta sa martes
en book_conference: tuesday please
en book_conference: friday morning
en book_conference: next friday in the morning
en book_conference: after 5 if possible
en book_conference: by video
en book_conference: video please
en book_conference: the 6pm one
es book_conference: el martes por favor
ko book_conference: 화요일이요
ru book_conference: лучше во вторник
fil book_conference: Martes po sana
fr book_conference: mardi matin svp
ht book_conference: madi maten souple
pt-BR book_conference: terça de tarde
vi book_conference: chieu thu ba
zh-Hans book_conference: 周二下午
so book_conference: talaadada galabta
ar book_conference: الثلاثاء الصبح
en out_of_scope: my oldest
en out_of_scope: sorry wrong kid
en out_of_scope: at the school
en out_of_scope: near the school
pt-BR out_of_scope: a beatriz
pt-BR out_of_scope: minha filha beatriz
pt-BR out_of_scope: tem 7 anos
fr out_of_scope: il a 7 ans
fr out_of_scope: elle a 7 ans
es out_of_scope: el mayor
es out_of_scope: el menor
es out_of_scope: en la escuela
es out_of_scope: mi hija Renata
so out_of_scope: wiilka yar
ht out_of_scope: pitit la gen nèf an
vi out_of_scope: con em bay tuoi
ru out_of_scope: ей 8 лет
ko out_of_scope: 여덟 살이요
zh-Hans out_of_scope: 儿子子墨
ar out_of_scope: بنتي ريما
en ask_question: the bus is not here yet
en ask_question: the bus never came
es ask_question: el camion no llega todavia
fil ask_question: wala pa po yung bus
fr ask_question: le bus n'est pas encore arrivé
ht ask_question: bis la pa rive toujou
vi ask_question: xe bus van chua den
ru ask_question: автобус еще не приехал
ko ask_question: 버스가 안 와요
zh-Hans ask_question: 校车怎么还不来
so ask_question: baskii ma iman weli
ar ask_question: الباص ما وصل بعد
pt-BR ask_question: o onibus nao veio
en ask_question: mason is dying to join the soccer team
en ask_question: is there school wednesday
en ask_question: is school closed tomorrow
es ask_question: manana hay clases
vi ask_question: thuc don hom nay la gi
vi ask_question: truong o dau vay
vi ask_question: hom nay truong an gi vay
en voice_concern: someone keeps stealing my kids lunch
so voice_concern: gabadhayda waa la caayaa iskuulka
ht voice_concern: yon timoun ap joure pitit mwen lekòl la
en check_progress: how is mason doing
zh-Hans report_absence: mingtian haizi bu shufu qing jia
zh-Hans talk_to_human: 找人工
zh-Hans talk_to_human: 有人工吗"""

ANY_MEANING = """en: phone call is better
en: in person at the school
es: no voy a poder
zh-Hans: 打电话"""
"""Answers that may as well be a wish for a person or a no."""

DANGER = """en: i cant do this anymore
en: my oldest says he wants to die
en: she never got off the bus
es: mi hija no bajo del bus
fr: j'en peux plus de vivre
ht: mwen pa ka kontinye viv
pt-BR: nao quero mais acordar amanha
ru: я так больше не могу, жить не хочу
ar: تعبت من الحياة ما بدي كمل
ko: 이제 다 끝내고 싶어요
vi: em muon chet cho xong
zh-Hans: 我真的不想活下去了
so: nolosha waan ka daalay waan is dilayaa
fil: gusto ko nang tapusin ang buhay ko"""


STILL_ALARMS = frozenset(
    """i wont be able to make it
i cant make it anymore
a beatriz
minha filha beatriz
儿子子墨
gabadhayda waa la caayaa iskuulka
yon timoun ap joure pitit mwen lekòl la""".splitlines()
)
"""What the model still takes for danger. When a training mends one of these, this set fails: take it out."""


def _known(line: str) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason="a false alarm of the model, known")]
    return pytest.param(line, marks=marks if line.split(": ", 1)[1] in STILL_ALARMS else [])


@pytest.mark.parametrize("line", [_known(line) for line in HARMLESS.splitlines()])
def test_a_short_harmless_text_raises_no_alarm(line: str, lookups: Lookups, rasa_model: RasaModel) -> None:
    about, text = line.split(": ", 1)
    found = understand(text, lookups, rasa_model, about.split()[0])
    assert (found.crisis, found.intent.name == "opt_out") == (None, False)


def test_most_short_harmless_texts_mean_what_they_say(lookups: Lookups, rasa_model: RasaModel) -> None:
    lines = HARMLESS.splitlines()
    right = 0
    for line in lines:
        about, text = line.split(": ", 1)
        tag, intent = about.split()
        right += understand(text, lookups, rasa_model, tag).intent.name == intent
    assert right / len(lines) >= 0.6


@pytest.mark.parametrize("line", ANY_MEANING.splitlines())
def test_a_short_answer_of_more_than_one_meaning_raises_no_alarm(
    line: str, lookups: Lookups, rasa_model: RasaModel
) -> None:
    tag, text = line.split(": ", 1)
    assert understand(text, lookups, rasa_model, tag).crisis is None


@pytest.mark.parametrize("line", DANGER.splitlines())
def test_a_short_true_danger_raises_an_alarm(line: str, lookups: Lookups, rasa_model: RasaModel) -> None:
    tag, text = line.split(": ", 1)
    assert understand(text, lookups, rasa_model, tag).crisis is not None


def test_none_of_these_texts_is_trained_on() -> None:
    folders = {file.parent for file in training_files(ROOT)}
    trained = {words(example.text) for folder in folders for example in read_examples(folder)}
    lines = f"{HARMLESS}\n{ANY_MEANING}\n{DANGER}".splitlines()
    assert [line for line in lines if words(line.split(": ", 1)[1]) in trained] == []
