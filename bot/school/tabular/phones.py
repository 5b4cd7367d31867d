"""Telephone numbers as people type them → E.164."""

from __future__ import annotations

import re

import phonenumbers

_SEVERAL = re.compile(r"\s*(?:[;/|,\n]|\bor\b|&)\s*")


def read_phone(text: str, region: str) -> tuple[str | None, str | None]:
    """The number in E.164 (None: unusable) and the rule it breaks (None: none).

    Numbers need only be possible, not assigned: the reserved 555-01XX block is possible but not valid,
    and number plans change faster than libraries.
    """
    parts = [part for part in _SEVERAL.split(text) if part]
    if not parts:
        return None, None
    number, rule = _read_one(parts[0], region)
    if len(parts) > 1:
        return number, "phone-several" if number else rule
    return number, rule


def _read_one(text: str, region: str) -> tuple[str | None, str | None]:
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None, "phone"
    if parsed.extension:
        return None, "phone-extension"
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:  # a number without its area code is none
        return None, "phone"
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return number, None if number == text else "phone-format"
