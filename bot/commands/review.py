"""`nlu export`: what staff labelled in the room Review, for the next training."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.writing import changing
from bot.school.training_files import collect, write


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", default=None, help="Only texts in this language (a tag).")
@click.option("--all", "exported_too", is_flag=True, help="Also texts that an earlier export gave out.")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
def export(folder: Path, language: str | None, exported_too: bool, force: bool) -> None:
    """Write the labelled texts as FOLDER/<language>/<intent>.yml in Rasa's format. Trains nothing.

    Read them, then copy what is good into nlu_data/ and run `make train`.
    """
    with changing() as (home, session):
        files = collect(session, folder, language, exported_too=exported_too)
        count = write(files, home.clock.now(), force=force)
    for path, texts in files.items():
        click.echo(f"{path}: {len(texts)}")
    click.echo(f"{count} texts in {len(files)} files" if files else "No labelled text waits to be exported.")
