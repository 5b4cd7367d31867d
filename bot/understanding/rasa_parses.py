"""Rasa's own answers, for the parity tests. Runs in the Rasa environment (Python 3.10), never in the product.

`python rasa_parses.py ARCHIVE…`: a JSON list of texts on standard input; on standard output, for every text, one
JSON line with each archive's best intent, its confidence and the first of its ranking, and the vector they stand on:
processors embed a little differently (`embedding.py`), so answers are compared on the vectors of the machine that trained.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from rasa.core.agent import Agent

from bot.understanding.rasa_components import embed

TOP = 4
"""Places of the ranking that are kept."""


async def parses(archive: str, texts: list[str]) -> list[dict[str, Any]]:
    """What the trained model says of each text, through Rasa's own way of serving."""
    agent = Agent.load(archive)
    return [_short(await agent.parse_message(text)) for text in texts]


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "intent": answer["intent"]["name"],
        "confidence": float(answer["intent"]["confidence"]),
        "top": [[item["name"], float(item["confidence"])] for item in answer["intent_ranking"][:TOP]],
    }


def _packed(vector: Any) -> str:
    """Its direction in 16 bits a number, base64: a vector's length is always 1."""
    steps = np.rint(vector * (32767 / abs(vector).max())).astype("<i2")
    return base64.b64encode(steps.tobytes()).decode("ascii")


def main(archives: list[str]) -> None:
    """Read the texts, ask every archive, write the lines."""
    # Without this Rasa prints every text at debug level, on standard output.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=open(os.devnull, "w")))
    texts = json.load(sys.stdin)
    answers = {Path(archive).name: asyncio.run(parses(archive, texts)) for archive in archives}
    for place, text in enumerate(texts):
        said = {name: found[place] for name, found in answers.items()}
        line = {"text": text, "vector": _packed(embed(text)), **said}
        sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
