"""Articles come from files; a translation stands for the English it was made from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.model.errors import BadInput
from bot.school.knowledge_import import load_articles
from bot.school.tabular.problems import ImportReport
from bot.storage.knowledge import Article, ArticleTranslation
from bot.storage.session import Database
from tests.school.small_roster import NOW

KNOWLEDGE = Path(__file__).parents[2] / "demo" / "knowledge"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def article(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "slug": "hours",
        "topic": "school day",
        "title": "School hours",
        "text": "School begins at 8:30.",
        "questions": ["when does school start", "bell\ntimes"],
        "source": "Handbook",
        "link": "https://www.example.org/hours",
        "checked": "2026-09-01",
        "translations": {
            "es": {"title": "Horario", "text": "La escuela empieza a las 8:30.", "review": "reviewed"}
        },
    }
    merged = {**usual, **changes}
    return {key: value for key, value in merged.items() if value is not ...}


def load(database: Database, folder: Path, *articles: Any) -> ImportReport:
    folder.mkdir(exist_ok=True)
    for number, item in enumerate(articles):
        (folder / f"{number}.yml").write_text(yaml.safe_dump(item, allow_unicode=True), encoding="utf-8")
    with database.write() as session:
        return load_articles(session, folder, NOW)


def current(database: Database) -> dict[str, bool]:
    """The stored translations by language, and whether each still stands for the English."""
    with database.read() as session:
        query = select(ArticleTranslation.language, ArticleTranslation.source_version, Article.version).join(
            Article
        )
        return {language: made_from == version for language, made_from, version in session.execute(query)}


def problems(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(problem.file, problem.rule, problem.column) for problem in report.problems]


def test_the_demo_articles_all_go_in(database: Database) -> None:
    with database.write() as session:
        report = load_articles(session, KNOWLEDGE, NOW)
    assert report.problems == ()
    assert report.counts["articles"].new >= 40
    assert all(current(database).values())


def test_an_article_is_stored_with_its_questions_and_translations(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, article(checked=date(2026, 9, 1), translations=...))
    load(database, tmp_path, article())
    with database.read() as session:
        row = session.scalars(select(Article)).one()
        assert (row.slug, row.title, row.source, row.active) == ("hours", "School hours", "Handbook", True)
        assert row.questions == "when does school start\nbell times"
        assert row.checked_on == date(2026, 9, 1)
        assert [(t.language, t.title, t.review) for t in row.translations] == [("es", "Horario", "reviewed")]
    assert current(database) == {"es": True}


def test_the_same_files_again_change_nothing(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, article())
    assert str(load(database, tmp_path, article()).counts["articles"]) == "1"


def test_new_english_makes_the_translation_stale_until_it_is_made_again(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, article())
    assert load(database, tmp_path, article(text="School begins at 9:00.")).counts["articles"].changed == 1
    assert current(database) == {"es": False}
    again = {"es": {"title": "Horario", "text": "La escuela empieza a las 9:00.", "review": "pending"}}
    load(database, tmp_path, article(text="School begins at 9:00.", translations=again))
    assert current(database) == {"es": True}


def test_new_example_questions_make_no_translation_stale(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, article())
    load(database, tmp_path, article(questions=["what time is school"]))
    assert current(database) == {"es": True}


def test_a_stale_translation_is_not_revived_by_new_questions_or_a_review(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, article())
    load(database, tmp_path, article(text="School begins at 9:00."))
    spanish = {"es": {"title": "Horario", "text": "La escuela empieza a las 8:30.", "review": "pending"}}
    load(database, tmp_path, article(text="School begins at 9:00.", questions=["bell"], translations=spanish))
    assert current(database) == {"es": False}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": ...}, "title"),
        ({"text": "  "}, "text"),
        ({"questions": "one question"}, "questions"),
        ({"questions": [1]}, "questions"),
        ({"checked": "last week"}, "checked"),
        ({"checked": 2026}, "checked"),
        ({"link": 5}, "link"),
        ({"titel": "x"}, "titel"),
    ],
)
def test_a_bad_article_is_reported_by_file_and_key_and_the_others_go_in(
    database: Database, tmp_path: Path, changes: dict[str, Any], key: str
) -> None:
    report = load(
        database, tmp_path, article(**changes), [article(slug="lunch"), article(slug="bus", link=...)]
    )
    assert problems(report) == [("0.yml", "article-key", key)]
    assert report.counts["articles"].new == 2


def test_a_bad_translation_is_left_out_alone(database: Database, tmp_path: Path) -> None:
    broken = {
        "es": {"title": "Horario"},
        "xx-nonsense": {"title": "a", "text": "b"},
        "vi": {"title": "Giờ", "text": "8:30"},
    }
    report = load(database, tmp_path, article(translations=broken), article(slug="b", translations=["es"]))
    assert {(file, column) for file, _, column in problems(report)} == {
        ("0.yml", "translations.es"),
        ("0.yml", "translations.xx-nonsense"),
        ("1.yml", "translations.?"),
    }
    assert current(database) == {"vi": True}


def test_files_that_are_no_articles_and_slugs_that_stand_twice_are_reported(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "broken.yml").write_text("title: [unclosed\nslug: x", encoding="utf-8")
    (tmp_path / "latin.yaml").write_bytes("title: Peña".encode("latin-1"))
    report = load(database, tmp_path, article(), article(), "just words")
    assert [(problem.file, problem.rule) for problem in report.problems] == [
        ("1.yml", "article-twice"), ("2.yml", "article-key"), ("broken.yml", "article-text"), ("latin.yaml", "article-text"),
    ]  # fmt: skip
    assert report.problems[2].line == 2
    with pytest.raises(BadInput, match="nowhere"), database.write() as session:
        load_articles(session, tmp_path / "nowhere", NOW)
