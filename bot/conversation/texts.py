"""Compares what people type with what they were offered."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from bot.conversation.definitions import BRACE
from bot.model.dialogue import PersonText, Phrase, Response, Text, Verbatim
from bot.model.plain_letters import plain

_NEAR = 0.82  # "resturant" for "restaurant" is .95, "Tuesday" for "Thursday" .80
_LEAST = 4  # shorter words are near too much


@lru_cache(maxsize=2048)  # the same labels are compared with every text of every family
def fold(text: str) -> str:
    """The text as it is compared: small letters, no accents, no punctuation, single blanks."""
    return " ".join("".join(c if c.isalnum() else " " for c in plain(text)).split())


def near(left: str, right: str) -> bool:
    """Whether two folded texts are one, but for a slip of the finger."""
    if left == right:
        return bool(left)
    if min(len(left), len(right)) < _LEAST or left.isdigit() or right.isdigit():
        return False
    if 2 * min(len(left), len(right)) < _NEAR * (len(left) + len(right)):
        return False  # no likeness of texts of such lengths is as high
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= _NEAR


def english(text: Text, responses: Mapping[str, Response]) -> str:
    """A text as it reads in English; people's words as they are."""
    if not isinstance(text, Phrase):
        return text.text
    response = responses.get(text.name)
    if response is None:
        return ""
    values = {
        name: english(value, responses) if isinstance(value, Phrase | Verbatim | PersonText) else str(value)
        for name, value in text.values.items()
    }
    return BRACE.sub(lambda brace: values.get(brace.group(1), ""), response.text)
