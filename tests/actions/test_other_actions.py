"""Answers, services, languages, consent: what their actions do at the edges."""

from __future__ import annotations

from bot.storage.consents import ConsentEvent
from bot.storage.knowledge import Article
from bot.storage.people import Contact
from bot.storage.resources import Resource
from bot.storage.session import Database
from tests import cast
from tests.actions.rig import phrases, rig
from tests.conftest import FixedClock


def test_where_nothing_can_embed_words_offer_titles_or_a_person_gets_the_question(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.embedder = None
        assert on.run("answer_question", question="¿cuánto cuesta el almuerzo?").slots["found"] == "near"
        assert (
            on.run("answer_question", question="¿la escuela tiene una piscina para el verano?").slots["found"]
            == "none"
        )


def test_a_place_asked_for_by_name_says_what_is_needed(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.DANDRE)
        guess = on.run("guess_need", need_text="where is bright smiles")
        assert guess.slots["need"] == "dental"
        found = on.run("find_resources", **guess.slots)
        assert found.slots["services_shown"] == guess.slots["named_services"]


def test_a_delicate_place_is_never_shown_unasked_even_by_name(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        session.add(
            Resource(source_id="dv", organization="Casa Paloma", name="Casa Paloma", description="", category="dv",
                     status="active")
        )  # fmt: skip
        on = rig(session, clock, cast.DANDRE)
        alone = on.run("guess_need", need_text="call casa paloma").slots
        assert alone["need"] == "safety_at_home" and alone["named_services"]
        with_food = on.run("guess_need", need_text="casa paloma, we need food").slots
        assert with_food == {"need": "food", "named_services": None}


def test_an_answer_withdrawn_since_it_was_offered_leads_to_a_person(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        article = session.query(Article).first()
        assert article is not None
        assert on.run("give_article", article=article.id).slots == {"found": "sure"}
        article.active = False
        session.flush()
        assert on.run("give_article", article=article.id).slots == {"found": "none"}


def test_help_against_violence_at_home_is_marked_as_delicate(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        assert on.run("weigh_need", need="safety_at_home").slots == {"delicate": True}
        assert on.run("weigh_need", need="food").slots == {"delicate": False}


def test_an_unclear_need_puts_the_likely_ones_first(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.DANDRE)
        assert on.run("guess_need").slots == {}
        guess = on.run("guess_need", need_text="something for my kid")
        assert "likely_needs" in guess.slots
        asked = on.run("ask_need", likely_needs="dental,legal").say[0].choices
        assert [choice.value for choice in asked][:2] == ["dental", "legal"]
        assert asked[-1].value == "other"
        assert len(asked) == 9


def test_a_need_that_no_category_answers_finds_nothing(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.DANDRE)
        found = on.run("find_resources", need="nonsense", place="anywhere")
        assert found.say == ()
        assert found.slots["services_found"] == 0


def test_the_chosen_language_holds_for_the_speaker_too(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.run("set_language", new_language="vi")
        assert on.line.language == "vi"
        assert session.query(Contact).filter_by(address=cast.ANGEL).one().language == "vi"


def test_on_a_shared_line_without_a_speaker_only_the_conversation_changes(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.SHARED)
        on.run("set_language", new_language="ar")
        assert on.line.language == "ar"
        assert {contact.language for contact in session.query(Contact).filter_by(address=cast.SHARED)} == {
            "en",
            "es",
        }


def test_no_language_at_all_is_refused_in_words(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        assert phrases(on.run("set_language")) == ["utter_language_not_spoken"]
        assert on.line.language == "es"


def test_the_ledger_says_whether_the_family_or_its_carrier_stopped(
    sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        on.run("stop_messages", "PARAR")
        on.run("start_messages", "START", opt_out="START")
        rows = session.query(ConsentEvent).order_by(ConsentEvent.id).all()
        assert [(row.verdict, row.source, row.wording) for row in rows] == [
            ("revoked", "message", "PARAR"), ("granted", "carrier", "START"),
        ]  # fmt: skip


def test_short_words_are_asked_about_and_kept(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.ANGEL)
        assert on.run("weigh_concern", concern="hola").slots == {"concern": None, "opening_words": "hola"}
        assert on.run("weigh_concern", concern="老师今天骂了我的孩子").slots == {}
        assert on.run("weigh_message").slots == {}


def test_nobody_on_a_line_means_no_child_is_asked_for(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        on = rig(session, clock, cast.STRANGER)
        assert on.run("ask_about_child").slots == {"about_child": "none"}
        assert on.run("ask_child").slots == {"child": "none"}
