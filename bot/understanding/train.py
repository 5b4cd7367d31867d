"""`python -m bot.understanding.train`: trains both archives with Rasa and notes what from. `make train` calls it.

--check only says whether the archives belong to the files that stand there (exit code 1 when not);
--parity only asks Rasa again for the answers that the parity tests compare with.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from bot.model.errors import BadModel, HomelineError
from bot.model.yaml_text import read_yaml
from bot.understanding.examples import read_examples
from bot.understanding.rasa_environment import rasa_python, run, training_environment
from bot.understanding.several_evaluation import read_texts
from bot.understanding.splitting import load_splitter
from bot.understanding.trained_from import ARCHIVES, check_record, training_files, write_record

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 500
"""Training texts among those that the parity tests compare."""


@click.command()
@click.option(
    "--check", is_flag=True, help="Only check that the archives belong to the files that stand there."
)
@click.option("--parity", is_flag=True, help="Only write Rasa's own answers for the parity tests again.")
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, hidden=True)
def main(check: bool, parity: bool, root: Path) -> None:
    """Train the models that the product serves."""
    try:
        if not check:
            python = rasa_python(root, os.environ)
            if not parity:
                train(root, python)
            write_parses(root, python)
        check_record(root)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    click.echo("models/ belongs to config.yml, config.sparse.yml and nlu_data/")


def train(root: Path, python: Path) -> None:
    """Run `rasa train nlu` for each pipeline; the archives are replaced only when all succeeded."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for file in training_files(root):
            target = place / "data" / file.parent.name / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        for archive, config in ARCHIVES.items():
            click.echo(f"training {archive} from {config}", err=True)
            name = archive.removesuffix(".tar.gz")
            # In a folder of its own, so that Rasa's cache cannot hand out an older answer.
            run(
                [str(python), "-m", "rasa", "train", "nlu", "--config", str(root / config), "--nlu", "data",
                 "--out", "out", "--fixed-model-name", name],
                cwd=place, env=training_environment(root),
            )  # fmt: skip
        (root / "models").mkdir(exist_ok=True)
        for archive in ARCHIVES:
            shutil.copyfile(place / "out" / archive, root / "models" / archive)
    write_record(root)


def write_parses(root: Path, python: Path) -> None:
    """Ask Rasa itself about many texts and keep its answers for the parity tests."""
    texts = parity_texts(root)
    click.echo(f"asking Rasa about {len(texts)} texts", err=True)
    script = Path(__file__).with_name("rasa_parses.py")
    archives = [str(root / "models" / name) for name in ARCHIVES]
    done = subprocess.run(
        [str(python), str(script), *archives],
        input=json.dumps(texts).encode(), env=training_environment(root), stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise BadModel(f"{script.name} failed with exit code {done.returncode}")
    target = root / "tests" / "understanding" / "rasa_parses.jsonl.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(done.stdout, mtime=0))


def parity_texts(root: Path) -> list[str]:
    """All held-out texts, a fixed sample of the training texts, odd texts; none twice, no Rasa command.

    Those that tests of the answers are made of are among them: with their vectors kept, these tests need not embed.
    """
    known = {
        example.text
        for folder in {file.parent for file in training_files(root)}
        for example in read_examples(folder)
    }
    training = sorted(known, key=lambda text: hashlib.sha256(text.encode()).digest())
    held_out = root / "nlu_data" / "test"
    testing = [example.text for example in read_examples(held_out)] if held_out.is_dir() else []
    odd_file = root / "tests" / "understanding" / "odd_texts.txt"
    odd = odd_file.read_text(encoding="utf-8").splitlines() if odd_file.is_file() else []
    long = [" ".join(training[start : start + 25]) for start in range(0, min(100, len(training)), 25)]
    every = dict.fromkeys([*testing, *training[:SAMPLE], *odd, *long, *_held_out_elsewhere(root)])
    return [text for text in every if text.strip() and not text.startswith("/")]


def _held_out_elsewhere(root: Path) -> Iterator[str]:
    """Questions for the articles; short texts; texts with several requests, whole and in parts."""
    folder = root / "tests" / "held_out"
    for file in sorted((folder / "short").glob("*.txt")):
        yield from (line.partition(": ")[2] for line in file.read_text(encoding="utf-8").splitlines())
    for file in sorted((folder / "questions").glob("*.yml")):
        questions = read_yaml(file.read_text(encoding="utf-8"))
        yield from (item["text"] for kind in ("answerable", "unanswerable") for item in questions[kind])
    for file in sorted((folder / "several").glob("*.yml")):
        splitter = load_splitter(root / "nlu_data" / "joining.yml")
        for text, _ in read_texts(file):
            yield text
            yield from (part.text for part in splitter.split(text))


if __name__ == "__main__":
    main()
