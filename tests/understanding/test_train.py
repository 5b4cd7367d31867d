"""Training finds or makes its environment, replaces the archives together, and keeps Rasa's own answers."""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.model.errors import BadModel
from bot.understanding import train
from bot.understanding.rasa_environment import find_python, rasa_python, training_environment
from bot.understanding.train import parity_texts

PROGRAM = """#!{python}
import json, os, pathlib, sys
arguments = sys.argv[1:]
home = pathlib.Path(__file__).resolve().parent
with open(home / "calls", "a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
if arguments[:1] == ["-c"]:
    print("{answer}")
elif arguments[:2] == ["-m", "venv"]:
    target = pathlib.Path(arguments[-1]) / "bin" / "python"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(pathlib.Path(__file__).read_text().replace("{answer}", "3.6.21"))
    target.chmod(0o755)
elif "train" in arguments:
    if (home / "fail").exists():
        sys.exit(3)
    assert sorted(str(p) for p in pathlib.Path("data").rglob("*.yml")) == ["data/en/greet.yml"], "data"
    assert os.environ["OMP_NUM_THREADS"] == "1" and os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    name = arguments[arguments.index("--fixed-model-name") + 1]
    pathlib.Path("out").mkdir(exist_ok=True)
    pathlib.Path("out", name + ".tar.gz").write_text("trained " + name)
elif arguments and arguments[0].endswith("rasa_parses.py"):
    for text in json.load(sys.stdin):
        print(json.dumps({{"text": text, "archives": [pathlib.Path(a).name for a in arguments[1:]]}}))
"""


def program(path: Path, answer: str) -> Path:
    """A stand-in for a Python: says `answer` to any code, makes environments, trains, parses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PROGRAM.format(python=sys.executable, answer=answer))
    path.chmod(0o755)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that was never trained."""
    for name, content in {
        "config.yml": "e5",
        "config.sparse.yml": "sparse",
        "requirements/nlu.txt": "rasa==3.6.21\n",
        "nlu_data/en/greet.yml": "nlu:\n- intent: greet\n  examples: |\n    - hi\n    - hello\n",
        "nlu_data/test/en/greet.yml": "nlu:\n- intent: greet\n  examples: |\n    - good day\n    - hi\n",
        "tests/understanding/odd_texts.txt": "?\n/command\n",
    }.items():
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path / "project"


def invoke(project: Path, python: Path, *options: str) -> tuple[int, str]:
    """The command with a given interpreter."""
    environ = {"HOMELINE_NLU_PYTHON": str(python)}
    result = CliRunner().invoke(train.main, [*options, "--root", str(project)], env=environ)
    return result.exit_code, result.output


def test_training_writes_both_archives_their_record_and_rasas_answers(project: Path, tmp_path: Path) -> None:
    python = program(tmp_path / "rasa" / "python", "3.6.21")
    code, output = invoke(project, python)
    assert code == 0, output
    assert (project / "models/nlu-e5.tar.gz").read_text() == "trained nlu-e5"
    assert (project / "models/nlu-sparse.tar.gz").read_text() == "trained nlu-sparse"
    packed = (project / "tests/understanding/rasa_parses.jsonl.gz").read_bytes()
    lines = [json.loads(line) for line in gzip.decompress(packed).decode().splitlines()]
    assert [line["text"] for line in lines][:2] == ["good day", "hi"]
    assert lines[0]["archives"] == ["nlu-e5.tar.gz", "nlu-sparse.tar.gz"]
    assert CliRunner().invoke(train.main, ["--check", "--root", str(project)]).exit_code == 0
    (project / "nlu_data/en/greet.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hey\n")
    assert CliRunner().invoke(train.main, ["--check", "--root", str(project)]).exit_code == 1
    assert invoke(project, python)[0] == 0


def test_a_failed_training_leaves_the_standing_archives_alone(project: Path, tmp_path: Path) -> None:
    python = program(tmp_path / "rasa" / "python", "3.6.21")
    invoke(project, python)
    before = (project / "models/trained_from.json").read_text()
    (python.parent / "fail").touch()
    code, output = invoke(project, python)
    assert code == 1
    assert "this failed" in output
    assert (project / "models/nlu-e5.tar.gz").read_text() == "trained nlu-e5"
    assert (project / "models/trained_from.json").read_text() == before


