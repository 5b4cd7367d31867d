"""The keyword tables: well-formed in all twelve languages, and a word is found however it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.errors import BadInput
from bot.understanding.lookups import COMMANDS, KNOWN, NUMBERS, Lookups, entries, load_lookups
from bot.understanding.phrases import Phrases

LANGUAGES = ("ar", "en", "es", "fil", "fr", "ht", "ko", "pt-BR", "ru", "so", "vi", "zh-Hans")
FOLDER = Path(__file__).resolve().parents[2] / "nlu_data" / "lookups"


def table(tag: str, name: str) -> list[str]:
    """The entries of one table."""
    return [entry for found, entry in entries(FOLDER / f"{tag}.yml") if found == name]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_full_language_has_every_table(tag: str) -> None:
    assert {name for name, _ in entries(FOLDER / f"{tag}.yml")} == KNOWN


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_keyword_is_found_again_by_a_family_of_its_language(tag: str, lookups: Lookups) -> None:
    for name, entry in entries(FOLDER / f"{tag}.yml"):
        if name in COMMANDS:
            assert name in lookups.commands(entry, tag), (tag, name, entry)
        elif name in NUMBERS:
            assert lookups.number(entry, tag) == NUMBERS[name], (tag, name, entry)
        elif name == "crisis":
            assert lookups.crises.find(entry), (tag, entry)
        elif name == "stop_sentence":
            assert lookups.stops.find(entry), (tag, entry)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_stop_counts_whatever_language_the_family_has(tag: str, lookups: Lookups) -> None:
    for entry in table(tag, "stop"):
        for preferred in LANGUAGES:
            assert "stop" in lookups.commands(entry, preferred), (entry, preferred)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_keyword_is_taken_for_a_crisis(tag: str, lookups: Lookups) -> None:
    for name, entry in entries(FOLDER / f"{tag}.yml"):
        if name not in ("crisis", "stop_sentence"):
            assert lookups.crises.find(entry) is None, (tag, name, entry)


def test_every_language_can_be_named_in_every_language(lookups: Lookups) -> None:
    for tag in LANGUAGES:
        named = {line.split("=")[0].strip() for line in table(tag, "language_names")}
        assert named >= set(LANGUAGES), tag
    assert lookups.language_named("Español", whole=True) == "es"
    assert lookups.language_named("tieng viet", whole=True) == "vi"
    assert lookups.language_named("hello", whole=True) is None


@pytest.mark.parametrize(
    ("text", "preferred", "command"),
    [
        ("STOP", "es", "stop"), ("Alto.", "en", "stop"), ("إيقاف", "en", "stop"), ("СТОП!", "en", "stop"),
        ("停止", "en", "stop"), ("ok", "es", "yes"), ("SÍ", "en", "yes"), ("si", "es", "yes"), ("siiii", "es", "yes"),
        ("👍🏽", "es", "yes"), ("menú", "es", "menu"), ("cám ơn", "vi", "thanks"), ("cam on", "vi", "thanks"),
        ("hola", "en", "greeting"), ("مرحبا", "ar", "greeting"),
    ],
)  # fmt: skip
def test_keywords_are_found_in_any_spelling(
    text: str, preferred: str, command: str, lookups: Lookups
) -> None:
    assert command in lookups.commands(text, preferred)


@pytest.mark.parametrize(
    ("text", "letter"),
    [("C", "letter_c"), ("c.", "letter_c"), ("С", "letter_c"), ("Ｃ", "letter_c"), ("R", "letter_r"), ("x", "letter_x"),
     ("Х", "letter_x")],
)  # fmt: skip
def test_the_letters_of_a_reminder_are_found(text: str, letter: str, lookups: Lookups) -> None:
    assert letter in lookups.commands(text, "es")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("2.", 2), ("#3", 3), ("4)", 4), ("(5)", 5), ("６", 6), ("7️⃣", 7), ("٨", 8), ("option 2", 2),
        ("Opción 3", 3), ("number 4", 4), ("第2个", 2), ("2번", 2), ("the second", 2), ("uno", 1), ("dos", 2),
        ("0", None), ("10", None), ("bus 5", None), ("room 7", None), ("2 kids", None), ("1 or 2", None), ("no", None),
        ("2026", None),
    ],
)  # fmt: skip
def test_a_choice_is_read_from_digits_and_words(text: str, number: int | None, lookups: Lookups) -> None:
    assert lookups.number(text, "en") == number


def test_sentences_are_not_taken_for_keywords(lookups: Lookups) -> None:
    for text in (
        "does the bus stop at Pine Street",
        "el niño es alto",
        "no school today?",
        "yes she is sick today",
    ):
        assert lookups.commands(text, "en") == frozenset(), text


def test_a_familys_own_language_decides_what_a_word_means(tmp_path: Path) -> None:
    write(tmp_path / "en.yml", "no", "no")
    write(tmp_path / "xx.yml", "yes", "no")
    write(tmp_path / "yy.yml", "more", "no")
    found = load_lookups(tmp_path)
    assert found.commands("no", "en") == {"no"}
    assert found.commands("no", "xx") == {"yes", "no"}


def write(file: Path, name: str, entry: str) -> Path:
    """A table file with one entry."""
    file.write_text(
        f'version: "3.1"\nnlu:\n- lookup: "{name}"\n  examples: |\n    - {entry}\n', encoding="utf-8"
    )
    return file


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("nlu: [", "format"),
        ("other: 1", "format"),
        ("- a", "format"),
        ("nlu:\n- lookup: shout\n  examples: |\n    - hey\n", "unknown table 'shout'"),
        ("nlu:\n- lookup: stop\n  examples: |\n    - '!!!'\n", "without letters"),
        ("nlu:\n- lookup: language_names\n  examples: |\n    - Spanish\n", "language_names wants"),
    ],
)
def test_a_malformed_table_is_named_with_its_reason(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "en.yml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=reason):
        load_lookups(tmp_path)


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no lookup tables"):
        load_lookups(tmp_path)


@pytest.mark.parametrize(
    ("text", "stops"), [("dừng", True), ("DUNG", True), ("đúng", False), ("Dũng", False), ("dùng", False)]
)
def test_who_writes_accents_means_them(text: str, stops: bool, lookups: Lookups) -> None:
    assert ("stop" in lookups.commands(text, "vi")) is stops


def test_a_word_that_is_stop_and_yes_reads_as_yes_for_the_intent(lookups: Lookups) -> None:
    assert "yes" in lookups.commands("dung", "vi")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_harmless_phrase_silences_crisis_words_that_it_holds(tag: str, lookups: Lookups) -> None:
    every = Phrases(entry for other in LANGUAGES for entry in table(other, "crisis"))
    for entry in table(tag, "harmless"):
        assert every.find(entry), (tag, entry, "holds no crisis phrase, so it does nothing")
        assert lookups.crises.find(entry) is None, (tag, entry)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_crisis_phrase_is_silenced_by_itself(tag: str, lookups: Lookups) -> None:
    for entry in table(tag, "crisis"):
        assert lookups.crises.find(entry), (tag, entry)


ASKS_FOR_A_LANGUAGE = """stop sending me messages in English
dejen de mandarme mensajes en inglés
ne m'envoyez plus de messages en anglais
parem de me mandar mensagem em inglês
не присылайте мне сообщения на английском
больше не присылайте по-английски
لا ترسلوا لي رسائل بالانجليزي
لا ترسلوا لي رسائل بالإنجليزية
đừng gửi tin nhắn tiếng Anh cho tôi nữa
xin dung gui tin tieng anh
不要再给我发英文短信
영어 문자 보내지 마세요
sispann voye mesaj an anglè
fariimo ha ii soo dirin af ingiriis
wag na kayong magtext ng English"""


@pytest.mark.parametrize("text", ASKS_FOR_A_LANGUAGE.splitlines())
def test_who_names_a_language_asks_for_another_one_and_not_for_a_stop(text: str, lookups: Lookups) -> None:
    assert lookups.stops.find(text), text
    assert not lookups.asks_to_stop(text)


ASKS_TO_STOP = """stop sending me messages
dejen de mandarme mensajes
ne m'envoyez plus de messages
parem de me mandar mensagem
не присылайте мне сообщения
لا ترسلوا لي رسائل
đừng gửi tin nhắn cho tôi nữa
不要再给我发短信
문자 보내지 마세요
sispann voye mesaj
fariimo ha ii soo dirin
wag na kayong magtext"""


@pytest.mark.parametrize("text", ASKS_TO_STOP.splitlines())
def test_the_same_without_a_language_is_a_stop(text: str, lookups: Lookups) -> None:
    assert lookups.asks_to_stop(text)


@pytest.mark.parametrize("text", ["довольно", "tama na", "huwag na", "wag na"])
def test_enough_and_never_mind_are_no_stop(text: str, lookups: Lookups) -> None:
    assert "stop" not in lookups.commands(text, "fil" if text.isascii() else "ru")


@pytest.mark.parametrize(
    ("language", "text", "number", "command"),
    [
        ("en", "the first one please", 1, "number_1"), ("en", "please cancel it", None, "cancel"),
        ("es", "cancela por favor", None, "cancel"), ("fr", "le premier s'il vous plaît", 1, "number_1"),
        ("fil", "isa po", 1, "number_1"), ("zh-Hans", "请取消", None, "cancel"), ("ko", "취소해주세요", None, "cancel"),
    ],
)  # fmt: skip
def test_politeness_beside_a_word_takes_nothing_from_it(
    language: str, text: str, number: int | None, command: str, lookups: Lookups
) -> None:
    assert lookups.number(text, language) == number
    assert command in lookups.commands(text, language)


def test_politeness_alone_says_nothing(lookups: Lookups) -> None:
    assert lookups.commands("please", "en") == lookups.commands("làm ơn", "vi") == frozenset()


@pytest.mark.parametrize(
    ("text", "number"),
    [("2 please", 2), ("the 3rd one", 3), ("a 2 por favor", 2), ("el 2º", 2), ("12", None), ("2 or 3", None), ("two kids", None)],
)  # fmt: skip
def test_a_digit_names_a_choice_in_few_words_around_it(
    text: str, number: int | None, lookups: Lookups
) -> None:
    assert lookups.number(text, "en") == number
