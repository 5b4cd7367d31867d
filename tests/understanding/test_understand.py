"""One message understood: tables first, crisis before everything, the model next, and no guess when unsure."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.model.utterance import IntentGuess
from bot.understanding.lookups import Lookups
from bot.understanding.understand import CRISIS_THRESHOLD, SURE_CRISIS, as_rasa
from tests.understanding.classifiers import (
    BrokenClassifier,
    FixedClassifier,
    MissingModel,
    WordClassifier,
    understand,
)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("ok", "affirm"), ("sí", "affirm"), ("No", "deny"), ("hola!", "greet"), ("thank you", "thank"), ("STOP", "opt_out"),
     ("ayuda", "help"), ("menu", "help"), ("persona", "talk_to_human"), ("start", "help")],
)  # fmt: skip
def test_short_answers_need_no_model(text: str, intent: str, lookups: Lookups) -> None:
    found = understand(text, lookups)
    assert (found.intent, found.decision) == (IntentGuess(intent, 1.0), "table")
    assert found.commands


def test_a_number_is_a_choice_and_no_intent(lookups: Lookups) -> None:
    found = understand("2", lookups)
    assert (found.number, found.unsure, found.decision) == (2, True, "table")
    assert found.commands == frozenset()
    assert understand("the second", lookups).number == 2


def test_the_name_of_a_language_asks_for_it(lookups: Lookups) -> None:
    found = understand("Español", lookups)
    assert (found.intent.name, dict(found.entities)) == ("change_language", {"language": "es"})


def test_a_language_named_in_a_request_is_its_entity(lookups: Lookups) -> None:
    found = understand(
        "please write to me in Vietnamese", lookups, FixedClassifier(change_language=0.9, help=0.1)
    )
    assert (found.intent.name, dict(found.entities)) == ("change_language", {"language": "vi"})


def test_a_language_named_in_another_matter_is_no_request(lookups: Lookups) -> None:
    classifier = FixedClassifier(volunteer=0.9, help=0.06, greet=0.02, change_language=0.01)
    assert understand("I can translate Spanish at the fair", lookups, classifier).entities == {}


def test_the_models_answer_is_taken_when_it_is_sure(lookups: Lookups) -> None:
    found = understand("is there school on monday", lookups, FixedClassifier(ask_question=0.9, crisis=0.01))
    assert (found.intent, found.decision) == (IntentGuess("ask_question", 0.9), "model")
    assert found.vector == "the vector"
    assert [guess.name for guess in found.ranking] == ["ask_question", "crisis"]


def test_when_the_model_is_not_sure_the_real_guesses_are_kept(lookups: Lookups) -> None:
    found = understand("hmm about monday", lookups, FixedClassifier(unsure=True, ask_question=0.4, help=0.3))
    assert found.unsure
    assert found.decision == "fallback"
    assert [guess.name for guess in found.ranking] == ["ask_question", "help"]


@pytest.mark.parametrize(
    ("text", "preferred"),
    [("i want to kill myself", "en"), ("my son wants to kill himself!!", "es"), ("se quiere matar", "en"), ("我想自杀", "en"),
     ("اريد ان انتحر", "en"), ("хочу умереть", "en"), ("con tôi muốn tự tử", "en"), ("mwen vle mouri", "en")],
)  # fmt: skip
def test_crisis_words_raise_an_alarm_in_any_language_even_without_a_model(
    text: str, preferred: str, lookups: Lookups
) -> None:
    for classifier in (MissingModel(), FixedClassifier(greet=1.0)):
        found = understand(text, lookups, classifier, preferred)
        assert (found.crisis, found.intent, found.decision) == (
            "words",
            IntentGuess("crisis", 1.0),
            "crisis_words",
        )


def test_a_small_share_of_crisis_is_enough_for_an_alarm(lookups: Lookups) -> None:
    found = understand(
        "she is not herself", lookups, FixedClassifier(voice_concern=0.9, crisis=CRISIS_THRESHOLD)
    )
    assert (found.crisis, found.intent) == ("model", IntentGuess("crisis", CRISIS_THRESHOLD))
    calm = understand(
        "she is not herself", lookups, FixedClassifier(voice_concern=0.9, crisis=CRISIS_THRESHOLD - 0.01)
    )
    assert (calm.crisis, calm.intent.name) == (None, "voice_concern")


def test_the_alarm_comes_before_not_being_sure(lookups: Lookups) -> None:
    found = understand("i cant anymore", lookups, FixedClassifier(unsure=True, voice_concern=0.3, crisis=0.2))
    assert found.decision == "crisis_model"


def test_a_crisis_at_the_end_of_a_long_text_is_found(lookups: Lookups) -> None:
    long = (
        "We moved here last spring and the children like the school. " * 12
        + "Someone is hurting him at home."
    )
    assert understand(long, lookups, WordClassifier()).crisis == "model"
    assert understand("x" * 1500 + " hurting", lookups, WordClassifier()).crisis == "model"
    assert understand("All is well here. " * 50, lookups, WordClassifier()).crisis is None


def test_a_plain_request_to_stop_is_a_stop(lookups: Lookups) -> None:
    weak = FixedClassifier(ask_question=0.7, crisis=0.2)
    for text, classifier in (
        ("please stop texting me", weak),
        ("por favor no me manden más mensajes", MissingModel()),
    ):
        found = understand(text, lookups, classifier)
        assert "stop" in found.commands
        assert (found.intent.name, found.crisis) == ("opt_out", None)


def test_even_a_request_to_stop_may_hold_a_crisis(lookups: Lookups) -> None:
    sure = FixedClassifier(crisis=SURE_CRISIS, opt_out=0.3)
    assert understand("please stop texting me", lookups, sure).crisis == "model"
    assert understand("stop texting me i want to die", lookups, sure).crisis == "words"


@pytest.mark.parametrize("text", ["", "   ", "🙈🙉", "...", "\x00\x01"])
def test_a_message_without_words_is_not_guessed_at(text: str, lookups: Lookups) -> None:
    classifier = FixedClassifier(affirm=0.99)
    found = understand(text, lookups, classifier)
    assert (found.unsure, found.decision, classifier.asked) == (True, "fallback", [])


def test_without_a_model_a_sentence_is_not_understood_but_the_line_goes_on(lookups: Lookups) -> None:
    found = understand("when is the concert", lookups)
    assert (found.unsure, found.decision, found.ranking) == (True, "unavailable", ())


def test_a_classifier_that_breaks_in_any_way_is_as_none(lookups: Lookups) -> None:
    broken = BrokenClassifier()
    with capture_logs() as logged:
        found = understand("when is the concert", lookups, broken)
    assert (found.unsure, found.decision) == (True, "unavailable")
    assert [(line["classifier"], line["error"]) for line in logged] == [("broken", "ValueError")]
    assert "concert" not in str(logged)
    assert understand("i want to kill myself", lookups, broken).crisis == "words"
    assert understand("please stop texting me", lookups, broken).intent.name == "opt_out"


def test_a_stop_that_only_the_model_sees_in_an_untrained_language_must_be_very_sure(lookups: Lookups) -> None:
    weak, sure = (
        FixedClassifier(opt_out=0.89, ask_question=0.1),
        FixedClassifier(opt_out=0.9, ask_question=0.1),
    )
    text = "दोपहर के खाने में क्या है"
    found = understand(text, lookups, weak, preferred="hi")
    assert (found.unsure, found.decision, found.ranking[0].name) == (True, "fallback", "opt_out")
    assert understand(text, lookups, sure, preferred="hi").intent.name == "opt_out"
    assert understand("i have had it with these", lookups, weak, preferred="en").intent.name == "opt_out"
    assert understand(text, lookups, weak, preferred="en").unsure


def test_the_stored_language_stays_and_the_written_one_is_noted(lookups: Lookups) -> None:
    classifier = FixedClassifier(report_absence=0.9)
    found = understand("mi hija está enferma hoy", lookups, classifier, preferred="vi")
    assert (found.language, found.written_in) == ("vi", "es")
    assert understand("mi hija está enferma hoy", lookups, classifier, preferred="").language == "es"
    assert understand("hmm", lookups, classifier, preferred="").language == "en"


def test_the_decision_reads_as_rasas_own_answer(lookups: Lookups) -> None:
    unsure = FixedClassifier(unsure=True, ask_question=0.4, help=0.3)
    assert as_rasa(understand("hmm monday", lookups, unsure)) == {
        "text": "hmm monday",
        "intent": {"name": "nlu_fallback", "confidence": 0.5},
        "entities": [],
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.5},
            {"name": "ask_question", "confidence": 0.4},
            {"name": "help", "confidence": 0.3},
        ],
    }
    crisis = as_rasa(understand("he hits her", lookups, FixedClassifier(voice_concern=0.7, crisis=0.3)))
    assert [guess["name"] for guess in crisis["intent_ranking"]] == ["crisis", "voice_concern"]
    language = as_rasa(understand("Español", lookups))
    assert language["entities"] == [{"entity": "language", "value": "es", "extractor": "lookups"}]
