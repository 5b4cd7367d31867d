"""`flows check` and `flows graph`: what an author of flows needs at the terminal."""

from __future__ import annotations

import ast
from pathlib import Path

import click

from bot.conversation.graph import draw
from bot.conversation.loading import FlowSet, load_flows
from bot.model.errors import HomelineError

ROOT = Path(__file__).parents[2]
FLOWS = ROOT / "flows"
ACTIONS = ROOT / "bot" / "actions"


@click.group()
def flows() -> None:
    """The conversations in flows/."""


@flows.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FLOWS)
def check(folder: Path) -> None:
    """Say everything that is wrong with the flow files of FOLDER (default: flows/)."""
    found = _load(folder)
    counts = f"{len(found.flows)} flows, {len(found.slots)} slots, {len(found.responses)} phrases"
    click.echo(f"{folder.name}: {counts}, no faults.")


@flows.command()
@click.argument("flow", required=False)
def graph(flow: str | None) -> None:
    """Draw FLOW, or all of them, as Mermaid text."""
    try:
        click.echo(draw(_load(FLOWS), flow), nl=False)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error


def action_names(folder: Path = ACTIONS) -> frozenset[str]:
    """The names of the actions, read off their files (`NAME = "action_…"`) without running them.

    Conversation does not know the actions, which know the school and the database.
    """
    found = set()
    for path in sorted(folder.glob("*.py")):
        for line in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                names = [target.id for target in line.targets if isinstance(target, ast.Name)]
                if names == ["NAME"] and isinstance(line.value.value, str):
                    found.add(line.value.value)
    return frozenset(found)


def _load(folder: Path) -> FlowSet:
    try:
        return load_flows(folder, action_names())
    except HomelineError as error:
        count = len(str(error).splitlines())
        raise click.ClickException(
            f"{count} fault{'s' if count > 1 else ''} in {folder.name}:\n{error}"
        ) from error
