"""`python -m bot.understanding.report`: what each part of the model is worth, as a page and pictures. `make train-report`.

Trains smaller models beside the shipped one (about twenty minutes on one core) and writes docs/understanding-report.md
and docs/pictures/nlu/. Everything is measured on nlu_data/test, without tables and thresholds unless a table says so.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import click
import numpy as np

from bot import charts
from bot.model.utterance import FALLBACK, INTENTS
from bot.understanding.embedding import shared_embedder
from bot.understanding.evaluation import Verdict, figures, judge
from bot.understanding.examples import Example, read_examples
from bot.understanding.head_training import Recipe, train_head
from bot.understanding.intent_head import Head
from bot.understanding.letters import with_bare_copies
from bot.understanding.loading import MAIN
from bot.understanding.lookups import load_lookups
from bot.understanding.rasa_model import QueryEmbedder, RasaModel
from bot.understanding.trained_from import training_files
from bot.understanding.understand import Understander

ROOT = Path(__file__).resolve().parents[2]
SMALL = Recipe(landmarks=1500, rounds=80)
"""For comparisons: half as good a teacher, a quarter of the time."""

OFF = 1e-6
"""A scale that takes a view of the text away."""

SHARES = (1 / 8, 1 / 4, 1 / 2, 1.0)
"""Parts of the training texts in the learning curve."""

Right = list[bool]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is learnt from and what is asked."""

    training: Sequence[Example]
    asked: Sequence[Example]
    embedder: QueryEmbedder


class Remembering:
    """An embedder that is asked once for each text: every variant is trained on the same ones."""

    def __init__(self, embedder: QueryEmbedder) -> None:
        """Keep everything `embedder` says."""
        self.query = cache(embedder.query)


@click.command()
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, hidden=True)
def main(root: Path) -> None:
    """Measure the model and write the report."""
    write_report(root, shared_embedder(), SMALL)


def write_report(root: Path, embedder: QueryEmbedder, recipe: Recipe) -> None:
    """The page and its pictures below `root`/docs. BadModel when the archive cannot be used."""
    embedder = Remembering(embedder)
    training = [one for folder in _folders(root) for one in read_examples(folder)]
    ground = Ground(training, read_examples(root / "nlu_data" / "test"), embedder)
    shipped = RasaModel(root / "models" / MAIN, embedder)
    guesses = [_best(shipped, example.text) for example in ground.asked]
    lookups = load_lookups(root / "nlu_data" / "lookups")
    verdicts = judge(Understander(shipped, lookups), ground.asked)
    pictures = root / "docs" / "pictures" / "nlu"
    pictures.mkdir(parents=True, exist_ok=True)
    bins = list(_bins(ground.asked, guesses))
    (pictures / "reliability.svg").write_text(charts.reliability("Right when this sure", bins))
    (pictures / "confusion.svg").write_text(_confusion(ground.asked, guesses))
    parts = {name: _rights(ground, ground.training, made) for name, made in _variants(recipe)}
    parts["shipped"] = [
        name == example.intent for example, (name, _) in zip(ground.asked, guesses, strict=True)
    ]
    curve = {share: _rights(ground, _part(training, share), recipe) for share in SHARES[:-1]} | {
        1.0: parts["both"]
    }
    (pictures / "learning.svg").write_text(_learning(ground, curve))
    page = "\n".join(_page(ground, verdicts, parts, bins))
    (root / "docs" / "understanding-report.md").write_text(page + "\n", encoding="utf-8")


def _folders(root: Path) -> list[Path]:
    return sorted({file.parent for file in training_files(root)})


def _best(model: RasaModel, text: str) -> tuple[str, float]:
    found = next(guess for guess in model.parse(text).ranking if guess.name != FALLBACK)
    return found.name, found.confidence


