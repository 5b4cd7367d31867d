"""Whatever a family sends, in whatever order: no error, no endless turn, no state that cannot be kept."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.triggers import COMMANDS
from bot.conversation.walk import MOST_STEPS
from bot.model.utterance import FALLBACK, INTENTS, IntentGuess, Utterance
from tests.conversation.talk import FACTS, Talk

WORDS = st.sampled_from(
    [
        "1",
        "2",
        "3",
        "9",
        "yes",
        "no",
        "ana",
        "by phone",
        "food",
        "more",
        "nothing",
        "hello",
        "C",
        "",
        "🙂",
        "  ",
        "the child",
    ]
)
TEXTS = st.one_of(WORDS, st.text(max_size=30))
GUESSES = st.builds(IntentGuess, st.sampled_from((*INTENTS, FALLBACK)), st.floats(0, 1))
PARTS = st.lists(
    st.builds(Utterance, text=TEXTS, language=st.just("en"), intent=GUESSES), min_size=2, max_size=3
).map(tuple)
UTTERANCES = st.builds(
    Utterance,
    text=TEXTS,
    language=st.just("en"),
    intent=GUESSES,
    ranking=st.lists(GUESSES, max_size=3).map(tuple),
    commands=st.one_of(
        st.just(frozenset()), st.sampled_from(sorted(COMMANDS)).map(lambda word: frozenset({word}))
    ),
    number=st.one_of(st.none(), st.integers(1, 9)),
    crisis=st.sampled_from([None] * 20 + ["words"]),
    decision=st.sampled_from(["model", "unavailable"]),
    entities=st.dictionaries(st.just("category"), st.sampled_from(["food", "cars"]), max_size=1),
    parts=st.one_of(st.just(()), PARTS),
)
FACT_SETS = st.fixed_dictionaries(
    {
        "with_staff": st.sampled_from([False, False, False, True]),
        "opted_out": st.sampled_from([False, False, False, True]),
        "appointments_count": st.integers(0, 2),
        "reminded_appointment": st.one_of(st.none(), st.integers(1, 3)),
        "choice_labels": st.sampled_from(["[]", '["uno", "dos"]', '["a", "b", "c"]', "?"]),
    }
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(turns=st.lists(st.tuples(UTTERANCES, FACT_SETS), min_size=1, max_size=14))
def test_no_sequence_of_messages_breaks_the_engine(turns: list[tuple[Utterance, dict[str, object]]]) -> None:
    talk = Talk()
    for utterance, facts in turns:
        talk.facts = {**FACTS, **facts}  # type: ignore[dict-item]
        talk.take(utterance)  # checks that the state survives JSON
        assert not any(passed.startswith("error") for passed in talk.trail)
        assert len(talk.trail) <= MOST_STEPS * (1 + len(utterance.parts))
        assert talk.state.stack or not talk.state.waiting
        assert bool(talk.state.stack) == (talk.state.asking is not None)
        assert talk.state.misses < 2
        silent = bool(talk.facts["opted_out"] or talk.facts["with_staff"])
        over = (
            talk.state.stack == () and "not_understood" not in talk.trail
        )  # the last answer needs no word more
        assert talk.says or silent or over


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts=st.lists(TEXTS, min_size=1, max_size=10))
def test_crisis_and_stop_come_through_from_everywhere(texts: list[str]) -> None:
    talk = Talk()
    for text in texts:
        talk.send(text, "book_conference")
    talk.send("stop")
    assert talk.done[0] == "action_stop_messages" and talk.state.stack == ()
    for text in texts:
        talk.send(text, "find_resource")
    talk.send("he has a gun", crisis="words")
    assert talk.done == ["action_raise_crisis"] and talk.state.stack == ()
