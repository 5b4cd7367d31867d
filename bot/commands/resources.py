"""`resources load`: where families find help."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from bot.commands.writing import load_folder
from bot.school.resource_import import load_resources


@click.group()
def resources() -> None:
    """Where families find help."""


@resources.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would change, change nothing.")
@click.option("--force", is_flag=True, help="Load even when many services would disappear.")
def load(folder: Path, dry_run: bool, force: bool) -> None:
    """Load the HSDS 3.0 package (CSV files) in FOLDER; services it no longer has become inactive."""
    load_folder(partial(load_resources, force=force), folder, dry_run=dry_run)
