"""Files stay short, functions too, and nobody takes a dozen parameters."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    p
    for p in [
        *ROOT.glob("bot/**/*.py"),
        ROOT / "server.py",
        *ROOT.glob("bench/**/*.py"),
        *ROOT.glob("chaos/**/*.py"),
    ]
    if "versions" not in p.parts
)
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 50, 6


@cache
def _functions() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node))
    return found


def test_no_file_is_longer_than_300_lines() -> None:
    assert SOURCES
    long = [
        str(p.relative_to(ROOT))
        for p in SOURCES
        if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ]
    assert long == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        name for name, node in _functions() if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_function_takes_more_than_six_parameters() -> None:
    def count(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        return len([n for n in names if n not in ("self", "cls")])

    # An enqueue or a parse result names what it needs; constructors of wiring take keyword arguments only.
    wide = [name for name, node in _functions() if count(node) > MOST_PARAMETERS and node.name != "__init__"]
    assert wide == []


def test_no_module_is_called_utils_helpers_or_manager() -> None:
    bad = [
        str(p.relative_to(ROOT))
        for p in SOURCES
        if p.stem in {"utils", "helpers", "manager", "util", "common", "misc"}
    ]
    assert bad == []


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    silent = []
    for path in SOURCES:
        if "bench" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if ast.get_docstring(tree) is None and path.read_text(encoding="utf-8").strip():
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and ast.get_docstring(node) is None
            ):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []
