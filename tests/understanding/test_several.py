"""Several requests in one text are told from one request in several sentences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.model.errors import BadInput
from bot.model.utterance import FALLBACK, IntentGuess, Parse, Utterance
from bot.understanding.lookups import Lookups
from bot.understanding.rasa_model import RasaModel
from bot.understanding.several_evaluation import (
    SplitVerdict,
    judge_splits,
    report_splits,
    split_right,
    split_wrongly,
)
from bot.understanding.splitting import load_splitter
from bot.understanding.understand import PART_CRISIS, Understander

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = ROOT / "tests" / "held_out" / "several"
SPLITTER = load_splitter(ROOT / "nlu_data" / "joining.yml")


class ByWords:
    """Answers every text with the intent told for it, and remembers what it was asked."""

    name = "by words"

    def __init__(self, told: Mapping[str, tuple[str, float]]) -> None:
        self.told, self.asked = told, [""]

    def parse(self, text: str) -> Parse:
        """What was told; else not sure."""
        self.asked.append(text)
        guess = IntentGuess(*self.told.get(text, (FALLBACK, 0.6)))
        return Parse(guess, (guess,), f"vector of {text}")


def understand(lookups: Lookups, text: str, **told: tuple[str, float]) -> Utterance:
    """The text understood by a model that knows only parts beginning with these words."""
    words = {
        part.text: told[key] for part in SPLITTER.split(text) for key in told if part.text.startswith(key)
    }
    return Understander(ByWords(words), lookups, SPLITTER).understand(text, preferred="en")


def found(utterance: Utterance) -> list[tuple[str, str]]:
    """The requests: intent and words."""
    return [(part.intent.name, part.text) for part in utterance.parts]


def test_two_requests_are_found_each_with_its_own_words_and_vector(lookups: Lookups) -> None:
    heard = understand(
        lookups, "I need a meeting. Is there school?", I=("book_conference", 0.9), Is=("ask_question", 0.9)
    )
    assert found(heard) == [("book_conference", "I need a meeting."), ("ask_question", "Is there school?")]
    assert heard.parts[1].vector == "vector of Is there school?"
    assert heard.text == "I need a meeting. Is there school?"


def test_small_talk_and_what_is_not_sure_is_no_request_of_its_own(lookups: Lookups) -> None:
    text = "Good morning everybody. I need a meeting. That is all. Thank you so much."
    heard = understand(lookups, text, Good=("greet", 0.99), I=("book_conference", 0.9), Thank=("thank", 0.99))
    assert heard.parts == ()


def test_a_story_is_one_request_however_its_sentences_are_read(lookups: Lookups) -> None:
    text = "He came home crying. Somebody took his lunch. We wrote to the teacher. Nothing happened."
    told = {"He": ("voice_concern", 0.9), "Somebody": ("file_complaint", 0.9), "We": ("report_absence", 0.9)}
    assert understand(lookups, text, **told).parts == ()


def test_a_joining_word_makes_two_of_what_would_be_one_story(lookups: Lookups) -> None:
    heard = understand(
        lookups,
        "He is bullied every day. Also we need food",
        He=("voice_concern", 0.9),
        we=("find_resource", 0.6),
    )
    assert [intent for intent, _ in found(heard)] == ["voice_concern", "find_resource"]


def test_a_plain_sentence_must_be_surer_than_a_question(lookups: Lookups) -> None:
    text = "My bus is late today. Is there school?"
    unsure = understand(lookups, text, My=("report_absence", 0.6), Is=("ask_question", 0.6))
    sure = understand(lookups, text, My=("report_absence", 0.8), Is=("ask_question", 0.6))
    assert (len(unsure.parts), len(sure.parts)) == (0, 2)


def test_what_is_not_sure_belongs_to_the_request_before_it(lookups: Lookups) -> None:
    heard = understand(
        lookups,
        "I need a meeting. On Monday or so. Is there school?",
        I=("book_conference", 0.9),
        Is=("ask_question", 0.9),
    )
    assert found(heard)[0] == ("book_conference", "I need a meeting. On Monday or so.")


def test_two_questions_are_two_only_when_both_are_asked(lookups: Lookups) -> None:
    both = understand(
        lookups, "What is for lunch? Is there school?", What=("ask_question", 0.9), Is=("ask_question", 0.9)
    )
    assert len(both.parts) == 2
    one = understand(
        lookups, "I have a question. Is there school?", I=("ask_question", 0.9), Is=("ask_question", 0.9)
    )
    assert one.parts == ()


def test_nobody_is_called_for_whom_the_message_reaches_anyway(lookups: Lookups) -> None:
    text = "He is bullied every day. Is anybody there to call me?"
    assert understand(lookups, text, He=("voice_concern", 0.9), Is=("talk_to_human", 0.99)).parts == ()


def test_a_stop_anywhere_leaves_the_text_whole(lookups: Lookups) -> None:
    text = "I need a meeting. Leave our family alone. Is there school?"
    told = {"I": ("book_conference", 0.9), "Leave": ("opt_out", 0.9), "Is": ("ask_question", 0.9)}
    assert understand(lookups, text, **told).parts == ()


def test_danger_in_one_part_is_danger_in_the_whole_text(lookups: Lookups) -> None:
    told = {"What": ("ask_question", 0.9), "she": ("crisis", PART_CRISIS)}
    heard = understand(lookups, "What time is lunch? Also she hides in the closet again", **told)
    assert heard.crisis == "model" and heard.parts == ()


def test_an_ordinary_text_is_read_once(lookups: Lookups) -> None:
    model = ByWords({})
    Understander(model, lookups, SPLITTER).understand("what time does school start tomorrow", preferred="en")
    assert model.asked[1:] == ["what time does school start tomorrow"]


def test_no_text_costs_more_than_four_parts(lookups: Lookups) -> None:
    model = ByWords({})
    Understander(model, lookups, SPLITTER).understand("They were late again. " * 12, preferred="en")
    assert len(model.asked[1:]) <= 1 + 4


@pytest.fixture(scope="module")
def understander(rasa_model: RasaModel, lookups: Lookups) -> Understander:
    """As the product has it."""
    return Understander(rasa_model, lookups, SPLITTER)


@pytest.fixture(scope="module")
def verdicts(understander: Understander) -> list[SplitVerdict]:
    """What becomes of every held-out text."""
    return judge_splits(understander, HELD_OUT)


def test_held_out_texts_are_split_right_and_stories_stay_whole(verdicts: list[SplitVerdict]) -> None:
    assert split_right(verdicts) >= 0.75, list(report_splits(verdicts))
    assert split_wrongly(verdicts) <= 0.08, list(report_splits(verdicts))
    for tag in {verdict.language for verdict in verdicts}:
        own = [verdict for verdict in verdicts if verdict.language == tag]
        assert split_right(own) >= 0.5, list(report_splits(own))
        assert split_wrongly(own) <= 0.25, list(report_splits(own))


def test_every_language_of_the_held_out_texts_has_enough_of_both_kinds(verdicts: list[SplitVerdict]) -> None:
    for tag in ("en", "es", "zh-Hans", "ar", "vi", "so"):
        own = [verdict for verdict in verdicts if verdict.language == tag]
        assert len([v for v in own if v.meant]) >= 8 and len([v for v in own if not v.meant]) >= 8, tag


def test_files_of_another_format_are_named(tmp_path: Path, lookups: Lookups) -> None:
    understander = Understander(ByWords({}), lookups, SPLITTER)
    (tmp_path / "en.yml").write_text("several: [just text]", encoding="utf-8")
    with pytest.raises(BadInput, match=r"en\.yml"):
        judge_splits(understander, tmp_path)
    with pytest.raises(BadInput, match="no"):
        judge_splits(understander, HELD_OUT.parent / "none")
