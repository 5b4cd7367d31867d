"""Reads the text of a condition: a recursive-descent parser for

either     = both {"or" both}
both       = plain {"and" plain}
plain      = "not" plain | comparison
comparison = value [relation value]
value      = "(" either ")" | "slots." name | "context." name | number | "text" | true | false | null
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.conversation.conditions import RELATIONS, Comparison, Condition, Junction, Literal, Name, Term
from bot.model.dialogue import SlotValue
from bot.model.errors import BadInput

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"""
    r"""|(?P<word>[A-Za-z_][\w.]*)|(?P<sign>>=|<=|!=|[><=()]))"""
)
_WORDS: Mapping[str, SlotValue] = {"true": True, "false": False, "null": None, "none": None}
_DEEPEST = 30  # parentheses and `not`s within one another; a condition nobody can read any more


def parse_condition(source: str) -> Condition:
    """The condition in `source`. BadInput says what is wrong with it."""
    parser = _Parser(source)
    root = parser.either()
    if parser.tokens:
        raise BadInput(f"`{parser.tokens[0]}` was not expected here")
    return Condition(source, root)


def _split(source: str) -> list[str]:
    tokens, at = [], 0
    while source[at:].strip():
        found = _TOKEN.match(source, at)
        if found is None:
            raise BadInput(f"`{source[at:].strip()}` cannot be read")
        tokens.append(found.group().strip())
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens = _split(source)
        self.depth = 0

    def either(self) -> Term:
        """Terms joined by `or`."""
        return self._joined("or", self.both)

    def both(self) -> Term:
        """Terms joined by `and`."""
        return self._joined("and", self.plain)

    def plain(self) -> Term:
        """A comparison, or the opposite of one."""
        if self._next() == "not":
            self._take()
            self._deeper()
            return Junction("not", (self.plain(),))
        return self.comparison()

    def comparison(self) -> Term:
        """A value, alone or compared with another."""
        left = self.value()
        relation = self._next()
        if relation not in RELATIONS:
            return left
        self._take()
        if relation == "is" and self._next() == "not":
            relation = f"is {self._take()}"
        right = self.value()
        if relation == "matches":
            _check_pattern(right)
        return Comparison(relation, left, right)

    def value(self) -> Term:
        """A name, a literal, or a condition in parentheses."""
        token = self._take()
        if token == "(":
            self._deeper()
            inside = self.either()
            if self._take() != ")":
                raise BadInput("a parenthesis is not closed")
            return inside
        if token[0] in "\"'":
            return Literal(token[1:-1])
        if token[0].isdigit() or token[0] == "-":
            return Literal(float(token) if "." in token else int(token))
        if token in _WORDS:
            return Literal(_WORDS[token])
        of, dot, name = token.partition(".")
        if of in ("slots", "context") and name.isidentifier():
            return Name(of, name)
        raise BadInput(
            f"`{token}` is no value: write slots.x, context.x, a number, true, false, null or a text in quotes"
        )

    def _joined(self, word: str, inner: Callable[[], Term]) -> Term:
        terms = [inner()]
        while self._next() == word:
            self._take()
            terms.append(inner())
        return terms[0] if len(terms) == 1 else Junction(word, tuple(terms))

    def _next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def _take(self) -> str:
        if not self.tokens:
            raise BadInput("it ends too early")
        return self.tokens.pop(0)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadInput("it is nested too deep")


def _check_pattern(term: Term) -> None:
    if not isinstance(term, Literal) or not isinstance(term.literal, str):
        raise BadInput("`matches` needs a pattern in quotes")
    try:
        re.compile(term.literal)
    except re.error as error:
        raise BadInput(f"the pattern {term.literal!r} is not a regular expression: {error}") from error
