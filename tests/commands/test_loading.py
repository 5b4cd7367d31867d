"""`knowledge load`, `resources load` and `roster load`: a district's own files go in, bad ones are named."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from bot.development import DEMO
from bot.storage.knowledge import Article
from bot.storage.people import Student
from bot.storage.resources import Resource
from tests.commands.conftest import Operator


def count(operator: Operator, table: type[Article] | type[Resource] | type[Student]) -> int:
    with operator.home.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_articles_go_in_and_the_same_again_changes_nothing(operator: Operator) -> None:
    assert "Loaded: articles: 48 (48 new)" in operator.says("knowledge", "load", DEMO / "knowledge")
    assert count(operator, Article) == 48
    assert operator.says("knowledge", "load", DEMO / "knowledge") == "Loaded: articles: 48\n"


def test_services_go_in(operator: Operator) -> None:
    assert "Loaded: resources: " in operator.says("resources", "load", DEMO / "resources")
    assert count(operator, Resource) > 0


def test_a_trial_run_reports_and_changes_nothing(operator: Operator) -> None:
    for noun in ("knowledge", "resources", "roster"):
        assert "Would load: " in operator.says(noun, "load", DEMO / noun, "--dry-run")
    assert [count(operator, table) for table in (Article, Resource, Student)] == [0, 0, 0]


def test_a_bad_file_is_named_and_the_others_go_in(operator: Operator, tmp_path: Path) -> None:
    good = next(iter(sorted((DEMO / "knowledge").glob("*.yml"))))
    (tmp_path / good.name).write_bytes(good.read_bytes())
    (tmp_path / "broken.yml").write_text("slug: [", encoding="utf-8")
    told = operator.says("knowledge", "load", tmp_path)
    assert "broken.yml" in told and "Loaded: articles: " in told
    assert count(operator, Article) > 0


def test_a_folder_without_the_right_files_is_refused_in_words(operator: Operator, tmp_path: Path) -> None:
    for noun in ("resources", "roster"):
        told = operator.refuses(noun, "load", tmp_path)
        assert told.startswith("Error: ") and "Traceback" not in told


def test_a_database_without_its_tables_is_named_with_the_remedy(bare: Operator) -> None:
    assert "db upgrade" in bare.refuses("roster", "load", DEMO / "roster")
