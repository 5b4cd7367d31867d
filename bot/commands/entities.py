"""`flask --app server nlu entities FOLDER`: how well days, people and needs are read."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.entity_figures import judge_folder, report
from bot.model.errors import HomelineError


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="Also every phrase that was not read quite right.")
def entities(folder: Path, misses: bool) -> None:
    """Figures per language and kind on the phrases in FOLDER (<tag>.yml): exact phrases, precision and recall."""
    try:
        judged = judge_folder(folder)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    for line in report(judged):
        click.echo(line)
    for one in judged if misses else ():
        if not one.right:
            click.echo(f"{one.language}  {one.text}\n    expected {one.expected}\n    found    {one.found}")
