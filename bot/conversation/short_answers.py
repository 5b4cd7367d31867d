"""Short answers to a list: what a few words name once politeness, articles and "my son" are left out.

"for Ava", "over the phone", "minha filha Beatriz": none of them is a label, all of them name one.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.hearing import NO, NOT, folded_words
from bot.conversation.texts import fold
from bot.model.plain_letters import UNSPACED
from bot.model.utterance import Utterance

BRIEF = 7
"""Words of an answer to a list, at most; who writes more tells something else as well."""

SURE_OF_MORE = 0.85
"""So sure of another request, a name beside it does not make the text an answer ("Ava is sick")."""

_BESIDE = frozenset(
    {"affirm", "deny", "greet", "thank", "out_of_scope", "book_conference", "change_conference"}
)
"""Intents that a bare answer is often taken for."""

_FILLERS = folded_words(
    "please pls plz the a an it its is s i im me my our for of on at in by over via to with about one ones time work"
    " works good fine great better best would like prefer want need take let lets do just this that son daughter kid"
    " child boy girl"
    " por favor porfa es el la lo los las un una para de en mi mis hijo hija niño niña mejor quiero prefiero con al"
    " é o os as um uma pra na meu minha filho filha melhor quero prefiro com ao"
    " s'il vous plaît svp stp c'est le les pour mon ma mes fils fille mieux je veux préfère plutôt par au à"
    " пожалуйста мой моя сын дочь это про для лучше давайте по на в"
    " من فضلك لو سمحت ابني بنتي ابنتي عن هو هي في"
    " làm ơn cho tôi của nhé ạ dạ con trai gái về qua"
    " fadlan wiilkayga gabadhayda waa ku"
    " tanpri souple se pou pitit mwen gason fi nan"
    " po lang nalang sana si kay ang anak ko yung sa"
    " 네 요 우리 아이"
)

_NEGATIONS = NO | NOT | folded_words("without sin sem sans без ما chưa pa")


def is_brief(text: str, most: int = BRIEF) -> bool:
    """Whether a text has no more words than that; of scripts without blanks two letters count as one."""
    count = sum(max(1, len(UNSPACED.findall(word)) // 2) for word in text.split())
    return count <= most


def telling_words(text: str) -> Sequence[str]:
    """The folded words of a text that tell something."""
    return [word for word in fold(text.replace("'", " ").replace("’", " ")).split() if word not in _FILLERS]


def is_one_word(text: str) -> bool:
    """Whether a text tells no more than one word: then that is what its entity was read from."""
    return len(telling_words(text)) == 1 and not UNSPACED.search(text)


def named_by(utterance: Utterance, label: str) -> bool:
    """Whether a short text names what has this label: its telling words are among the label's, or it holds all of the
    label's and but one word more."""
    words = set(telling_words(utterance.text))
    if not words or not is_brief(utterance.text):
        return False
    return words <= set(fold(label).split()) or _holds(words, utterance, label)


def _holds(words: set[str], utterance: Utterance, label: str) -> bool:
    told = set(telling_words(label))
    if not told or not told <= words or len(words) > len(told) + 1:
        return False
    return not (_NEGATIONS & set(fold(utterance.text).split()) or _asks_for_more(utterance))


def _asks_for_more(utterance: Utterance) -> bool:
    """The word beside a name may be another request, or a danger ("Ava fainted")."""
    sure = utterance.intent.confidence >= SURE_OF_MORE and utterance.intent.name not in _BESIDE
    return sure or utterance.crisis is not None or "reason" in utterance.entities


def negates(text: str) -> bool:
    """Whether a text says what does not suit ("I can't do mornings"); a "no" at its beginning only answers."""
    first, *rest = fold(text.replace("'", "").replace("’", "")).split() or [""]
    return bool(_NEGATIONS & {*rest, "" if first in NO else first})