def _variants(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    yield "embedding", replace(recipe, letter_scale=OFF)
    yield "letters", replace(recipe, scale=OFF)
    yield "both", recipe


def _part(training: Sequence[Example], share: float) -> list[Example]:
    """A fixed part of every intent's texts, at least one of each; their letters alone decide which."""
    order = sorted(training, key=lambda one: sha256(one.text.encode()).digest())
    left = {name: math.ceil(share * count) for name, count in Counter(one.intent for one in order).items()}
    found = []
    for one in order:
        if left[one.intent] > 0:
            left[one.intent] -= 1
            found.append(one)
    return found


def _rights(ground: Ground, training: Sequence[Example], recipe: Recipe) -> Right:
    pairs = with_bare_copies({example.text: example.intent for example in training})
    vectors = np.stack([ground.embedder.query(text) for text in pairs])
    head = train_head(list(pairs), list(pairs.values()), vectors, recipe)
    return [_says(head, example, ground.embedder) == example.intent for example in ground.asked]


def _says(head: Head, example: Example, embedder: QueryEmbedder) -> str:
    shares = head.probabilities(example.text, embedder.query(example.text))
    return head.classes[int(shares.argmax())]


def _bins(
    asked: Sequence[Example], guesses: Sequence[tuple[str, float]]
) -> Iterator[tuple[float, float, int]]:
    for tenth in range(10):
        inside = [
            (sure, name == one.intent)
            for one, (name, sure) in zip(asked, guesses, strict=True)
            if tenth == min(int(sure * 10), 9)
        ]
        if inside:
            sure, right = np.mean(np.array(inside, dtype=float), axis=0)
            yield float(sure), float(right), len(inside)


def _confusion(asked: Sequence[Example], guesses: Sequence[tuple[str, float]]) -> str:
    found = Counter((one.intent, name) for one, (name, _) in zip(asked, guesses, strict=True))
    known = [name for name in INTENTS if any(name in pair for pair in found)]
    table = [[found[meant, read] for read in known] for meant in known]
    return charts.confusion("Meant (rows), likeliest (columns), held-out texts", known, table)


def _learning(ground: Ground, curve: dict[float, Right]) -> str:
    tags = sorted({one.language for one in ground.asked})
    last = curve[1.0]
    worst = sorted(tags, key=lambda tag: _share(ground, last, "language", tag) or 0)[:2]
    series: dict[str, Sequence[float]] = {"all": [float(np.mean(right)) for right in curve.values()]}
    for tag in worst:
        series[tag] = [_share(ground, right, "language", tag) or 0.0 for right in curve.values()]
    names = [f"{100 * share:.0f} %" for share in curve]
    return charts.lines("Right on held-out texts by share of the training texts", names, series, low=0.4)


def _share(ground: Ground, rights: Right, field: str, value: str) -> float | None:
    hits = [right for one, right in zip(ground.asked, rights, strict=True) if getattr(one, field) == value]
    return float(np.mean(hits)) if hits else None


def _page(
    ground: Ground,
    verdicts: Sequence[Verdict],
    parts: dict[str, Right],
    bins: Sequence[tuple[float, float, int]],
) -> Iterator[str]:
    error = sum(count * abs(sure - right) for sure, right, count in bins) / max(len(ground.asked), 1)
    yield "# What the model is worth, measured\n"
    yield "Written by `make train-report`; what it means: [understanding.md](understanding.md). "
    yield f"{len(ground.training)} training texts, {len(ground.asked)} held-out texts by other hands. Per cent.\n"
    yield "## Parts of the model"
    yield "Likeliest intent right, no tables, no threshold. *embedding*, *letters* and *both* are trained smaller than"
    yield "what is shipped, to be compared with each other.\n"
    yield from _ablation(ground, parts, "language", sorted({one.language for one in ground.asked}))
    yield ""
    yield from _ablation(ground, parts, "intent", [name for name in INTENTS])
    yield "\n## Learning curve\n\n![learning curve](pictures/nlu/learning.svg)\n"
    yield f"## Is it as sure as it is right?\n\nExpected calibration error: {100 * error:.1f}.\n"
    yield "![reliability](pictures/nlu/reliability.svg)\n"
    yield "## What is taken for what\n\n![confusion](pictures/nlu/confusion.svg)\n"
    yield "Acted on wrongly, with tables and thresholds, most frequent first:\n"
    wrong = Counter((v.example.intent, v.decided) for v in verdicts if v.kept and not v.right)
    yield from (f"* {meant} → {decided}: {count}" for (meant, decided), count in wrong.most_common(12))
    found = figures(verdicts)
    yield f"\nOf those in scope {100 * (found.routed_wrong or 0):.1f} were acted on wrongly in all."


def _ablation(ground: Ground, parts: dict[str, Right], field: str, values: Sequence[str]) -> Iterator[str]:
    yield f"| {field} | " + " | ".join(parts) + " |"
    yield "|---" * (len(parts) + 1) + "|"
    for value in values:
        shares = [_share(ground, rights, field, value) for rights in parts.values()]
        yield f"| {value} | " + " | ".join("–" if s is None else f"{100 * s:.1f}" for s in shares) + " |"
    if field == "language":
        yield "| all | " + " | ".join(f"{100 * float(np.mean(r)):.1f}" for r in parts.values()) + " |"


if __name__ == "__main__":
    main()
