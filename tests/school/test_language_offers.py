"""Two whole sentences in another language bring one question, once, and nothing less does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model.utterance import IntentGuess, Utterance
from bot.school.language_offers import (
    language_to_offer,
    note_asked,
    read_watch,
    start_counting_anew,
    watch_language,
)
from bot.storage.conversations import Conversation

SPOKEN = ("en", "es", "zh-Hans")


def line(language: str = "en", contact: int | None = 7) -> Conversation:
    """A line whose one adult's preference is stored."""
    return Conversation(
        channel="sms", address="+15105550178", language=language, contact_id=contact, state={}, with_staff=False,
        language_watch={}, created_at=datetime(2026, 11, 16, tzinfo=UTC),
    )  # fmt: skip


def told(plainly_in: str | None, intent: str = "ask_question", **more: object) -> Utterance:
    """A text, whole sentence in one language or not."""
    return Utterance("…", "en", IntentGuess(intent, 0.9), plainly_in=plainly_in, **more)  # type: ignore[arg-type]


def hear(conversation: Conversation, *tags: str | None) -> str | None:
    """The language to offer after these texts."""
    offer = None
    for tag in tags:
        watch_language(conversation, told(tag), SPOKEN)
        offer = language_to_offer(conversation, told(tag))
    return offer


@pytest.mark.parametrize(
    ("tags", "offered"),
    [
        (("es",), None),
        (("es", "es"), "es"),
        (("es", None, "es"), "es"),
        (("es", "en", "es"), None),
        (("es", "zh-Hans"), None),
        (("zh-Hans", "es", "es"), "es"),
        (("zh-Hant", "zh-Hant"), "zh-Hans"),
        (("uk", "uk"), None),
        (("en", "en"), None),
    ],
)
def test_the_second_sentence_in_a_row_counts(tags: tuple[str | None, ...], offered: str | None) -> None:
    assert hear(line(), *tags) == offered


def test_the_same_language_by_another_tag_is_no_other_language() -> None:
    assert hear(line("zh-Hans"), "zh-Hant", "zh-Hant") is None


@pytest.mark.parametrize(
    "answer",
    [
        told("es", commands=frozenset({"yes"})),
        told("es", number=2),
        told("es", decision="table"),
        told("es", decision="crisis_words", crisis="words"),
    ],
)
def test_answers_and_alarms_prove_nothing(answer: Utterance) -> None:
    conversation = line()
    hear(conversation, "es")
    watch_language(conversation, answer, SPOKEN)
    assert read_watch(conversation).texts == 1
    assert language_to_offer(conversation, answer) is None


def test_a_line_that_nobody_knows_is_not_asked() -> None:
    conversation = line(contact=None)
    assert hear(conversation, "es", "es", "es") is None
    assert conversation.language_watch == {}


@pytest.mark.parametrize("intent", ["crisis", "opt_out", "change_language"])
def test_some_turns_are_no_time_to_ask_and_the_next_one_is(intent: str) -> None:
    conversation = line()
    hear(conversation, "es", "es")
    assert language_to_offer(conversation, told("es", intent)) is None
    assert hear(conversation, "es") == "es"


def test_nobody_is_asked_while_a_person_speaks_on_the_line() -> None:
    conversation = line()
    conversation.with_staff = True
    assert hear(conversation, "es", "es") is None


def test_it_is_asked_once_of_each_adult_and_each_language() -> None:
    conversation = line()
    assert hear(conversation, "es", "es") == "es"
    assert note_asked(conversation) == "es"
    assert hear(conversation, "es", "es", "es") is None
    assert hear(conversation, "zh-Hans", "zh-Hans") == "zh-Hans"
    conversation.contact_id = 8
    assert hear(conversation, "es") is None
    assert hear(conversation, "es") == "es"
    conversation.contact_id = 7
    assert hear(conversation, "es", "es") is None


def test_a_change_of_language_starts_the_counting_anew() -> None:
    conversation = line()
    hear(conversation, "es")
    start_counting_anew(conversation)
    assert hear(conversation, "es") is None
