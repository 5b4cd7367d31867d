"""Keys of rows as addresses and forms name them. What no table can hold as a key is none."""

from __future__ import annotations

import re

from werkzeug.routing import IntegerConverter

DIGITS = r"[0-9]{1,18}"


class KeyConverter(IntegerConverter):
    """`<key:…>` in the address of a page."""

    regex = DIGITS


def read_key(given: int | str) -> int:
    """The key as a number, where a number or its digits are given. ValueError when it is none."""
    if not re.fullmatch(DIGITS, str(given)):
        raise ValueError("not a key")
    return int(given)


def key_or_none(text: str | None) -> int | None:
    """The key that a text names, if it names one."""
    try:
        return read_key(text or "")
    except ValueError:
        return None
