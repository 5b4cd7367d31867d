"""What single words of a sentence tell, in the languages families write: yes or no, a change, a name, a reference.

Small on purpose: whole messages are the tables' business (nlu_data/lookups), sentences the model's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bot.conversation.texts import fold
from bot.model.dialogue import SlotValue

LINE_NAMES = "line_names"
"""The fact with the first names of the other adults on a shared telephone, a JSON list."""


def folded_words(text: str) -> frozenset[str]:
    """The words of a text as they are compared."""
    return frozenset(map(fold, text.split()))


_YES = folded_words(
    "yes yeah yep yup sure ok okay sí claro correcto có vâng dạ ừ được đúng نعم ايوه أيوا أجل بلى haa wi sim да oui 네 예"
    " oo opo 是 对"
)
NO = folded_words("no nope nah không khỏi لا كلا maya non não нет hindi 아니요 不")
NOT = folded_words("dont not no never cannot cant doesnt wont ne pas không chẳng لا مش ما لم não не hindi")
_NEED = folded_words(
    "need want require necesito quiero necesitamos queremos necesita cần muốn أحتاج نحتاج أريد نريد محتاج besoin veux"
    " preciso quero нужен нужна нужно"
)
_YES_THEN = folded_words("có dạ ừ được đúng sim wi oo")
"""Short words that mean yes only alone or before a word of need: they mean other things elsewhere."""

_GLAD = folded_words(
    "perfect great awesome excellent wonderful fantastic perfecto perfecta excelente genial listo parfait excellent"
    " génial pafè pafèt ekselan perfeito ótimo отлично прекрасно замечательно супер tuyệt ممتاز تمام رائع fiican hagaag ayos"
    " galing"
)
_GLAD_UNSPACED = tuple(map(fold, ("완벽", "좋아요", "좋습니다", "太好了", "很好", "好的", "没问题")))
_SEE_YOU = tuple(
    map(
        fold,
        ("see you", "see u", "nos vemos", "hasta entonces", "on se voit", "à jeudi", "n ap wè", "até lá", "до встречи",
         "увидимся", "hẹn gặp", "نشوفكم", "نراكم", "أراكم", "is arki", "is arag", "kita kits", "magkita tayo", "그때 봬요",
         "그때 뵐게요", "그때 뵙겠습니다", "到时见", "到时候见"),
    )
)  # fmt: skip
_BUT = folded_words("but pero mais mas men но nhưng لكن بس laakiin kaso 그런데 근데 但 但是 不过")
_GLAD_WORDS = 8
"""A longer text that begins with "great" has more to say than yes."""

_CHANGE = tuple(
    map(
        fold,
        ("chang", "move", "wrong", "incorrect", "mistake", "cambi", "modific", "correg", "equivoc", "thay đổi",
         "đổi giờ", "đổi lịch", "đổi lại", "sai", "sửa", "غير", "تغيير", "تعديل", "خطأ"),
    )
)  # fmt: skip

_CANCELLING = tuple(
    map(
        fold,
        ("cancel", "cancle", "cansel", "icancel", "pakicancel", "annul", "anul", "hủy", "إلغ", "ألغ", "отмен", "otmen",
         "取消", "quxiao", "qu xiao", "취소", "캔슬", "baaji", "kansal", "tirtir", "kansel", "ikansel"),
    )
)  # fmt: skip

_REFERENCE = re.compile(r"\W*HL[-\s]?[2-9CDFHJKMNPQRTVWX]{5,7}\W*", re.ASCII | re.IGNORECASE)

_INTRODUCTION = re.compile(
    r"(?:(?:hi|hello|hey|hola|buenos dias|buenas tardes|buenas|xin chao|chao|مرحبا|السلام عليكم) )?"
    r"(?:this is|i am|i m|im|my name is|it s|its|soy|yo soy|habla|me llamo|mi nombre es|toi la|day la|minh la"
    r"|ten toi la|toi ten la|انا|معك|معكم|اسمي) (?P<rest>.+)"
)


_FIRST_ALONE = re.compile(
    r"\s*\w+\s*(?:[,.;:!،。，]|-\s|thank|thx|gracias|obrigad|merci|mèsi|mesi|salamat|cảm ơn|cam on|спасибо|شكر|mahad"
    r"|谢|감사)",
    re.IGNORECASE,
)


def leading_answer(text: str) -> bool | None:
    """The yes or no a sentence begins with, or says with a word of need ("I don't need one"); None when it says neither."""
    words = fold(text.replace("'", "").replace("’", "")).split()
    if not words:
        return None
    first, rest = words[0], words[1:]
    if first in NO:
        return False
    if _declines(words):
        return False
    if _agrees_gladly(text, words):
        return True
    if first not in _YES or asks_for_change(text):
        return None
    if first in _YES_THEN and rest and not set(rest[:2]) & _NEED:
        return None
    return True


def answers_first(text: str) -> bool:
    """Whether a text's first word stands for itself: a mark or a thank-you follows it. "No hablo inglés" is no "no"."""
    return _FIRST_ALONE.match(text) is not None


def _agrees_gladly(text: str, words: list[str]) -> bool:
    """ "Perfect, thanks", "great, see you then": short, and no question, no "but", nothing to be changed."""
    more = len(words) > _GLAD_WORDS or any(mark in text for mark in "?؟？") or asks_for_change(text)
    if more or set(words) & (NOT | _BUT | NO):
        return False
    glad = words[0] in _GLAD or words[0].startswith(_GLAD_UNSPACED)
    return glad or any(f" {phrase}" in f" {' '.join(words)}" for phrase in _SEE_YOU)


def _declines(words: list[str]) -> bool:
    """ "I don't need", "yo no quiero", "tôi không cần": a negation right before a word of need."""
    return any(word in NOT and after in _NEED for word, after in _pairs(words[:6]))


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    """Each word with each of the two that follow it ("no lo necesito")."""
    return [(word, after) for place, word in enumerate(words) for after in words[place + 1 : place + 3]]


def asks_for_change(text: str) -> bool:
    """Whether a text speaks of something wrong or to be changed."""
    folded = f" {fold(text)} "
    return any(f" {stem}" in folded for stem in _CHANGE)


def names_cancelling(text: str) -> bool:
    """Whether a text says "cancel" itself, and not "never mind"."""
    folded = f" {fold(text)} "
    return any(f" {stem}" in folded for stem in _CANCELLING)


def is_reference(text: str) -> bool:
    """Whether the whole message is the reference of a case ("HL-7K3M2")."""
    return _REFERENCE.fullmatch(text) is not None


def introduction(text: str) -> str | None:
    """What follows "this is", "soy", "tôi là" …, folded; None when nobody introduces himself."""
    found = _INTRODUCTION.fullmatch(fold(text))
    return found["rest"] if found else None


def introduced(text: str, facts: Mapping[str, SlotValue]) -> str | None:
    """What else an introduction says, when it names another adult of this line ("" when nothing); else None."""
    said = introduction(text)
    written = facts.get(LINE_NAMES)
    names = json.loads(written) if isinstance(written, str) else []
    for name in names if said is not None else []:
        folded = fold(name)
        if said == folded:
            return ""
        if said is not None and folded and said.startswith(f"{folded} "):
            return said.removeprefix(folded).strip()
    return None
