"""Answers: given when sure, offered when near, else left to people; always with source and date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from bot.model.dialogue import PersonText, Phrase, Verbatim
from bot.school import knowledge, knowledge_sources, retrieval, vector_index
from bot.settings import ROOT
from bot.storage.knowledge import Article, ArticleTranslation, Embedding
from bot.storage.session import Database
from bot.understanding.embedding import shared_embedder
from tests import cast_world
from tests.conftest import FixedClock

EMBEDDER = cast_world.ConceptEmbedder()


def _find(
    session: Session, question: str, embedder: Any = EMBEDDER, language: str = "en"
) -> knowledge.Finding:
    asked = knowledge.Asked(question, language, embedder.embed([question])[0])
    return knowledge.find(session, asked, embedder.version)


def test_an_answer_is_found_in_another_language_than_its_own(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        answer = _find(session, "¿Cuánto cuesta el almuerzo?").answer
    assert answer is not None
    assert answer.slug == "lunch-cost"


def test_what_no_article_knows_finds_nothing(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        finding = _find(session, "swimming pool")
    assert finding == knowledge.Finding(None)


def test_two_that_come_equally_near_are_offered(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        finding = _find(session, "uniform or vacation")
    assert finding.answer is None
    assert [article.slug for article in finding.candidates[:2]] == ["school-calendar", "dress-code"]


def test_an_article_that_was_withdrawn_is_not_found_any_more(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        article = session.query(Article).filter_by(slug="lunch-cost").one()
        article.active = False
        session.flush()
        found = _find(session, "how much is lunch").answer
        assert found is None or found.slug != "lunch-cost"
        assert knowledge.find_article(session, article.id) is None


def test_an_empty_knowledge_base_answers_nothing(database: Database) -> None:
    with database.read() as session:
        assert _find(session, "lunch") == knowledge.Finding(None)


def test_vectors_are_made_once_and_again_when_a_text_changes(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        before = session.query(Embedding).count()
        assert cast_world.index_articles(session, EMBEDDER, clock.now()) == 0
        session.query(Article).filter_by(slug="late-bus").one().questions = "where is bus 14"
        assert [
            source.kind
            for source in retrieval.stale(session, knowledge_sources.sources(session), EMBEDDER.version)
        ] == ["article"]
        clock.advance(timedelta(minutes=1))
        assert cast_world.index_articles(session, EMBEDDER, clock.now()) == 1
        assert session.query(Embedding).count() == before - 1  # one example question fewer


def test_what_is_kept_in_memory_follows_the_rows(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        first = vector_index.load(session, "article", EMBEDDER.version)
        assert vector_index.load(session, "article", EMBEDDER.version) is first
        session.query(Article).filter_by(slug="dress-code").one().text = "Hats are fine."
        clock.advance(timedelta(minutes=1))
        cast_world.index_articles(session, EMBEDDER, clock.now())
        assert vector_index.load(session, "article", EMBEDDER.version) is not first


def test_vectors_of_another_embedder_are_not_compared(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        assert len(vector_index.load(session, "article", "other-embedder").owners) == 0


def test_the_answer_names_its_source_and_date_and_carries_its_translations() -> None:
    article = Article(
        slug="s", topic="t", title="Lunch", text="Lunch is free.", questions="", source="Handbook",
        link="https://example.org/lunch", checked_on=date(2026, 10, 5), language="en", version="2",
    )  # fmt: skip
    article.translations = [
        ArticleTranslation(
            language="es", title="Almuerzo", text="Gratis.", review="reviewed", source_version="2"
        ),
        ArticleTranslation(
            language="vi", title="Bữa trưa", text="Miễn phí.", review="pending", source_version="2"
        ),
        ArticleTranslation(language="ar", title="قديم", text="قديم", review="reviewed", source_version="1"),
    ]
    text, source, link = knowledge.answer_say(article).texts
    assert text == PersonText("Lunch is free.", "en", {"es": "Gratis.", "vi": "Miễn phí."}, frozenset({"vi"}))
    assert source == Phrase(
        "utter_article_source", {"source": Verbatim("Handbook"), "checked_on": date(2026, 10, 5)}
    )
    assert link == Verbatim("https://example.org/lunch")
    assert knowledge.article_title(article).kept["es"] == "Almuerzo"


REAL = ("lunch-cost", "school-hours", "late-bus", "school-calendar", "immunizations", "enrolment-documents",
        "adult-school", "graduation-requirements", "lost-and-found", "report-cards", "student-records", "dress-code")  # fmt: skip


@pytest.fixture(scope="module")
def with_real_vectors(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Twelve articles of the demo district, by the real embedding (the vectors it ships are the same)."""
    file = tmp_path_factory.mktemp("vectors") / "real.db"
    shutil.copy(sqlite_template, file)
    made = Database(f"sqlite:///{file}")
    with made.write() as session:
        for slug in REAL:
            raw = yaml.safe_load((ROOT / "demo" / "knowledge" / f"{slug}.yml").read_text(encoding="utf-8"))
            session.add(
                Article(
                    slug=slug,
                    topic=raw["topic"],
                    title=raw["title"],
                    text=raw["text"],
                    source=raw["source"],
                    questions="\n".join(raw["questions"]),
                    checked_on=date(2026, 10, 5),
                    version="1",
                )  # fmt: skip
            )
        session.flush()
        cast_world.index_articles(session, shared_embedder(), FixedClock().now())
    yield made
    made.close()


