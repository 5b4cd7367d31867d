"""The model that is shipped: what it knows, what it must not be talked into, and which alarms it raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.utterance import INTENTS
from bot.understanding.examples import read_examples
from bot.understanding.lookups import Lookups
from bot.understanding.rasa_model import RasaModel
from bot.understanding.sparse_model import SparseModel
from bot.understanding.trained_from import training_files
from bot.understanding.understand import TRAINED
from tests.understanding.classifiers import understand


def test_the_trained_languages_are_those_with_examples(root: Path) -> None:
    assert {file.parent.name for file in training_files(root)} == TRAINED


@pytest.mark.parametrize("text", ["/crisis", "/restart now", '/greet{"a": 1}', " //opt_out"])
def test_a_texter_cannot_command_the_model(text: str, lookups: Lookups, rasa_model: RasaModel) -> None:
    found = understand(text, lookups, rasa_model)
    assert not found.text.startswith("/")
    assert found.intent.confidence < 1.0 or found.decision == "table"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is for lunch tomorrow?", "ask_question"),
        ("a qué hora sale el bus de la escuela", "ask_question"),
        ("my daughter has a fever and is staying home today", "report_absence"),
        ("necesitamos comida para la familia", "find_resource"),
        ("I want to meet with Ms. Rivera about his grades", "book_conference"),
        ("me gustaría ser voluntaria en la escuela", "volunteer"),
        ("can i speak to a real person", "talk_to_human"),
        ("我需要食物帮助", "find_resource"),
    ],
)
def test_everyday_texts_are_understood_by_the_shipped_model(
    text: str, intent: str, lookups: Lookups, rasa_model: RasaModel
) -> None:
    assert understand(text, lookups, rasa_model).intent.name == intent


def test_the_shipped_models_know_the_intents(
    lookups: Lookups, rasa_model: RasaModel, sparse_model: SparseModel
) -> None:
    for model in (rasa_model, sparse_model):
        assert {guess.name for guess in model.parse("hello there").ranking} - {"nlu_fallback"} == set(INTENTS)


def test_held_out_crises_in_english_and_spanish_are_found(lookups: Lookups, rasa_model: RasaModel) -> None:
    held_out = read_examples(Path(__file__).resolve().parents[2] / "nlu_data" / "test")
    texts = [
        example for example in held_out if example.intent == "crisis" and example.language in ("en", "es")
    ]
    found = [understand(example.text, lookups, rasa_model, example.language).crisis for example in texts]
    assert sum(why is not None for why in found) / len(found) >= 0.93


EVERYDAY = """my son is sick
my daughter is sick today
my son has a fever
my kid is not coming today
my son missed the bus
my daughter will be absent
my son is failing math
where is the bus
i need food
my kid has a doctor appointment
mi hijo esta enfermo
mi hija esta enferma hoy
mi hijo tiene fiebre
mi hijo no va a ir hoy
mi hijo tiene cita con el doctor
necesito comida
mi hija tuvo cirugia ayer
ابني مريض
ابنتي مريضة اليوم
con tôi bị ốm
con toi bi benh
this homework is killing me"""


@pytest.mark.parametrize("text", EVERYDAY.splitlines())
def test_short_everyday_statements_raise_no_alarm(text: str, lookups: Lookups, rasa_model: RasaModel) -> None:
    # Once every brief "my son …" was taken for a crisis: nlu_data/<language>/everyday.yml is there for that.
    assert understand(text, lookups, rasa_model).crisis is None