def test_rasas_answers_can_be_asked_for_again_without_training(project: Path, tmp_path: Path) -> None:
    python = program(tmp_path / "rasa" / "python", "3.6.21")
    invoke(project, python)
    (python.parent / "calls").unlink()
    assert invoke(project, python, "--parity")[0] == 0
    calls = [json.loads(line) for line in (python.parent / "calls").read_text().splitlines()]
    assert not any("train" in call for call in calls)


def test_an_interpreter_that_breaks_while_parsing_is_reported(project: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text('#!/bin/sh\ncase "$1" in -c) echo 3.6.21;; *) exit 4;; esac\n')
    broken.chmod(0o755)
    code, output = invoke(project, broken, "--parity")
    assert code == 1
    assert "exit code 4" in output


def test_the_parity_texts_are_the_same_every_time_and_hold_no_command(project: Path) -> None:
    texts = parity_texts(project)
    assert texts == parity_texts(project)
    assert set(texts) >= {"hi", "hello", "good day", "?"}
    assert not any(text.startswith("/") for text in texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(("answer", "reason"), [("3.5.0", "rasa 3.5.0"), ("", "no rasa")])
def test_a_given_interpreter_with_another_rasa_is_refused(tmp_path: Path, answer: str, reason: str) -> None:
    python = program(tmp_path / "python", answer)
    with pytest.raises(BadModel, match=f"{reason}.*3.6.21 is needed"):
        rasa_python(tmp_path, {"HOMELINE_NLU_PYTHON": str(python)})


def test_a_given_interpreter_that_does_not_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="no rasa"):
        rasa_python(tmp_path, {"HOMELINE_NLU_PYTHON": str(tmp_path / "none")})


def test_the_environment_is_made_once_from_python_on_path(project: Path, tmp_path: Path) -> None:
    base = program(tmp_path / "bin" / "python3.10", "3.10")
    environ = {"PATH": str(base.parent), "HOME": str(tmp_path)}
    made = rasa_python(project, environ)
    assert made == project / ".venv-nlu" / "bin" / "python"
    calls = (made.parent / "calls").read_text()
    assert "--require-hashes" in calls
    assert rasa_python(project, environ) == made
    assert (made.parent / "calls").read_text() == calls
    (project / "requirements/nlu.txt").write_text("rasa==3.6.21\nother==1\n")
    rasa_python(project, environ)
    assert (base.parent / "calls").read_text().count("--clear") == 2


def test_uv_serves_where_there_is_no_python_of_that_age(project: Path, tmp_path: Path) -> None:
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/uv\n'
        f'if [ "$1" = venv ]; then mkdir -p {project}/.venv-nlu/bin && cp {tmp_path}/made {project}/.venv-nlu/bin/python; fi\n'
    )
    uv.chmod(0o755)
    program(tmp_path / "made", "3.6.21")
    environ = {"PATH": f"{uv.parent}:/bin:/usr/bin", "HOME": str(tmp_path), "PYENV_ROOT": str(tmp_path)}
    if not list(find_python(environ)):
        assert rasa_python(project, environ) == project / ".venv-nlu" / "bin" / "python"
        assert "--python 3.10" in (tmp_path / "uv").read_text()
        assert "--require-hashes" in (tmp_path / "uv").read_text()


def test_without_any_way_it_says_what_to_install(project: Path, tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"pyenv install 3\.10(.|\n)*uv(.|\n)*HOMELINE_NLU_PYTHON"):
        rasa_python(project, {"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_pyenvs_versions_are_tried_and_dead_shims_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "shims" / "python3.10"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\necho not active >&2\nexit 127\n")
    shim.chmod(0o755)
    real = program(tmp_path / "pyenv/versions/3.10.13/bin/python", "3.10")
    found = list(find_python({"PATH": str(shim.parent), "PYENV_ROOT": str(tmp_path / "pyenv")}))
    assert found == [real]


def test_rasa_runs_silent_on_one_thread_with_the_featurizer_in_reach(tmp_path: Path) -> None:
    found = training_environment(tmp_path)
    assert (found["OMP_NUM_THREADS"], found["RASA_TELEMETRY_ENABLED"]) == ("1", "false")
    assert found["PYTHONPATH"] == str(tmp_path)
    assert found.keys() >= os.environ.keys()
