"""Whether the trained archives belong to the files that stand there: hashes of both, kept beside the archives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from bot.model.errors import BadModel

ARCHIVES = {"nlu-e5.tar.gz": "config.yml", "nlu-sparse.tar.gz": "config.sparse.yml"}
"""Each trained archive and the pipeline it is made from."""

NOT_TRAINING = frozenset({"test", "lookups"})
"""Folders of nlu_data that no model is trained on."""

_CODE = tuple(
    f"bot/understanding/{name}.py"
    for name in ("e5_engine", "e5_text", "head_training", "intent_head", "letters", "rasa_components")
)
_RECORD = "models/trained_from.json"


def training_files(root: Path) -> list[Path]:
    """The examples: nlu_data/<language>/*.yml. BadModel when there are none."""
    folders = sorted(folder for folder in (root / "nlu_data").glob("*") if folder.is_dir())
    files = [
        file for folder in folders if folder.name not in NOT_TRAINING for file in sorted(folder.glob("*.yml"))
    ]
    if not files:
        raise BadModel(f"{root / 'nlu_data'}: no training examples")
    return files


def write_record(root: Path) -> None:
    """Note what the archives that stand there were trained from."""
    record = {"sources": _sources(root), "archives": _archives(root)}
    (root / _RECORD).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def check_record(root: Path) -> None:
    """BadModel, naming the files, unless the archives were trained from exactly what stands there."""
    try:
        record = json.loads((root / _RECORD).read_text(encoding="utf-8"))
        sources, archives = dict(record["sources"]), dict(record["archives"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModel(f"{_RECORD} is missing or broken ({error!r}); run `make train`") from error
    trouble = [*_differences(sources, _sources(root)), *_differences(archives, _archives(root))]
    if trouble:
        raise BadModel(
            "the trained model does not belong to these files; run `make train`\n  " + "\n  ".join(trouble)
        )


def _differences(recorded: dict[str, str], standing: dict[str, str]) -> Iterator[str]:
    for name in sorted(recorded.keys() | standing.keys()):
        if name not in standing:
            yield f"gone since training: {name}"
        elif name not in recorded:
            yield f"not trained on: {name}"
        elif recorded[name] != standing[name]:
            yield f"changed since training: {name}"


def _sources(root: Path) -> dict[str, str]:
    files = [root / name for name in (*ARCHIVES.values(), *_CODE)] + training_files(root)
    # Line ends are ignored: a checkout on Windows must not look like a change.
    return {
        _name(root, file): _digest(file.read_bytes().replace(b"\r\n", b"\n"))
        for file in files
        if file.is_file()
    }


def _archives(root: Path) -> dict[str, str]:
    files = [root / "models" / name for name in ARCHIVES]
    return {_name(root, file): _digest(file.read_bytes()) for file in files if file.is_file()}


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
