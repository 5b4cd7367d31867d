"""The keyword tables of every language, from nlu_data/lookups/<tag>.yml (Rasa's lookup format)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.model.errors import BadInput
from bot.model.yaml_text import read_yaml
from bot.understanding.cleaning import fold, forms, strip_accents
from bot.understanding.phrases import Phrases

COMMANDS = (
    "stop", "start", "help", "menu", "cancel", "back", "person", "repeat", "more", "skip", "yes", "no",
    "none", "confirm", "move", "last", "greeting", "thanks",
)  # fmt: skip
NUMBERS = {f"number_{digit}": digit for digit in range(1, 10)}
NAMES = "language_names"
SENTENCES = ("stop_sentence", "crisis", "harmless")
KNOWN = frozenset((*COMMANDS, *NUMBERS, NAMES, *SENTENCES))

LETTERS = {"c": "letter_c", "\u0441": "letter_c", "r": "letter_r", "x": "letter_x", "\u0445": "letter_x"}
"""Answers to a reminder; the second spellings are Cyrillic."""

ALWAYS = frozenset({"stop"})
"""Commands that count in any language, whatever the family's own is: a STOP must never be missed."""

REFUSALS = frozenset({"no", "none"})
"""Commands that a thank-you may stand beside."""

POLITELY = frozenset(
    {"cancel", "more", "back", "repeat", "skip", "person", "none", "move", "confirm", "last", *NUMBERS}
)
"""Commands that "please" may stand beside. A stop, a start and a call for help are only what the tables say."""

_PLEASE = re.compile(
    "^(?:please|pls|plz|por favor|sil vous plait|svp|пожалуйста|tanpri|fadlan|xin|lam on|من فضلك|لو سمحت|请|請) ?"
    "| ?(?:please|pls|plz|por favor|porfa|sil vous plait|svp|пожалуйста|tanpri|fadlan|souple|po|lam on|nhe|a|من فضلك"
    "|لو سمحت|주세요|해주세요|해 주세요)$"
)
"""On folded text without accents; blanks stand around it but in scripts without them."""

_SPACED = re.compile(r"[^\W\d_\u3400-\u9fff]")

