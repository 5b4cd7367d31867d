"""`flask --app server nlu …`: what the line understands, from the command line. Needs no database and no web app."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from bot.model.errors import BadModel, HomelineError
from bot.model.ports import IntentClassifier
from bot.model.utterance import FALLBACK, IntentGuess, Parse, Utterance
from bot.understanding.cleaning import clean, wordless
from bot.understanding.evaluation import judge, report
from bot.understanding.examples import read_examples
from bot.understanding.loading import load_classifier
from bot.understanding.lookups import load_lookups
from bot.understanding.several_evaluation import judge_splits, report_splits
from bot.understanding.splitting import load_splitter
from bot.understanding.understand import Understander, as_rasa

ROOT = Path(__file__).resolve().parents[2]
JOINING = ROOT / "nlu_data" / "joining.yml"


@click.group()
@click.option(
    "--models", type=click.Path(path_type=Path), default=ROOT / "models", help="Folder of the archives."
)
@click.option(
    "--lookups",
    type=click.Path(path_type=Path),
    default=ROOT / "nlu_data" / "lookups",
    help="Keyword tables.",
)
@click.option(
    "--nlu-url", envvar="NLU_URL", default=None, help="A Rasa server to ask instead of the archive."
)
@click.pass_context
def nlu(context: click.Context, models: Path, lookups: Path, nlu_url: str | None) -> None:
    """Understanding: parse texts, test the model."""
    classifier = load_classifier(models, nlu_url)
    if not classifier.ready:
        click.echo(f"warning: {classifier.detail}", err=True)
    try:
        context.obj = (classifier, Understander(classifier, load_lookups(lookups), load_splitter(JOINING)))
    except HomelineError as error:
        raise click.ClickException(str(error)) from error


@nlu.command()
@click.option("--model-only", is_flag=True, help="The bare classifier: no tables, no crisis rule.")
@click.option("--language", default="", help="The family's stored language (a tag); unknown by default.")
@click.pass_obj
def parse(parts: tuple[IntentClassifier, Understander], model_only: bool, language: str) -> None:
    """One Rasa-style JSON object for every line of standard input, in order."""
    classifier, understander = parts
    output = sys.stdout.buffer
    for line in _lines(sys.stdin.buffer):
        if model_only:
            answer = _bare(classifier, line)
        else:
            answer = as_rasa(understander.understand(line, preferred=language))
        # The text as it came, as in Rasa's own answer.
        output.write(json.dumps({**answer, "text": line}, ensure_ascii=False).encode() + b"\n")
        output.flush()


@nlu.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--language", default=None, help="Stored language of every family; by default that of each text."
)
@click.pass_obj
def test(parts: tuple[IntentClassifier, Understander], folder: Path, language: str | None) -> None:
    """Figures per language and intent on the Rasa examples below FOLDER (<language>/<intent>.yml)."""
    try:
        examples = read_examples(folder)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    for line in report(judge(parts[1], examples, stored=language)):
        click.echo(line)


@nlu.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def several(parts: tuple[IntentClassifier, Understander], folder: Path) -> None:
    """Figures on texts with several requests, and with one in several sentences (FOLDER/<language>.yml)."""
    try:
        verdicts = judge_splits(parts[1], folder)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    for line in report_splits(verdicts):
        click.echo(line)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    # Bytes, because text streams would also end a line at a lone carriage return.
    for line in stream:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _bare(classifier: IntentClassifier, line: str) -> dict[str, Any]:
    cleaned = clean(line)
    try:
        found = None if wordless(cleaned) else classifier.parse(cleaned)
    except BadModel as error:
        raise click.ClickException(str(error)) from error
    found = found or Parse(IntentGuess(FALLBACK, 0.0), ())
    return as_rasa(Utterance(cleaned, "", found.intent, found.ranking))