@pytest.mark.slow
def test_the_real_embedding_finds_answers_across_languages(with_real_vectors: Database) -> None:
    asked = {
        ("en", "how much is school lunch"): "lunch-cost",
        ("zh-Hans", "学校午餐多少钱"): "lunch-cost",
        ("vi", "bữa trưa ở trường giá bao nhiêu"): "lunch-cost",
        ("ru", "сколько стоит обед в школе"): "lunch-cost",
        ("es", "¿A qué hora empieza la escuela?"): "school-hours",
        ("ar", "متى عطلة الشتاء"): "school-calendar",
        ("es", "¿cuándo son las vacaciones de invierno?"): "school-calendar",
        ("es", "¿Qué vacunas necesita mi hijo?"): "immunizations",
        ("es", "el bus no ha llegado"): "late-bus",
        ("zh-Hans", "怎么给孩子报名上学"): "enrolment-documents",
        ("es", "¿cuántos créditos necesita para graduarse?"): "graduation-requirements",
        ("en", "my son lost his jacket"): "lost-and-found",
    }
    embedder = shared_embedder()
    right = wrong = 0
    with with_real_vectors.read() as session:
        for (language, question), slug in asked.items():
            found = _find(session, question, embedder, language).answer
            right += found is not None and found.slug == slug
            wrong += found is not None and found.slug != slug
    assert wrong == 0
    assert right >= 9


@pytest.mark.slow
def test_the_real_embedding_gives_no_answer_to_what_is_out_of_scope(with_real_vectors: Database) -> None:
    embedder = shared_embedder()
    with with_real_vectors.read() as session:
        for text in (
            "who won the game last night",
            "¿cómo renuevo mi pasaporte?",
            "hello",
            "what time does walmart close",
        ):
            finding = _find(session, text, embedder)
            assert finding.answer is None, text


def test_a_borrowed_word_finds_the_article_in_any_language(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        session.query(Article).filter_by(slug="school-calendar").one().text = "FAFSA night is in October."
        cast_world.index_articles(session, EMBEDDER, clock.now())
        asked = knowledge.Asked("fafsa goorma?", "so", EMBEDDER.embed(["fafsa goorma?"])[0])
        assert knowledge.rank(session, asked, EMBEDDER.version).keys[0] == (
            session.query(Article).filter_by(slug="school-calendar").one().id
        )


def test_without_an_embedding_the_words_still_find_what_to_offer(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        found = knowledge.find(session, knowledge.Asked("is there a uniform?", "en"), "")
        assert found.answer is None
        assert [article.slug for article in found.candidates] == ["dress-code"]
        assert knowledge.find(session, knowledge.Asked("swimming pool", "en"), "") == knowledge.Finding(None)


def test_questions_in_other_languages_are_indexed_and_also_without_their_accents(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        session.query(Article).filter_by(slug="dress-code").one().questions_in = {
            "vi": ["có đồng phục không"]
        }
        session.flush()
        source = next(
            source for source in knowledge_sources.sources(session) if "không" in str(source.questions)
        )
        asked = [question for _, question in source.parts() if question.language == "vi"]
        assert [question.text for question in asked] == ["có đồng phục không", "co dong phuc khong"]


def test_while_the_index_is_half_made_words_offer_titles_and_nothing_is_answered(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast_world.add_articles(session, clock.now())
        lunch = session.query(Article).filter_by(slug="lunch-cost").one()
        others = session.query(Embedding).filter(Embedding.owner_id != lunch.id)
        others.delete()
        session.flush()
        found = _find(session, "is there a uniform?")
        assert found.answer is None
        assert [article.slug for article in found.candidates] == ["dress-code"]
        assert _find(session, "swimming pool") == knowledge.Finding(None)
