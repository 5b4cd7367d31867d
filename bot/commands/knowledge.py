"""`knowledge load|test|average|needs`: the school's answers to questions."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.app import Homeline, parts
from bot.commands.writing import load_folder
from bot.model.errors import HomelineError
from bot.model.ports import Embedder
from bot.school import average_questions, need_vectors, shipped_vectors
from bot.school.knowledge_evaluation import judge, read_questions, report
from bot.school.knowledge_import import load_articles
from bot.serving import prepare
from bot.understanding.examples import read_examples

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def knowledge() -> None:
    """The school's answers to questions."""


@knowledge.command()
@click.argument("folder", type=_FOLDER)
@click.option("--dry-run", is_flag=True, help="Report what would change, change nothing.")
def load(folder: Path, dry_run: bool) -> None:
    """Load the articles (*.yml) in FOLDER. The running server makes them findable within a minute or so."""
    load_folder(load_articles, folder, dry_run=dry_run)


@knowledge.command()
@click.argument("folder", type=_FOLDER)
def test(folder: Path) -> None:
    """Figures per language on the questions (<tag>.yml) in FOLDER, asked of the demo district in a database of its own."""
    try:
        questions = read_questions(folder)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    with _demo_district() as (home, embedder), home.database.read() as session:
        for line in report(judge(session, questions, embedder)):
            click.echo(line)


@knowledge.command()
@click.argument("folder", type=_FOLDER)
def average(folder: Path) -> None:
    """Write the average question of each language (for developers), from the ask_question examples below FOLDER.

    FOLDER is nlu_data. Run it after the embedding library or many of these examples have changed.
    """
    embedder = _embedder(parts())
    found = [
        (example.language, example.text)
        for file in sorted(folder.glob("*/ask_question.yml"))
        if file.parent.parent == folder
        for example in read_examples(file.parent)
        if example.intent == "ask_question"
    ]
    if not found:
        raise click.ClickException(f"{folder}: no <language>/ask_question.yml below it.")
    averages = average_questions.make_averages(found, embedder)
    shipped_vectors.save(average_questions.FILE, embedder.version, averages)
    click.echo(f"{len(found)} questions in {len(averages) - 1} languages: {average_questions.FILE.name}")


@knowledge.command()
def needs() -> None:
    """Write the vectors of the examples of each need (for developers), after these or the embedding library have changed."""
    embedder = _embedder(parts())
    made = need_vectors.make(embedder)
    shipped_vectors.save(need_vectors.FILE, embedder.version, made)
    click.echo(f"{len(made)} examples: {need_vectors.FILE.name}")


@contextmanager
def _demo_district() -> Iterator[tuple[Homeline, Embedder]]:
    with tempfile.TemporaryDirectory() as folder:
        wanted = {"database_url": f"sqlite:///{folder}/demo.db", "demo": True}
        home = Homeline(parts().settings.model_copy(update=wanted))
        try:
            prepare(home)
            home.indexing.index()
            yield home, _embedder(home)
        finally:
            home.close()


def _embedder(home: Homeline) -> Embedder:
    if home.embedder is None:
        raise click.ClickException("The embedding library cannot be loaded here.")
    return home.embedder
