"""Short texts that were never trained on, by what a test asks of them: a line each, `language[ intent]: text`.

`labels.txt` is there only so that `make train` keeps the vectors of what flows and buttons are called: a test asks the
model about all of them as they are today, and embeds itself what is not among those kept.
"""

from __future__ import annotations

from tests.understanding.conftest import ROOT

FOLDER = ROOT / "tests" / "held_out" / "short"


def short_texts(name: str) -> list[tuple[str, str]]:
    """What stands before the text, and the text, of each line of a file there."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(about, text) for about, _, text in (line.partition(": ") for line in lines)]
