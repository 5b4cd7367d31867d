"""Reads one YAML file into plain mappings and lists that remember their lines.

YAML 1.2 words only: `yes`, `no`, `on`, times and dates stay text, as Rasa reads them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.faults import Faults, Place
from bot.model.yaml_text import TOO_DEEP

_BASE: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the C parser, where it was built: 10 times faster


class LinedMap(dict[str, Any]):
    """A mapping with its first line and the line of each of its keys."""

    line: int = 1

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Where `key` stands; the mapping's own line if it has no such key."""
        return self.lines.get(key, self.line)


class LinedList(list[Any]):
    """A list with its first line."""

    line: int = 1


class _Loader(_BASE):  # type: ignore[misc]  # the base is chosen at run time
    """Safe, keeps lines, notes a key that stands twice (YAML itself would silently drop the first)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}
    twice: list[tuple[str, int]]

    def map_lines(self, node: yaml.MappingNode) -> LinedMap:
        """Construct a mapping."""
        found = LinedMap()
        found.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            name = str(key) if isinstance(key, Hashable) else repr(key)
            if name in found:
                self.twice.append((name, line))
            found[name] = self.construct_object(value_node, deep=True)
            found.lines[name] = line
        return found

    def list_lines(self, node: yaml.SequenceNode) -> LinedList:
        """Construct a list."""
        found = LinedList(self.construct_object(child, deep=True) for child in node.value)
        found.line = node.start_mark.line + 1
        return found


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.map_lines)
_Loader.add_constructor("tag:yaml.org,2002:seq", _Loader.list_lines)
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def read_flow_file(path: Path, faults: Faults) -> LinedMap:
    """The content of a flow file. What cannot be read is noted in `faults` and comes back empty."""
    place = Place(f"{path.parent.name}/{path.name}")
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        loader.twice = []
        content = loader.get_single_data()
    except OSError as error:
        faults.add(place, f"the file cannot be read: {error.strerror}")
        return LinedMap()
    except RecursionError:
        faults.add(place, f"not readable as YAML: {TOO_DEEP}")
        return LinedMap()
    except UnicodeDecodeError:
        faults.add(place, "the file is not UTF-8 text")
        return LinedMap()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        faults.add(place.at(line=mark.line + 1 if mark else 1), f"not readable as YAML: {reason}")
        return LinedMap()
    for key, line in loader.twice:
        faults.add(place.at(line=line), f"the key `{key}` stands here twice")
    if content is None:
        return LinedMap()
    if not isinstance(content, LinedMap):
        faults.add(place, "the file must be a mapping of flows, slots and responses")
        return LinedMap()
    return content
