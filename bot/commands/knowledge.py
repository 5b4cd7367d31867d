"""`knowledge load`: the school's answers to questions."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.writing import load_folder
from bot.school.knowledge_import import load_articles


@click.group()
def knowledge() -> None:
    """The school's answers to questions."""


@knowledge.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would change, change nothing.")
def load(folder: Path, dry_run: bool) -> None:
    """Load the articles (*.yml) in FOLDER. The running server makes them findable within a minute or so."""
    load_folder(load_articles, folder, dry_run=dry_run)
