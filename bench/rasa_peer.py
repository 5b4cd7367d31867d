"""Rasa's own server with its Twilio channel, on the project's own pipeline and examples: the peer to beat.

Trained once into bench/out/rasa/ (two to four minutes) and kept until the training files change.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.rasa_python import find_rasa_python
from bot.understanding.examples import read_examples
from bot.understanding.rasa_environment import RASA, training_environment
from bot.understanding.trained_from import training_files
from tests.journeys.house import ACCOUNT, ROOT, SCHOOL, TOKEN, House, wait_for

KEPT = ROOT / "bench" / "out" / "rasa"
MODEL = KEPT / "models" / "peer.tar.gz"
RECORD = ROOT / "models" / "trained_from.json"
WEBHOOK = "/webhooks/twilio/webhook"


def prepare() -> Path | None:
    """Rasa's Python with a trained peer, None where there is no Rasa on this machine."""
    python = find_rasa_python()
    if python is None:
        return None
    stamp = KEPT / "trained_from.json"
    if not (MODEL.is_file() and stamp.is_file() and stamp.read_text() == RECORD.read_text()):
        _train(python)
        shutil.copyfile(RECORD, stamp)
    return python


def _train(python: Path) -> None:
    shutil.rmtree(KEPT, ignore_errors=True)
    for file in training_files(ROOT):
        target = KEPT / "data" / "nlu" / file.parent.name / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    _write_project()
    command = [str(python), "-m", "rasa", "train", "--fixed-model-name", "peer", "--out", "models"]
    with (KEPT / "train.log").open("wb") as log:
        subprocess.run(command, cwd=KEPT, env=training_environment(ROOT), stdout=log, stderr=log, check=True)


def _write_project() -> None:
    """One rule an intent, and one response: the least that answers every text once."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    config["policies"] = [{"name": "RulePolicy"}]

    intents = sorted(set(_intents()) | {"nlu_fallback"})
    answer = "Thank you. The school has your text and will answer soon."
    domain = {"version": "3.1", "intents": intents, "responses": {"utter_answer": [{"text": answer}]}}
    rules = [
        {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": "utter_answer"}]}
        for intent in intents
    ]
    credentials = {"twilio": {"account_sid": ACCOUNT, "auth_token": TOKEN, "twilio_number": SCHOOL}}
    files = {"config.yml": config, "domain.yml": domain, "data/rules.yml": {"version": "3.1", "rules": rules},
             "credentials.yml": credentials, "endpoints.yml": {}}  # fmt: skip
    for name, content in files.items():
        (KEPT / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _intents() -> list[str]:
    return [example.intent for example in read_examples(KEPT / "data" / "nlu")]


@contextmanager
def serving(python: Path, house: House) -> Iterator[subprocess.Popen[bytes]]:
    """Rasa's server on the house's port, its texts going to the house's carrier; ready when entered."""
    carrier = f"http://127.0.0.1:{house.carrier_port}"
    command = [str(python), str(Path(__file__).with_name("rasa_launch.py")), carrier, "run", "--port", str(house.port),
               "--interface", "127.0.0.1", "--model", str(MODEL), "--credentials", "credentials.yml",
               "--endpoints", "endpoints.yml"]  # fmt: skip
    environment = {**training_environment(ROOT), "NO_PROXY": "*", "SANIC_WORKERS": "1"}
    with (house.folder / "rasa.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=KEPT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"{house.base}/webhooks/twilio/", seconds=180)
            yield server
        finally:
            server.terminate()
            server.wait(timeout=30)


def describe() -> str:
    """What the peer is, for the results."""
    if find_rasa_python() is None:
        return "no Rasa on this machine: its 8.3 texts a second were measured earlier with another model"
    return f"Rasa {RASA}, its own Twilio channel, trained on this config.yml and nlu_data, one rule an intent"
