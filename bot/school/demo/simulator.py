"""The telephones the simulator shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.model.errors import BadInput
from bot.school.demo.files import read_yaml, take, take_words
from bot.school.roster.tables import CONTACTS, USERS
from bot.school.tabular.problems import Findings
from bot.school.tabular.table import read_table

_FILE = "simulator.yml"
_KINDS = ("family", "shared", "unknown", "staff")


@dataclass(frozen=True, slots=True)
class SimulatorPhone:
    """One telephone: its number (E.164), whose it is, and the language they write (a tag).

    `kind`: family, shared (several guardians), unknown (not in the roster) or staff.
    """

    number: str
    name: str
    language: str
    note: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    number: str | None
    language: str


@cache
def simulator_phones(folder: Path) -> tuple[SimulatorPhone, ...]:
    """The telephones of `simulator.yml` in the demo folder, families' from its roster, in the file's order.

    BadInput when a guardian is not in the roster, has no number, or does not share it with the others named.
    """
    people = _people(folder / "roster")
    return tuple(_phone(item, people) for item in take(read_yaml(folder / _FILE), "phones", list, _FILE))


def on_call_numbers(folder: Path) -> tuple[str, ...]:
    """The numbers of the demo's staff telephones: where alerts can be seen."""
    return tuple(phone.number for phone in simulator_phones(folder) if phone.kind == "staff")


def _people(roster: Path) -> dict[str, _Person]:
    unheard = Findings()  # the loader reports on these files; here they are only looked up
    languages = {
        row.guardian: row.language
        for row in reversed(read_table(CONTACTS, roster / "companion", unheard).rows)
        if row.language
    }
    return {
        user.source_id: _Person(
            name=f"{user.given_name} {user.family_name}".strip(),
            number=user.sms,
            language=languages.get(user.source_id) or user.language or "en",
        )
        for user in read_table(USERS, roster, unheard).rows
    }


def _phone(item: Any, people: dict[str, _Person]) -> SimulatorPhone:
    note = take(item, "note", str, _FILE, "")
    if "guardians" not in item:
        kind = take(item, "kind", str, _FILE, "unknown")
        if kind not in _KINDS:
            raise BadInput(f"{_FILE}: kind {kind!r} should be one of {', '.join(_KINDS)}.")
        number, name, language = (take(item, key, str, _FILE) for key in ("number", "name", "language"))
        return SimulatorPhone(number, name, language, note, kind)
    return _family_phone(take_words(item, "guardians", (), _FILE), note, people)


def _family_phone(names: list[str], note: str, people: dict[str, _Person]) -> SimulatorPhone:
    found = [people[name] for name in names if name in people]
    numbers = {person.number for person in found}
    number = numbers.pop() if len(numbers) == 1 else None
    if len(found) < len(names) or number is None:
        raise BadInput(f"{_FILE}: guardians {', '.join(names)} do not have one number in the roster.")
    kind = "shared" if len(found) > 1 else "family"
    return SimulatorPhone(number, ", ".join(person.name for person in found), found[0].language, note, kind)
