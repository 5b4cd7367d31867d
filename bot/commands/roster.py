"""`roster load`: the district's roster from OneRoster files."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.writing import changing
from bot.school.roster.loading import load_roster


@click.group()
def roster() -> None:
    """Students, guardians, staff and classes."""


@roster.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would change, change nothing.")
@click.option("--force", is_flag=True, help="Load even when many people would disappear.")
def load(folder: Path, dry_run: bool, force: bool) -> None:
    """Load the OneRoster CSV files in FOLDER. Bad rows are reported with their line; the others go in."""
    with changing() as (home, session):
        report = load_roster(session, folder, home.clock.now(), force=force)
        if dry_run:
            session.rollback()
    for problem in report.problems:
        click.echo(str(problem))
    click.echo(
        ("Would load: " if dry_run else "Loaded: ") + ", ".join(f"{n} {k}" for k, n in report.counts.items())
    )
