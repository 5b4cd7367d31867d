"""From probabilities to a Parse, by the rules of Rasa's own intent classifiers and of its FallbackClassifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model.utterance import FALLBACK, IntentGuess, Parse
from bot.understanding.archive import Fallback


def rank(classes: Sequence[str], probabilities: Any, fallback: Fallback, vector: Any = None) -> Parse:
    """Best first; `nlu_fallback` with the threshold as its confidence in front when the model is not sure.

    Equal confidences keep the order of the classes, as in Rasa.
    """
    guesses = [IntentGuess(name, float(share)) for name, share in zip(classes, probabilities, strict=True)]
    guesses.sort(key=lambda guess: -guess.confidence)
    first, second = guesses[0], guesses[1]
    # The same subtraction as Rasa's, so that borderline texts fall to the same side.
    if first.confidence < fallback.threshold or first.confidence - second.confidence < fallback.ambiguity:
        guesses.insert(0, IntentGuess(FALLBACK, fallback.threshold))
    return Parse(guesses[0], tuple(guesses), vector)
