"""The fallback classifier: counts of words and of pieces of words, exactly as Rasa computes them.

For machines on which the embedding's native library cannot load. Source of the rules: Rasa 3.6.21
(WhitespaceTokenizer, CountVectorsFeaturizer; Apache-2.0) and scikit-learn 1.1.3 (CountVectorizer; BSD).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from bot.model.errors import BadModel
from bot.model.utterance import Parse
from bot.understanding.archive import Archive, Component, fallback_of, guarded, linear_of, read_archive
from bot.understanding.ranking import rank

_NOT_WORDS = re.compile(
    r"[^\w#@&]+(?=\s|$)|"
    r"(\s|^)[^\w#@&]+(?=[^0-9\s])|"
    r"(?<=[^0-9\s])[^\w._~:/?#\[\]()@!$&*+,;=-]+(?=[^0-9\s])"
)
_EMOJI = re.compile(
    "[\U0001f600-\U0001f64f\U0001f300-\U0001f5ff\U0001f680-\U0001f6ff\U0001f1e0-\U0001f1ff"
    "\U00002702-\U000027b0\U000024c2-\U0001f251\u200d\u200c]+"
)
_CIRCLED = re.compile("[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")
_NUMBER = re.compile(r"\b[0-9]+\b")
_WORD = re.compile(r"(?u)\b\w+\b")

Analyzer = Callable[[str], Iterator[str]]


def tokenize(text: str) -> list[str]:
    """Rasa's WhitespaceTokenizer: the words without outer punctuation; the whole text when nothing is left."""
    shadow = "".join(char if char.isascii() else _class(char) for char in text)
    kept, start = [], 0
    for gap in _NOT_WORDS.finditer(shadow):
        kept.append(text[start : gap.start()])
        start = gap.end()
    kept.append(text[start:])
    words = [word for word in " ".join(kept).split() if not _EMOJI.fullmatch(word)]
    return words or [text]


def _class(char: str) -> str:
    """A stand-in that Python's `re` classes as the `regex` module, which Rasa uses, classes the letter.

    `regex` takes marks (vowel signs) for parts of words and fractions for none; `re` sees it the other
    way round. Compared over all assigned characters: no difference is left.
    """
    if char.isspace():
        return " "
    kind = unicodedata.category(char)
    word = kind[0] in "LM" or kind in ("Nd", "Nl", "Pc") or char in "\u200c\u200d" or _CIRCLED.match(char)
    return "x" if word else "\u00a4"


class SparseModel:
    """Port IntentClassifier without any native library. Much weaker than the main one: it mostly falls back."""

    name = "rasa-sparse"
    ready = True

    def __init__(self, path: Path) -> None:
        """Read the archive at `path`. BadModel when it is missing or broken."""
        archive = read_archive(path)
        self._linear = linear_of(archive)
        self._fallback = fallback_of(archive)
        self._counters = guarded(path, lambda: _counters(archive))
        width = sum(len(vocabulary) for _, vocabulary in self._counters)
        if width != self._linear.weights.shape[1]:
            raise BadModel(f"{path}: weights and vocabulary differ in size; train again with `make train`")
        # Transposed once, so that a text picks few contiguous rows.
        self._rows = np.ascontiguousarray(self._linear.weights.T)
        self.detail = f"{path.name}, words only: the embedding library is not usable here"

    def parse(self, text: str) -> Parse:
        """Ranking of all intents, `nlu_fallback` first when unsure. No vector."""
        joined = " ".join(_NUMBER.sub("__NUMBER__", token).lower() for token in tokenize(text))
        hits, offset = [], 0
        for analyze, vocabulary in self._counters:
            hits += [offset + vocabulary[piece] for piece in analyze(joined) if piece in vocabulary]
            offset += len(vocabulary)
        scores = self._rows[hits].sum(axis=0) + self._linear.intercepts
        return rank(self._linear.classes, self._linear.probabilities(scores), self._fallback)


def _counters(archive: Archive) -> list[tuple[Analyzer, Mapping[str, int]]]:
    return [
        (_analyzer(part), part.json("vocabularies.json")["text"])
        for part in archive.of("CountVectorsFeaturizer")
    ]


def _analyzer(part: Component) -> Analyzer:
    """The way this component cuts a text, for the settings that config.sparse.yml uses."""
    config = part.config
    if config.get("OOV_token") or config.get("stop_words") or config.get("lowercase") is False:
        raise ValueError("CountVectorsFeaturizer with OOV words, stop words or letter case is not served")
    low, high = int(config.get("min_ngram", 1)), int(config.get("max_ngram", 1))
    cuts = {"word": _word_grams, "char_wb": _char_grams}
    cut = cuts[config.get("analyzer", "word")]
    if config.get("strip_accents") not in ("unicode", None):
        raise ValueError(f"strip_accents {config['strip_accents']!r} is not served")
    if not config.get("strip_accents"):
        return lambda text: cut(text, low, high)
    return lambda text: cut(_without_accents(text), low, high)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _word_grams(text: str, low: int, high: int) -> Iterator[str]:
    words = _WORD.findall(text)
    for size in range(low, high + 1):
        yield from (" ".join(words[i : i + size]) for i in range(len(words) - size + 1))


def _char_grams(text: str, low: int, high: int) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for size in range(low, high + 1):
            if len(padded) <= size:  # a short word counts once
                yield padded
                break
            yield from (padded[i : i + size] for i in range(len(padded) - size + 1))
