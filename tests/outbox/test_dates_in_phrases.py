"""Days, times and names stand in the shipped phrases as the language has them: no wrong case, no missing comma."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.actions.registry import discover
from bot.app import FLOWS, LOCALES
from bot.commands.phrases import read_catalogue
from bot.conversation.loading import load_flows
from bot.model.dialogue import Phrase, Say, Value, Verbatim
from bot.outbox.phrasebook import Phrasebook

FIRST_OF_DECEMBER = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
VALUES: dict[str, Value] = {
    "child": Verbatim("Sofía"),
    "teacher": Verbatim("Emma Washington"),
    "owner": Verbatim("Sam Rivera"),
    "reference": Verbatim("HL-7K3M2"),
    "starts_at": FIRST_OF_DECEMBER,
    "due_at": FIRST_OF_DECEMBER,
    "opened_on": date(2026, 11, 21),
}


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return Phrasebook(load_flows(FLOWS, discover()).responses, LOCALES, ZoneInfo("America/Los_Angeles"))


@pytest.mark.parametrize(
    ("tag", "name", "text"),
    [
        ("pt-BR", "utter_reminder_in_person", "Lembrete: sua reunião sobre Sofía com Emma Washington está marcada para "
         "terça-feira, 1º de dezembro, 3:30 PM, na escola."),
        ("pt-BR", "utter_case_is_open_owner", "Sam Rivera está cuidando da sua mensagem HL-7K3M2, de sábado, 21 de "
         "novembro de 2026. Você vai receber a resposta até terça-feira, 1º de dezembro, 3:30 PM."),
        ("ru", "utter_reminder_in_person", "Напоминание: встреча в школе. Ребёнок: Sofía. С кем: Emma Washington. "
         "Когда: вторник, 1 декабря, 3:30 PM."),
        ("ru", "utter_case_is_open_owner", "Сообщение HL-7K3M2, дата: суббота, 21 ноября 2026 г. Кто ответит: Sam Rivera. "
         "Срок ответа: вторник, 1 декабря, 3:30 PM."),
        ("fr", "utter_reminder_in_person", "Rappel : votre rendez-vous pour Sofía avec Emma Washington est le mardi 1er "
         "décembre, 3:30 PM, sur place à l'école."),
        ("fr", "utter_appointment_cancelled", "Votre rendez-vous du mardi 1er décembre, 3:30 PM, pour Sofía avec Emma "
         "Washington, est annulé. Pour une autre heure, écrivez : je veux prendre rendez-vous."),
        ("fil", "utter_reminder_in_person", "Paalala po: ang meeting ninyo tungkol kay Sofía kasama si Emma Washington ay "
         "sa Martes, Disyembre 1, 3:30 PM, nang personal sa paaralan."),
        ("so", "utter_reminder_in_person", "Xusuusin: ballanta aad Emma Washington la leedahay ee ku saabsan Sofía waa "
         "Talaado, 1 Diseembar, 3:30 PM, fool ka fool iskuulka."),
        ("so", "utter_case_is_open_owner", "HL-7K3M2, oo la furay Sabti, 21 Nofeembar 2026, waxaa loo diray Sam Rivera. "
         "Jawaab waxaad heli doontaa ugu dambayn Talaado, 1 Diseembar, 3:30 PM."),
        ("ht", "utter_reminder_phone", "Rapèl: randevou ou sou Sofía ak Emma Washington se madi 1 desanm, 3:30 PM, "
         "nan telefòn."),
        ("ht", "utter_case_is_open_owner", "HL-7K3M2, ki ouvri samdi 21 novanm 2026, nan men Sam Rivera. W ap jwenn yon "
         "repons pa pita pase madi 1 desanm, 3:30 PM."),
        ("zh-Hans", "utter_reminder_in_person", "提醒：您与 Emma Washington 关于 Sofía 的面谈在12月1日星期二 下午3:30，请到学校当面谈。"),
        ("zh-Hans", "utter_case_is_open_owner", "HL-7K3M2（2026年11月21日星期六收到）由 Sam Rivera 处理。最晚12月1日星期二 "
         "下午3:30您会收到答复。"),
        ("ko", "utter_reminder_video", "알림: 12월 1일 (화요일) 오후 3:30에 Emma Washington 선생님과 Sofía 학생 화상 면담이 있습니다."),
        ("ko", "utter_case_is_open_owner", "HL-7K3M2, 2026년 11월 21일 토요일 접수: Sam Rivera 님이 맡고 있습니다. 12월 1일 "
         "(화요일) 오후 3:30까지 답을 받으십니다."),
    ],
)  # fmt: skip
def test_a_family_reads_a_whole_sentence(book: Phrasebook, tag: str, name: str, text: str) -> None:
    assert book.render(Say((Phrase(name, VALUES),)), tag).body == text


def test_russian_dates_follow_a_colon_since_prepositions_would_need_another_case() -> None:
    catalogue = read_catalogue(LOCALES / "ru" / "LC_MESSAGES" / "bot.po", "ru")
    braces = re.compile(r"(\S*) ?\{(?:starts_at|due_at|opened_on|checked_on)\}")
    before = {(m.id, word) for m in catalogue if m.id for word in braces.findall(m.string)}
    assert {(text, word) for text, word in before if word and word[-1] not in ":,"} == set()
    assert len(before) > 20
