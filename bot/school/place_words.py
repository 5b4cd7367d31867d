"""How families say where help is looked for when they name no ZIP code: anywhere, they do not know, or a town."""

from __future__ import annotations

from collections.abc import Iterable

from bot.school.needs import fold

_ANYWHERE = tuple(
    map(
        fold,
        (
            "anywhere", "any place", "anyplace", "wherever", "everywhere", "doesn't matter", "doesnt matter",
            "does not matter", "don't care", "dont care", "don't know", "dont know", "do not know", "not sure", "no idea",
            "idk",
            "donde sea", "cualquier lugar", "cualquier lado", "cualquier parte", "cualquier sitio", "no importa", "da igual",
            "no se", "no lo se", "no sabemos", "ni idea",
            "qualquer lugar", "qualquer parte", "tanto faz", "onde for", "nao importa", "nao sei", "não sabemos",
            "n'importe", "nimporte", "peu importe", "partout", "sais pas", "ne sais", "aucune idee",
            "nenpot", "kelkeswa", "pa konnen", "pa konn",
            "где угодно", "куда угодно", "где-нибудь", "где нибудь", "любом месте", "любое место", "везде", "неважно",
            "не важно", "всё равно", "не знаю", "не знаем",
            "đâu cũng được", "nào cũng được", "bất cứ đâu", "bất kỳ đâu", "bất cứ nơi", "bất kỳ nơi", "không biết",
            "không rõ",
            "meel kasta", "meelkasta", "goob kasta", "goobkasta", "ma garanayo", "ma aqaan", "ma ogi", "ma naqaan",
            "kahit saan", "kahit saang", "saanman", "hindi ko alam", "di ko alam", "ewan",
        ),
    )
)  # fmt: skip
"""Whole words, folded."""

_ANYWHERE_JOINED = tuple(
    map(
        fold,
        (
            "أي مكان", "اي مكان", "أينما", "كل مكان", "لا يهم", "مش مهم", "ما يهم", "لا أعرف", "ما أعرف", "ما بعرف",
            "لا أدري", "ما أدري", "مش عارف",
            "哪里都", "哪儿都", "哪裡都", "任何地方", "随便", "都可以", "都行", "无所谓", "不知道", "不清楚",
            "아무데", "아무 데", "어디든", "어디나", "상관없", "상관 없", "몰라", "모르",
        ),
    )
)  # fmt: skip
"""The same in scripts that join words: anywhere in the text."""


def means_anywhere(text: str) -> bool:
    """Whether a text says that it may be anywhere, or that the family does not know."""
    straight = text.replace("’", "'")
    folded = f" {fold(straight)} "
    whole = any(f" {words} " in folded for words in _ANYWHERE)
    return whole or any(words in folded for words in _ANYWHERE_JOINED)


def code_of_town(text: str, towns: Iterable[tuple[str, str]]) -> str | None:
    """The postal code that stands for the town a text names, of `towns` (name, postal code)."""
    folded = f" {fold(text)} "
    return next((code for town, code in towns if f" {fold(town)} " in folded), None)
