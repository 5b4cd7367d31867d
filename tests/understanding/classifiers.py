"""Classifiers for tests: one that always says the same, one that knows a word, two that fail."""

from __future__ import annotations

from bot.model.errors import BadModel
from bot.model.utterance import IntentGuess, Parse, Utterance
from bot.understanding.lookups import Lookups
from bot.understanding.understand import Understander


class FixedClassifier:
    """Answers every text with the same shares and remembers what it was asked."""

    name = "fixed"

    def __init__(self, *, unsure: bool = False, **shares: float) -> None:
        self.asked: list[str] = []
        guesses = [IntentGuess(name, share) for name, share in shares.items()]
        first = IntentGuess("nlu_fallback", 0.5) if unsure else guesses[0]
        self._parse = Parse(first, tuple([first, *guesses] if unsure else guesses), "the vector")

    def parse(self, text: str) -> Parse:
        """Always the same."""
        self.asked.append(text)
        return self._parse


class MissingModel:
    """A classifier without a model."""

    name = "none"

    def parse(self, text: str) -> Parse:
        """Always fails."""
        raise BadModel("no model")


class BrokenClassifier:
    """A classifier with a fault of its own."""

    name = "broken"

    def parse(self, text: str) -> Parse:
        """Always fails, with what nobody expects."""
        raise ValueError(f"cannot read {text}")


class WordClassifier:
    """Sees a crisis in a text that holds the word."""

    name = "words"

    def parse(self, text: str) -> Parse:
        """0.9 where the word is."""
        share = 0.9 if "hurting" in text else 0.0
        guesses = (IntentGuess("voice_concern", 0.95 - share), IntentGuess("crisis", share))
        return Parse(guesses[0], guesses)


def understand(
    text: str, lookups: Lookups, classifier: object | None = None, preferred: str = "en"
) -> Utterance:
    """One text through an Understander; the model must not be needed unless one is given."""
    return Understander(classifier or MissingModel(), lookups).understand(text, preferred=preferred)  # type: ignore[arg-type]
