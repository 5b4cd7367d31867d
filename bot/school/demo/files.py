"""The demo's own YAML files, read strictly: a wrong key is named, with its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.model import yaml_text
from bot.model.errors import BadInput

V = TypeVar("V")


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in `path`. BadInput when it is missing, no YAML, or no mapping."""
    try:
        content = yaml_text.read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise BadInput(f"{path}: it should hold keys and values.")
    return content


def take(item: Any, key: str, kind: type[V], file: str, otherwise: V | None = None) -> V:
    """The value of `key`, which must be of `kind`. BadInput names file and key when it is not."""
    value = item.get(key, otherwise) if isinstance(item, dict) else None
    if not isinstance(value, kind):
        raise BadInput(f"{file}: {key} is missing or not a {kind.__name__}: {value!r}")
    return value


def take_words(item: Any, key: str, allowed: Sequence[str], file: str) -> list[str]:
    """The list of words under `key`, each one of `allowed` (any word when that is empty)."""
    words = take(item, key, list, file)
    for word in words:
        if not isinstance(word, str) or (allowed and word not in allowed):
            raise BadInput(f"{file}: {key} holds {word!r}; it may hold {', '.join(allowed) or 'words'}.")
    return words
