"""What the carrier took for a keyword of its own becomes a command, whatever word it was."""

from __future__ import annotations

import pytest

from bot.model.utterance import FALLBACK, IntentGuess, Utterance, with_carrier_keyword


def heard(text: str, *commands: str, number: int | None = None) -> Utterance:
    """A text as our own tables understand it."""
    return Utterance(text, "en", IntentGuess(FALLBACK, 0.0), commands=frozenset(commands), number=number)


@pytest.mark.parametrize(
    ("verdict", "command"), [("STOP", "stop"), ("START", "start"), ("HELP", "help"), (" stop ", "stop")]
)
def test_a_word_only_the_carrier_knows_becomes_its_command(verdict: str, command: str) -> None:
    understood = with_carrier_keyword(heard("NOMORE"), verdict)
    assert understood.commands == {command}
    assert understood.text == "NOMORE"


@pytest.mark.parametrize("verdict", [None, "", "PAUSE"])
def test_without_a_verdict_that_we_know_nothing_changes(verdict: str | None) -> None:
    said = heard("hello", "greeting")
    assert with_carrier_keyword(said, verdict) is said


def test_a_stop_of_the_carrier_counts_whatever_else_the_word_means() -> None:
    assert with_carrier_keyword(heard("CANCEL", "cancel"), "STOP").commands == {"cancel", "stop"}


@pytest.mark.parametrize("said", [heard("YES", "yes"), heard("1", number=1)])
def test_a_yes_to_a_question_stays_a_yes_though_the_carrier_counts_it_as_start(said: Utterance) -> None:
    assert with_carrier_keyword(said, "START") is said


def test_on_a_stopped_line_the_carriers_yes_is_a_start() -> None:
    assert with_carrier_keyword(heard("YES", "yes"), "START", opted_out=True).commands == {"yes", "start"}
