"""The check that the archives belong to the files that stand there names every difference."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.model.errors import BadModel
from bot.understanding import train
from bot.understanding.trained_from import check_record, training_files, write_record


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a model that fits its files."""
    for name in (
        "config.yml", "config.sparse.yml", "models/nlu-e5.tar.gz", "models/nlu-sparse.tar.gz",
        "bot/understanding/e5_text.py", "bot/understanding/rasa_components.py",
        "nlu_data/en/greet.yml", "nlu_data/es/greet.yml", "nlu_data/test/en/greet.yml", "nlu_data/lookups/en.yml",
    ):  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"content of {name}\n")
    write_record(tmp_path)
    return tmp_path


def test_a_fresh_model_fits(project: Path) -> None:
    check_record(project)
    result = CliRunner().invoke(train.main, ["--check", "--root", str(project)])
    assert (result.exit_code, result.output) == (
        0,
        "models/ belongs to config.yml, config.sparse.yml and nlu_data/\n",
    )


def test_only_the_languages_folders_are_trained_on(project: Path) -> None:
    assert [file.relative_to(project).as_posix() for file in training_files(project)] == [
        "nlu_data/en/greet.yml",
        "nlu_data/es/greet.yml",
    ]


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "an example": (
        lambda p: (p / "nlu_data/es/greet.yml").write_text("x"),
        "changed since training: nlu_data/es/greet.yml",
    ),
    "the pipeline": (lambda p: (p / "config.yml").write_text("x"), "changed since training: config.yml"),
    "the featurizer": (
        lambda p: (p / "bot/understanding/e5_text.py").write_text("x"),
        "changed .*e5_text.py",
    ),
    "a new file": (
        lambda p: (p / "nlu_data/en/thank.yml").write_text("x"),
        "not trained on: nlu_data/en/thank.yml",
    ),
    "a lost file": (
        lambda p: (p / "nlu_data/en/greet.yml").unlink(),
        "gone since training: nlu_data/en/greet.yml",
    ),
    "the archive": (
        lambda p: (p / "models/nlu-e5.tar.gz").write_text("x"),
        "changed since training: models/nlu-e5",
    ),
    "a lost archive": (
        lambda p: (p / "models/nlu-sparse.tar.gz").unlink(),
        "gone since training: models/nlu-sparse",
    ),
    "no record": (lambda p: (p / "models/trained_from.json").unlink(), "missing or broken"),
    "a broken record": (lambda p: (p / "models/trained_from.json").write_text("{"), "missing or broken"),
    "an odd record": (lambda p: (p / "models/trained_from.json").write_text("[1]"), "missing or broken"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_difference_is_named_and_stops_the_check(project: Path, change: str) -> None:
    alter, reason = CHANGES[change]
    alter(project)
    with pytest.raises(BadModel, match=reason):
        check_record(project)
    result = CliRunner().invoke(train.main, ["--check", "--root", str(project)])
    assert result.exit_code == 1
    assert "make train" in result.output


def test_line_ends_and_untrained_files_do_not_matter(project: Path) -> None:
    file = project / "nlu_data/en/greet.yml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (project / "nlu_data/test/en/greet.yml").write_text("other")
    (project / "nlu_data/lookups/en.yml").write_text("other")
    check_record(project)


def test_without_examples_nothing_can_be_trained(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="no training examples"):
        training_files(tmp_path)
