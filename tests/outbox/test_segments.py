"""What texts cost, as carriers count."""

from __future__ import annotations

import pytest

from bot.outbox.segments import GSM7, UCS2, alphabet_of, count_segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("👋" * 35, 1),
        ("👋" * 36, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 1600, 11),
        ("ж" * 1600, 24),
        ("a" * 152 + "€" + "a" * 150, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ж" * 66 + "👋" + "ж" * 65, 2),
        ("ж" * 66 + "👋" + "ж" * 66, 3),
    ],
)
def test_parts_are_counted_as_observed_at_the_carrier(text: str, parts: int) -> None:
    assert count_segments(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Hello @£$¥!",
        "é ñ ü ¿ ¡ à è ì ò ù Ä Ö Ñ Ü",
        "Δ Φ Γ Λ Ω Π Ψ Σ Θ Ξ",
        "[x] {y} ~ | ^ \\ €",
        "line\r\nline",
    ],
)
def test_these_stay_in_seven_bits(text: str) -> None:
    assert alphabet_of(text) is GSM7


@pytest.mark.parametrize(
    "text",
    ["á", "í", "ó", "ú", "ã", "ç", "ê", "`", "\t", "“quote”", "–", "…", "\u00a0", "Привет", "مرحبا", "👋"],
)
def test_one_of_these_moves_the_whole_text_to_sixteen_bits(text: str) -> None:
    assert alphabet_of(f"plain {text}") is UCS2
