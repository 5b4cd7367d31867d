"""A telephone number in a text, in the form carriers want it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

REGION = "US"
"""Where a number without a country's prefix belongs."""

_LIKELY = re.compile(r"\+?\(?\d[\d\s().\-–]{5,20}\d")
_LOCAL = re.compile(r"(?<!\d)(\d{3})[\s.\-–]?(\d{4})(?!\d)")
_AREA = re.compile(r"(?<!\d)\(?([2-9]\d\d)\)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, and how it was written."""

    number: str
    written: str


def read_phone(text: str) -> Phone | None:
    """The first telephone number of a text; one given in two pieces, with its area code apart, counts too."""
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)
    for found in _LIKELY.finditer(plain):
        number = _possible(found.group())
        if number is not None:
            return Phone(number, text[found.start() : found.end()])
    local = _LOCAL.search(plain)
    if local is None:
        return None
    areas = [a for a in _AREA.finditer(plain) if a.end() <= local.start() or a.start() >= local.end()]
    number = _possible(areas[0].group(1) + local.group(1) + local.group(2)) if len(areas) == 1 else None
    start, end = (
        min(local.start(), areas[0].start()) if areas else 0,
        max(local.end(), areas[0].end()) if areas else 0,
    )
    return Phone(number, text[start:end]) if number is not None else None


def _possible(written: str) -> str | None:
    try:
        parsed = phonenumbers.parse(written, REGION)
    except phonenumbers.NumberParseException:
        return None
    possible = (
        phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if possible else None
