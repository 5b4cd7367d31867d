"""Figures on held-out texts: what the line would decide, per language and per intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.model.utterance import FALLBACK, INTENTS, Utterance
from bot.understanding.examples import Example
from bot.understanding.understand import Understander

OUT = "out_of_scope"
CRISIS = "crisis"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One held-out text: what was meant, what was decided, and the best guess without any threshold."""

    example: Example
    decided: str
    best: str

    @property
    def kept(self) -> bool:
        """True when the line acts on an intent (no fallback)."""
        return self.decided != FALLBACK

    @property
    def right(self) -> bool:
        """True when what was decided is what was meant."""
        return self.decided == self.example.intent


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1 over a set of verdicts; None where there is nothing to count."""

    texts: int
    best_right: float | None  # of those in scope: the likeliest intent is the meant one, alarms or not
    kept: float | None  # of those in scope: acted on
    right_of_kept: float | None
    routed_wrong: float | None  # of those in scope: acted on as something else
    out_caught: float | None  # of those out of scope: called so, or not acted on
    crisis_caught: float | None
    false_alarms: float | None  # of those without a crisis


def judge(
    understander: Understander, examples: Iterable[Example], *, stored: str | None = None
) -> list[Verdict]:
    """Run every text; the family's stored language is the text's own, or `stored` for all."""
    verdicts = []
    for example in examples:
        preferred = example.language if stored is None else stored
        utterance = understander.understand(example.text, preferred=preferred)
        verdicts.append(Verdict(example, utterance.intent.name, _best(utterance)))
    return verdicts


def _best(utterance: Utterance) -> str:
    if utterance.decision in ("model", "fallback", "crisis_model") and utterance.ranking:
        return utterance.ranking[0].name
    return utterance.intent.name


def figures(verdicts: Sequence[Verdict]) -> Figures:
    """The figures of one set."""
    inside = [v for v in verdicts if v.example.intent != OUT]
    outside = [v for v in verdicts if v.example.intent == OUT]
    kept = [v for v in inside if v.kept]
    danger = [v for v in verdicts if v.example.intent == CRISIS]
    calm = [v for v in verdicts if v.example.intent != CRISIS]
    return Figures(
        len(verdicts),
        _share(v.best == v.example.intent for v in inside),
        _share(v.kept for v in inside),
        _share(v.right for v in kept),
        _share(v.kept and not v.right for v in inside),
        _share(not v.kept or v.right for v in outside),
        _share(v.decided == CRISIS for v in danger),
        _share(v.decided == CRISIS for v in calm),
    )


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


def report(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The lines that `nlu test` prints."""
    columns = "texts  best  kept right wrong   oos crisis alarms"
    yield f"{'language':<20}{columns}"
    for tag in sorted({v.example.language for v in verdicts}):
        yield _row(tag, [v for v in verdicts if v.example.language == tag])
    yield _row("all", verdicts)
    yield ""
    yield f"{'intent':<20}{columns}"
    known = {v.example.intent for v in verdicts}
    for intent in [*(name for name in INTENTS if name in known), *sorted(known.difference(INTENTS))]:
        yield _row(intent, [v for v in verdicts if v.example.intent == intent])
    yield ""
    yield "most frequent confusions (meant -> decided)"
    wrong = Counter((v.example.intent, v.decided) for v in verdicts if v.kept and not v.right)
    for (meant, decided), count in wrong.most_common(12):
        yield f"{count:>5}  {meant} -> {decided}"
    yield ""
    yield "best: likeliest intent is right, in scope, no threshold. kept: acted on. right: of the kept. wrong: acted"
    yield "on as something else. oos: out of scope caught. crisis: caught. alarms: false ones. Shares in per cent."


def _row(name: str, verdicts: Sequence[Verdict]) -> str:
    found = figures(verdicts)
    shares = (found.best_right, found.kept, found.right_of_kept, found.routed_wrong, found.out_caught,
              found.crisis_caught, found.false_alarms)  # fmt: skip
    cells = ("    –" if share is None else f"{100 * share:5.1f}" for share in shares)
    return f"{name:<20}{found.texts:>5} " + " ".join(cells)
