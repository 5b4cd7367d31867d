"""HTML as it turns up in descriptions → plain text that can be texted."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BREAKS = frozenset("p br div li ul ol tr table section h1 h2 h3 h4 h5 h6".split())
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})


class _Words(HTMLParser):
    """Keeps what a reader would see, with a line break where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a break, or that what follows is not for readers."""
        self._hidden += tag in _UNSEEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The same at the end of the element."""
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Text: kept unless hidden."""
        if not self._hidden:
            self.parts.append(data)


def strip_markup(text: str) -> str:
    """The words of `text`, entities resolved, one blank between words, blocks on lines of their own.

    A lone `<` that opens no tag ("children < 5") stays.
    """
    if "<" not in text and "&" not in text:
        return text.strip()
    words = _Words()
    words.feed(text)
    words.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
