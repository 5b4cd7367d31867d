"""Translation providers are found, and asked in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import translation
from bot.model.errors import BadSetting, TranslationError
from bot.translation import registry
from bot.translation.chain import Chain
from bot.translation.none import NoTranslation
from bot.translation.registry import build_chain, discover


class Provider:
    """Answers with what it was given; a word for failing, None for not doing the pair."""

    def __init__(self, name: str, answer: str | None, *, instant: bool = True) -> None:
        self.name, self.answer, self.asked, self.instant = name, answer, 0, instant

    def translate(self, text: str, source: str, target: str) -> str | None:
        self.asked += 1
        if self.answer == "FAIL":
            raise TranslationError("down")
        return self.answer


def test_the_first_usable_answer_counts_and_later_ones_are_not_asked() -> None:
    down, silent, blank = Provider("a", "FAIL"), Provider("b", None), Provider("c", "  ")
    good, spare = Provider("d", "Hola"), Provider("e", "Buenas")
    assert Chain([down, silent, blank, good, spare]).translate("Hello", "en", "es") == "Hola"
    assert [p.asked for p in (down, silent, blank, good, spare)] == [1, 1, 1, 1, 0]


def test_no_provider_means_no_translation() -> None:
    assert Chain([]).translate("Hello", "en", "es") is None
    assert build_chain(()).translate("Hello", "en", "es") is None
    assert build_chain(("none",)).translate("Hello", "en", "es") is None


def test_providers_are_found_by_name() -> None:
    assert "none" in discover()
    assert discover()["none"]({}).name == "none"


def test_an_unknown_provider_is_named_with_those_there_are() -> None:
    with pytest.raises(BadSetting, match="no provider babelfish; known: .*none"):
        build_chain(("none", "babelfish"))


def test_two_files_with_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "impostor_provider.py").write_text("NAME = 'none'\ndef build(values):\n    return None\n")
    monkeypatch.setattr(translation, "__path__", [*translation.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match="none"):
        discover()


def test_a_provider_that_asks_a_network_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "none": lambda values: NoTranslation(),
        "far": lambda values: Provider("far", "Hola", instant=False),
    }
    monkeypatch.setattr(registry, "discover", lambda: known)
    assert build_chain(("none",)).translate("Hello", "en", "es") is None
    with pytest.raises(BadSetting, match="far asks a network.*inside the transaction"):
        build_chain(("none", "far"))


def test_every_provider_there_is_answers_at_once() -> None:
    assert all(build({}).instant for build in discover().values())
