"""How a text becomes the model's features: shared by Rasa's side (Python 3.10) and the served side.

Nothing of the app may be imported here, and no syntax newer than Python 3.10 be used: `rasa train`
imports this module. One line changed here makes the trained archives stale (train --check says so).
"""

from __future__ import annotations

from typing import Any

import numpy as np

CUT = 300
"""Characters that are embedded. The time grows with the length: 1,600 words would take seconds."""

PROBE = "query probe: ¿a qué hora abre la escuela? 学校几点开门 متى تفتح المدرسة"
"""A fixed text, embedded at training and again at load: tells whether both sides embed alike."""


def prepare(text: str) -> str:
    """The text as it is embedded: cut, without NUL (the C library would stop there), lower-case, cut again.

    Cut twice: the first bounds the work, the second the result ("İ".lower() has two characters).
    """
    return text[:CUT].replace("\0", " ").lower()[:CUT]


def features(vectors: Any, mean: Any, scale: float) -> Any:
    """Unit embeddings (n, d) to what the classifier reads: minus the training mean, length 1, times `scale`.

    Centring spreads the vectors, which E5 leaves in a narrow cone; the scale stands in for
    the regularisation constant, which Rasa's LogisticRegressionClassifier does not let us set.
    """
    centred = np.asarray(vectors, dtype=np.float32) - np.asarray(mean, dtype=np.float32)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return (centred / np.maximum(lengths, np.float32(1e-6)) * np.float32(scale)).astype(np.float32)
