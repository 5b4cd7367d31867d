"""What families write in the figures: real examples, all different, so that no kept vector answers for the model."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.understanding.examples import read_examples
from tests.journeys.house import ROOT

LANGUAGES = ("en", "es")
PHONES = 48
ORDER = ("greet", "ask_question", "ask_question", "find_resource", "ask_question",
         "voice_concern", "greet", "find_resource", "ask_question", "voice_concern")  # fmt: skip
"""What one phone writes, one after another; what follows a question of the bot's is taken as its answer."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text from one phone, and what its writer meant by it."""

    sender: str
    body: str
    intent: str


def conversations(seed: int, phones: int = PHONES) -> list[list[Text]]:
    """Ten texts from each phone, half of the phones English, half Spanish; no two bodies alike."""
    pools = {language: _pool(language, seed) for language in LANGUAGES}
    talks = []
    for number in range(phones):
        pool = pools[LANGUAGES[number % len(LANGUAGES)]]
        sender = f"+1510555{3000 + number:04d}"
        talks.append([Text(sender, next(pool[intent]), intent) for intent in ORDER])
    return talks


def singles(count: int, seed: int) -> list[Text]:
    """So many texts, each the first of its own phone: questions, concerns and needs, English and Spanish in turn."""
    intents = [intent for intent in dict.fromkeys(ORDER) if intent != "greet"]
    pools = {language: _pool(language, seed) for language in LANGUAGES}
    texts = []
    for number in range(count):
        intent = intents[number // len(LANGUAGES) % len(intents)]
        body = next(pools[LANGUAGES[number % len(LANGUAGES)]][intent])
        texts.append(Text(f"+1510556{number:04d}", body, intent))
    return texts


def mix(talks: Sequence[Sequence[Text]]) -> dict[str, int]:
    """How many texts of each intent, from how many phones, and how many bodies are different."""
    every = [text for talk in talks for text in talk]
    counts = {intent: sum(text.intent == intent for text in every) for intent in dict.fromkeys(ORDER)}
    different = len({text.body.casefold() for text in every})
    return {"texts": len(every), "phones": len(talks), "different": different, **counts}


def _pool(language: str, seed: int) -> dict[str, Iterator[str]]:
    """The examples of each intent in an order of their own for every seed, none twice."""
    examples = read_examples(ROOT / "nlu_data" / language)
    dice = random.Random(seed)
    pools = {}
    for intent in dict.fromkeys(ORDER):
        bodies = list({e.text.casefold(): e.text for e in examples if e.intent == intent}.values())
        dice.shuffle(bodies)
        pools[intent] = iter(bodies)
    return pools
