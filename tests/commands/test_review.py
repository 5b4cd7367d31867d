"""`nlu export`: labelled texts as training files, each given out once."""

from __future__ import annotations

from pathlib import Path

from bot.school.training_files import as_rasa
from bot.storage.review_texts import ReviewText
from bot.understanding.examples import read_examples
from tests.commands.conftest import Operator

TEXTS = (
    ("the blue thing", "en", "ask_question"),
    ("when is it: at 3 or at 4? [name] asks", "en", "ask_question"),
    ("¿y el papel?", "es", "check_status"),
    ("- guion al principio", "es", "check_status"),
    ("nobody said what this is", "en", None),
)


def fill(operator: Operator) -> None:
    """Some texts that staff have labelled, and one that they have not."""
    now = operator.home.clock.now()
    with operator.home.database.write() as session:
        for number, (text, language, label) in enumerate(TEXTS):
            session.add(ReviewText(
                fingerprint=str(number), text=text, language=language, why="unsure", first_at=now, last_at=now,
                status="labelled" if label else "open", label=label, labelled_by="rosa" if label else None,
            ))  # fmt: skip


def test_labelled_texts_become_files_that_training_reads(operator: Operator, tmp_path: Path) -> None:
    fill(operator)
    told = operator.says("nlu", "export", tmp_path / "new")
    assert "4 texts in 2 files" in told and f"{Path('en') / 'ask_question.yml'}: 2" in told
    found = [(one.text, one.intent, one.language) for one in read_examples(tmp_path / "new")]
    assert found == [
        ("the blue thing", "ask_question", "en"),
        ("when is it: at 3 or at 4? [name] asks", "ask_question", "en"),
        ("¿y el papel?", "check_status", "es"),
        ("- guion al principio", "check_status", "es"),
    ]
    written = (tmp_path / "new" / "es" / "check_status.yml").read_text(encoding="utf-8")
    assert written.startswith(
        'version: "3.1"\nnlu:\n- intent: check_status\n  examples: |\n    - ¿y el papel?\n'
    )


def test_a_second_export_gives_only_what_is_new_unless_all_is_wanted(
    operator: Operator, tmp_path: Path
) -> None:
    fill(operator)
    assert "2 texts in 1 files" in operator.says("nlu", "export", tmp_path / "a", "--language", "es")
    assert "2 texts in 1 files" in operator.says("nlu", "export", tmp_path / "b")
    assert "No labelled text waits" in operator.says("nlu", "export", tmp_path / "c")
    assert not (tmp_path / "c").exists()
    assert "4 texts in 2 files" in operator.says("nlu", "export", tmp_path / "d", "--all")


def test_a_file_that_is_there_is_not_replaced_and_its_texts_still_wait(
    operator: Operator, tmp_path: Path
) -> None:
    fill(operator)
    kept = tmp_path / "en" / "ask_question.yml"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")
    assert "--force" in operator.refuses("nlu", "export", tmp_path)
    assert kept.read_text(encoding="utf-8") == "mine" and not (tmp_path / "es").exists()
    assert "4 texts in 2 files" in operator.says("nlu", "export", tmp_path, "--force")
    assert "the blue thing" in kept.read_text(encoding="utf-8")


def test_a_text_of_several_lines_stays_one_example() -> None:
    assert as_rasa("greet", ["hello\nthere"]).endswith("    - hello there\n")
