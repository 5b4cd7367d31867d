"""Examples in Rasa's format are read, and the figures on them are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.model.errors import BadInput
from bot.model.utterance import IntentGuess, Utterance
from bot.understanding.evaluation import Verdict, figures, judge, report
from bot.understanding.examples import Example, read_examples
from bot.understanding.letters import plain
from bot.understanding.trained_from import training_files


def write(folder: Path, name: str, content: str) -> None:
    """A file below a folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def test_examples_are_read_with_language_and_without_entity_marks(tmp_path: Path) -> None:
    block = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hi [Ana](child)\n    - hola [Sr. B]{"entity": "x"}\n'
    write(tmp_path, "es/greet.yml", block + "\n    - -dash\n- synonym: x\n  examples: |\n    - y\n")
    assert read_examples(tmp_path) == [
        Example("hi Ana", "greet", "es"),
        Example("hola Sr. B", "greet", "es"),
        Example("-dash", "greet", "es"),
    ]


@pytest.mark.parametrize("content", ["nlu: 5", "nlu:\n- intent: a\n", "[", "x: 1"])
def test_a_malformed_file_is_named(tmp_path: Path, content: str) -> None:
    write(tmp_path, "en/bad.yml", content)
    with pytest.raises(BadInput, match=r"bad\.yml"):
        read_examples(tmp_path)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no .yml files"):
        read_examples(tmp_path)


def verdict(meant: str, decided: str, best: str | None = None, language: str = "en") -> Verdict:
    """One judged text."""
    return Verdict(Example("text", meant, language), decided, best or decided)


VERDICTS = [
    verdict("greet", "greet"),
    verdict("greet", "nlu_fallback", "greet"),
    verdict("thank", "greet", language="es"),
    verdict("thank", "crisis"),
    verdict("crisis", "crisis"),
    verdict("crisis", "voice_concern"),
    verdict("out_of_scope", "nlu_fallback", "greet"),
    verdict("out_of_scope", "out_of_scope"),
    verdict("out_of_scope", "help"),
]


def test_the_figures_count_what_they_say() -> None:
    found = figures(VERDICTS)
    assert found.texts == 9
    assert found.best_right == pytest.approx(3 / 6)
    assert found.kept == pytest.approx(5 / 6)
    assert found.right_of_kept == pytest.approx(2 / 5)
    assert found.routed_wrong == pytest.approx(3 / 6)
    assert found.out_caught == pytest.approx(2 / 3)
    assert found.crisis_caught == pytest.approx(1 / 2)
    assert found.false_alarms == pytest.approx(1 / 7)


def test_a_weak_alarm_does_not_hide_what_the_model_took_the_text_for() -> None:
    class Wary:
        def understand(self, text: str, *, preferred: str) -> Utterance:
            guesses = (IntentGuess("voice_concern", 0.7), IntentGuess("crisis", 0.2))
            return Utterance(text, preferred, guesses[1], guesses, crisis="model", decision="crisis_model")

    [found] = judge(Wary(), [Example("she cried", "voice_concern", "en")])  # type: ignore[arg-type]
    assert (found.decided, found.best) == ("crisis", "voice_concern")


def test_what_cannot_be_counted_has_no_figure() -> None:
    found = figures([verdict("greet", "greet")])
    assert (found.out_caught, found.crisis_caught) == (None, None)
    assert figures([verdict("out_of_scope", "greet")]).best_right is None


def test_the_report_names_languages_intents_and_confusions() -> None:
    text = "\n".join(report([*VERDICTS, verdict("odd_intent", "help")]))
    for part in (
        "en ",
        "es ",
        "all ",
        "greet ",
        "odd_intent ",
        "thank -> greet",
        "crisis -> voice_concern",
        "–",
    ):
        assert part in text


def test_every_intent_has_enough_training_examples_in_both_languages(root: Path) -> None:
    for language in ("en", "es"):
        examples = read_examples(root / "nlu_data" / language)
        counts = {name: sum(e.intent == name for e in examples) for name in {e.intent for e in examples}}
        assert len(counts) == 21
        assert min(counts.values()) >= 40, counts
    assert {file.parent.name for file in training_files(root)}.isdisjoint({"test", "lookups"})


def test_no_held_out_text_is_trained_on_but_for_names_of_buttons(root: Path) -> None:
    files = [file for file in training_files(root) if file.name != "openings.yml"]
    trained = {words(text) for file in files for text in list_texts(file)}
    assert len(trained) > 30_000
    held_out = read_examples(root / "nlu_data" / "test")
    assert {e.text for e in held_out if words(e.text) in trained} == set()


def words(text: str) -> str:
    """A text without case, accents and marks; one of marks alone as it is."""
    return " ".join(re.findall(r"\w+", plain(text))) or text


def list_texts(file: Path) -> list[str]:
    """The examples of one file."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    lines = (line for part in data.get("nlu", ()) for line in part.get("examples", "").splitlines())
    return [line.removeprefix("- ") for line in lines if line.strip()]