_CHOICE = re.compile(
    r"(?:(?:the|la|el|le|a|o|ang)\s)?"
    r"(?:option|choice|number|num|nr|no|opcion|numer[oa]|nimewo|chwa|opcao|choix|lambarka|lambar|tirada"
    r"|so|lua chon|chon|opsyon|bilang|вариант|номер|رقم|الخيار|خيار|第|选|选项|選|번호)?\s?"
    r"(\d)\s?(?:번|번째|号|號|个|個|項|项|st|nd|rd|th|er|ere|eme|o|a|й|ый)?(?:\s(?:one|uno|una|opcion))?"
)
"""A digit with the words people put around it, after folding and without accents."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """All tables. `whole` maps a folded message to the commands it means, by language tag.

    `crises` knows the table `harmless`: phrases that hold a crisis phrase and mean none ("active shooter drill").
    """

    whole: Mapping[str, Mapping[str, frozenset[str]]]
    names: Mapping[str, str]
    named: Phrases
    stops: Phrases
    crises: Phrases
    thanks: tuple[str, ...]
    tags: tuple[str, ...]

    def commands(self, text: str, preferred: str) -> frozenset[str]:
        """The commands a whole message means: first by the family's own language and English, else by any.

        Words differ in meaning between languages, so another language's table speaks only where these are silent.
        """
        folded = fold(text)
        letter = LETTERS.get(folded)
        letters = frozenset({letter} if letter else ())
        accented = strip_accents(folded) != folded and any("LATIN" in unicodedata.name(c, "") for c in folded)
        for form in forms(text):
            by_tag = self.whole.get(form)
            if by_tag:
                own = by_tag.get(preferred, frozenset()) | by_tag.get("en", frozenset())
                everybody = frozenset().union(*by_tag.values())
                meant = (own | (everybody & ALWAYS)) if own else everybody
                # Who writes accents means them: "Dũng" is a name, only "dừng" and "dung" are a stop.
                return letters | (meant - ALWAYS if accented and form != folded else meant)
        return letters or self._declined(folded, preferred) or self._asked_politely(folded, preferred)

    def _asked_politely(self, folded: str, preferred: str) -> frozenset[str]:
        """What a message means without its "please": "the first one please", "cancela por favor"."""
        bare = strip_accents(folded)
        rest = _PLEASE.sub("", bare)
        return self.commands(rest, preferred) & POLITELY if rest and rest != bare else frozenset()

    def _declined(self, folded: str, preferred: str) -> frozenset[str]:
        """What a message that declines and thanks means: "nothing, thank you", "谢谢不用了"."""
        if not (folded.endswith(self.thanks) or folded.startswith(self.thanks)):
            return frozenset()
        for polite in self.thanks:
            for rest in (folded.removesuffix(polite), folded.removeprefix(polite)):
                apart = rest != rest.strip() or (rest != folded and not _SPACED.search(polite))
                if apart and self._of_one_language(rest.strip(), polite):
                    found = self.commands(rest.strip(), preferred)
                    if found & REFUSALS:
                        return found
        return frozenset()

    def _of_one_language(self, refusal: str, polite: str) -> bool:
        """Whether a language says both: "di" is a no in Filipino, and "say" in the Creole "di mèsi"."""
        thanking = {tag for tag, names in self.whole[polite].items() if "thanks" in names}
        return any(
            tag in thanking and names & REFUSALS
            for form in forms(refusal)
            for tag, names in self.whole.get(form, {}).items()
        )

    def number(self, text: str, preferred: str) -> int | None:
        """The choice, 1 to 9, that a whole message names: "2", "#2", "２)", "option 2", "the 2nd one please", "the second"."""
        bare = strip_accents(fold(text))
        found = _CHOICE.fullmatch(bare) or _CHOICE.fullmatch(_PLEASE.sub("", bare))
        if found:
            return unicodedata.digit(found.group(1)) or None
        digits = {NUMBERS[word] for word in self.commands(text, preferred) if word in NUMBERS}
        return digits.pop() if len(digits) == 1 else None

    def asks_to_stop(self, text: str) -> bool:
        """Whether a sentence plainly asks for a stop. One that names a language may ask for another one instead."""
        return self.stops.find(text) is not None and self.named.find(text) is None

    def language_named(self, text: str, *, whole: bool) -> str | None:
        """The tag of a language whose name the message is (`whole`) or holds; the longest name wins."""
        if whole:
            return next((self.names[form] for form in forms(text) if form in self.names), None)
        phrase = self.named.find(text)
        return self.names[phrase] if phrase else None


def load_lookups(folder: Path) -> Lookups:
    """Read every <tag>.yml of the folder. BadInput, with file and reason, when one cannot be used."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BadInput(f"{folder}: no lookup tables; nlu_data/lookups/<language>.yml must stand there")
    whole: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names: dict[str, str] = {}
    sentences: dict[str, list[str]] = {name: [] for name in SENTENCES}
    for file in files:
        for name, entry in entries(file):
            if name in SENTENCES:
                sentences[name].append(entry)
            elif name == NAMES:
                _add_name(names, entry, file)
            else:
                for form in forms(entry)[:2]:
                    whole[form][file.stem].add(name)
    return Lookups(
        {form: {tag: frozenset(found) for tag, found in by_tag.items()} for form, by_tag in whole.items()},
        names,
        Phrases(names),
        Phrases(sentences["stop_sentence"]),
        Phrases(sentences["crisis"], sentences["harmless"]),
        tuple(form for form, by_tag in whole.items() if any("thanks" in names for names in by_tag.values())),
        tuple(file.stem for file in files),
    )


def entries(file: Path) -> Iterator[tuple[str, str]]:
    """Every (table, entry) of one lookup file. BadInput when it is not Rasa's format or names an unknown table."""
    try:
        tables = read_yaml(file.read_text(encoding="utf-8"))["nlu"]
        pairs = [(str(table["lookup"]), str(table["examples"])) for table in tables]
    except (yaml.YAMLError, KeyError, TypeError, UnicodeError) as error:
        raise BadInput(f"{file}: not in Rasa's lookup format ({error!r})") from error
    for name, block in pairs:
        if name not in KNOWN:
            raise BadInput(f"{file}: unknown table {name!r}")
        for line in filter(str.strip, block.splitlines()):
            entry = line.strip().removeprefix("- ").strip()
            if not fold(entry):
                raise BadInput(f"{file}: table {name!r} has an entry without letters: {line!r}")
            yield name, entry


def _add_name(names: dict[str, str], entry: str, file: Path) -> None:
    tag, separator, name = (part.strip() for part in entry.partition("="))
    if not separator or not name:
        raise BadInput(f"{file}: language_names wants lines like '- es = Spanish', not {entry!r}")
    for form in forms(name)[:2]:
        names.setdefault(form, tag)
