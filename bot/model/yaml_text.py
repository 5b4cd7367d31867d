"""YAML read by the C library where it is installed: ten times as fast as in Python, and a start reads a megabyte."""

from __future__ import annotations

from typing import Any

import yaml

TOO_DEEP = "the lists or mappings are nested too deeply"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What a YAML text says, in plain values only; yaml.YAMLError where it is none."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 (both loaders are the safe ones)
    except RecursionError:
        raise yaml.YAMLError(TOO_DEEP) from None
