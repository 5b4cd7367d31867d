"""References of cases: short enough to read out on the telephone, checked against slips."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

LETTERS = "23456789CDFHJKMNPQRTVWX"
"""23 signs: none that look alike (0 O, 1 I L, B 8, S 5, Z 2, G 6, U V) and no vowels, so no words.

A prime number of signs lets the last one catch every single slip and every swap of neighbours.
"""

_BODY = 4
_TRIES = 8
_FOUND = re.compile(rf"HL[-\s]?([{LETTERS}]{{{_BODY + 1},{_BODY + 3}}})(?![0-9A-Z])", re.ASCII)


def new_reference(is_taken: Callable[[str], bool], pick: Callable[[str], str] = secrets.choice) -> str:
    """A reference like HL-7K3M2 that is not taken. Grows by a sign when the short ones run out."""
    for length in range(_BODY, _BODY + 3):
        for _ in range(_TRIES):
            body = "".join(pick(LETTERS) for _ in range(length))
            reference = f"HL-{body}{_check(body)}"
            if not is_taken(reference):
                return reference
    raise RuntimeError("no free case reference found")


def find_reference(text: str) -> str | None:
    """The first well-formed reference in a text, however it is written ("hl 7k3m2"); None when none is."""
    for match in _FOUND.finditer(text.upper()):
        signs = match.group(1)
        if _check(signs[:-1]) == signs[-1]:
            return f"HL-{signs}"
    return None


def _check(body: str) -> str:
    return LETTERS[sum(weight * LETTERS.index(sign) for weight, sign in enumerate(body, 1)) % len(LETTERS)]
