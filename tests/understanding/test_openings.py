"""Short plain openings go to their intent, look-alikes of a crisis raise no alarm, and true ones do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from bot.model.yaml_text import read_yaml
from bot.understanding.lookups import Lookups
from bot.understanding.rasa_model import RasaModel
from bot.understanding.understand import TRAINED, Understander

ROOT = Path(__file__).resolve().parents[2]
FULL = tuple(sorted(TRAINED))
"""The languages that have training data."""

LABELS = {
    "ask a question": "ask_question",
    "book a conference": "book_conference",
    "change a conference": "change_conference",
    "move a conference": "change_conference",
    "confirm a conference": "change_conference",
    "cancel a conference": "change_conference",
    "change the language": "change_language",
    "ask about an earlier message": "check_status",
    "find help nearby": "find_resource",
    "file a complaint": "file_complaint",
    "give advice to the school": "give_recommendation",
    "report an absence": "report_absence",
    "ask how a child is doing": "check_progress",
    "help at the school": "volunteer",
    "leave a message": "talk_to_human",
    "say hello": "greet",
    "say thank you": "thank",
    "say yes": "affirm",
    "say no": "deny",
    "something else": "out_of_scope deny",
    "share a concern": "voice_concern",
    "Ask a question": "ask_question",
    "Share a concern": "voice_concern",
    "Find help (food, housing, health)": "find_resource",
    "Book or change a conference": "book_conference change_conference",
    "Talk to a person": "talk_to_human",
    "Change the language": "change_language",
    "Book a new conference": "book_conference",
    "Change or cancel a conference": "change_conference",
}
"""Names of flows and buttons of the menu with what they start; any other name or button must only do no harm."""

OPENINGS = {
    "en": """book_conference: i would like to book a conference
book_conference: can i make an appointment with the teacher
change_conference: i need to cancel my conference
ask_question: i have a question for the school
voice_concern: i have a concern about school
voice_concern: i'd like to share a concern with you
find_resource: i need to find help for my family
report_absence: i need to report an absence
report_absence: my daughter can't come tomorrow
talk_to_human: i want to leave a message for the principal
volunteer: i would like to help at the school
check_progress: how is my child doing in school
file_complaint: i want to file a complaint""",
    "es": """book_conference: quisiera hacer una cita
book_conference: quiero pedir una cita con la maestra
change_conference: necesito cambiar mi cita
ask_question: tengo una pregunta para la escuela
voice_concern: tengo una preocupación sobre mi hijo
voice_concern: quisiera compartir una preocupación
find_resource: busco ayuda para mi familia
report_absence: quiero reportar una ausencia
report_absence: mi hija no puede ir mañana
talk_to_human: quisiera dejar un mensaje
volunteer: me gustaría ayudar en la escuela
check_progress: cómo le va a mi hija en la escuela
file_complaint: quiero presentar una queja formal""",
    "ar": """book_conference: أريد حجز اجتماع مع المعلمة
book_conference: بدي احجز موعد مع المعلم
change_conference: أريد تغيير موعد الاجتماع
ask_question: عندي سؤال للمدرسة
voice_concern: أريد أن أخبر المدرسة بأمر يقلقني
voice_concern: أنا قلقة على ابني في المدرسة
find_resource: أبحث عن مساعدة لعائلتي
report_absence: أريد الإبلاغ عن غياب ابني
report_absence: بنتي ما بتقدر تيجي بكرا
talk_to_human: أريد أن أترك رسالة
volunteer: أحب أن أساعد في المدرسة
file_complaint: أريد تقديم شكوى رسمية""",
    "vi": """book_conference: tôi muốn đặt lịch họp với cô giáo
book_conference: toi muon hen gap giao vien
change_conference: tôi muốn đổi lịch họp
ask_question: tôi muốn đặt câu hỏi
voice_concern: tôi muốn chia sẻ điều lo lắng
voice_concern: toi co dieu lo lang ve con toi
find_resource: tôi cần tìm nơi giúp đỡ gia đình
report_absence: tôi muốn báo vắng mặt cho con
report_absence: mai con tôi không đi học được
talk_to_human: tôi muốn để lại lời nhắn cho văn phòng
volunteer: tôi muốn phụ giúp ở trường của con
file_complaint: tôi muốn gửi khiếu nại""",
}

LOOK_ALIKES = {
    "en": """i have a concern
my son is scared of dogs
there is a bully who hits my son on the bus every day
i can't come tomorrow
my daughter is afraid of spiders
my son had a wisdom tooth out yesterday
she cried at drop off again
he fell off his bike and scraped his knee
my daughter lost her library book
a boy kicked my son during recess""",
    "es": """tengo una preocupación
avisar de una ausencia
mañana no puedo
a mi niña le sacaron una muela
mi hijo les tiene miedo a las arañas
mi hija lloró al entrar a la escuela
se cayó de la bici y se raspó la rodilla
mi hijo perdió su libro de la biblioteca
un niño le dio una patada a mi hija en el recreo
me duele ver a mi hijo tan solo""",
    "ar": """عندي قلق
ابني بيخاف من الكلاب
بكرا ما بقدر
بنتي خلعت ضرس امبارح
بنتي تخاف من العناكب
ولد رفس ابني بالفسحة
ابني وقع عن البسكليت وركبته انجرحت
بنتي ضيعت كتاب المكتبة
ابني بكى لما وصلته المدرسة
ما أستطيع الحضور غدا""",
    "vi": """tôi có điều lo lắng
con tôi sợ chó
mai tôi không tới được
con gái tôi nhổ răng hôm qua
con toi so nhen
có bạn đá con tôi lúc ra chơi
con gái tôi té trong giờ thể dục, đau chân
con gái tôi mất cuốn sách thư viện
sáng nay con tôi khóc khi vào lớp
toi khong den duoc ngay mai""",
}

TRUE = """en: my daughter says she does not want to be alive
en: there is a boy with a gun in the hallway
en: my husband beat me last night and the kids saw it
en: my son never got off the bus and nobody knows where he is
en: her uncle touches her at night
es: mi hija me dijo que se quiere quitar la vida
es: un alumno trae una pistola en la mochila
es: mi esposo me golpeó anoche enfrente de los niños
es: mi hijo no bajó del bus y nadie sabe dónde está
es: el novio de mi hermana toca a la niña
ar: بنتي قالت انها بدها تقتل حالها
ar: في طالب معه مسدس بالمدرسة
ar: زوجي ضربني مبارح قدام الأولاد
ar: ابني ما نزل من الباص وما حدا بيعرف وينه
ar: عمها بيلمسها بالليل
vi: con gái tôi nói muốn tự tử
vi: có học sinh mang súng trong cặp
vi: tối qua chồng tôi đánh tôi trước mặt các con
vi: con tôi không xuống xe buýt, không ai biết nó ở đâu
vi: dượng nó sờ mó con bé ban đêm"""


def labels() -> Iterator[str]:
    """Every name of a flow and every button in flows/*.yml."""
    for file in sorted((ROOT / "flows").glob("*.yml")):
        whole = read_yaml(file.read_text(encoding="utf-8"))
        yield from (flow["name"] for flow in (whole.get("flows") or {}).values() if "name" in flow)
        yield from _titles(whole.get("responses"))


def _titles(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["title"]] if "title" in node else [])
        node = list(node.values())
    for part in node if isinstance(node, list) else []:
        yield from _titles(part)


def in_language(text: str, tag: str) -> str:
    """A label in a language; where a catalogue has none, the English text, as families would see it."""
    if tag == "en":
        return text
    file = ROOT / "bot" / "locales" / tag / "LC_MESSAGES" / "bot.po"
    if tag not in _CATALOGUES:
        _CATALOGUES[tag] = read_po(io.BytesIO(file.read_bytes()))
    found = _CATALOGUES[tag].get(text)
    return str(found.string) if found and found.string else text


_CATALOGUES: dict[str, Any] = {}


FALSE_ALARMS = {
    ("fil", "A ride to the school"),
    ("es", "me duele ver a mi hijo tan solo"),
    ("en", "she cried at drop off again"),
    ("ar", "ابني وقع عن البسكليت وركبته انجرحت"),
    ("vi", "con gái tôi mất cuốn sách thư viện"),
}
"""What the model takes for danger though it is none: a person looks at it needlessly. The next
training has to mend these; then this set says so by failing."""


def _known(tag: str, text: str) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason="a false alarm of the model, known")]
    return pytest.param(tag, text, marks=marks if (tag, text) in FALSE_ALARMS else [])


@pytest.fixture(scope="module")
def understander(lookups: Lookups, rasa_model: RasaModel) -> Understander:
    """The shipped model and the shipped tables."""
    return Understander(rasa_model, lookups)


def _lines(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(tag, line) for tag, whole in texts.items() for line in whole.splitlines()]


@pytest.mark.parametrize(
    ("tag", "label"), [_known(tag, label) for label in dict.fromkeys(labels()) for tag in FULL]
)
def test_names_of_flows_and_buttons_start_what_they_name(
    tag: str, label: str, understander: Understander
) -> None:
    found = understander.understand(in_language(label, tag), preferred=tag)
    assert (found.crisis, found.intent.name == "opt_out") == (None, False)
    if label in LABELS:
        assert found.intent.name in LABELS[label].split()


@pytest.mark.parametrize(("tag", "line"), _lines(OPENINGS))
def test_plain_openings_go_to_their_intent(tag: str, line: str, understander: Understander) -> None:
    intent, text = line.split(": ", 1)
    found = understander.understand(text, preferred=tag)
    assert (found.crisis, found.intent.name) == (None, intent)


@pytest.mark.parametrize(("tag", "text"), [_known(tag, text) for tag, text in _lines(LOOK_ALIKES)])
def test_harmless_texts_that_look_like_a_crisis_raise_no_alarm(
    tag: str, text: str, understander: Understander
) -> None:
    found = understander.understand(text, preferred=tag)
    assert (found.crisis, found.intent.name == "opt_out") == (None, False)


@pytest.mark.parametrize("line", TRUE.splitlines())
def test_true_crises_raise_an_alarm(line: str, understander: Understander) -> None:
    tag, text = line.split(": ", 1)
    assert understander.understand(text, preferred=tag).crisis is not None


def test_a_somali_question_about_lunch_is_no_request_to_stop(understander: Understander) -> None:
    found = understander.understand("qadada iskuulka waa imisa", preferred="so")
    assert (found.crisis, found.intent.name == "opt_out") == (None, False)
