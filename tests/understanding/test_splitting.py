"""Where a text may hold several requests: sentence ends and joining words of twelve languages, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.errors import BadInput
from bot.understanding.splitting import MOST_PARTS, Splitter, load_splitter

JOINING = Path(__file__).resolve().parents[2] / "nlu_data" / "joining.yml"
SPLITTER = load_splitter(JOINING)


def parts(text: str) -> list[str]:
    """The words of the parts."""
    return [part.text for part in SPLITTER.split(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What time is lunch? When is winter break?", ["What time is lunch?", "When is winter break?"]),
        ("she is sick today and when is winter break", ["she is sick today", "when is winter break"]),
        ("quiero una cita y tambien necesito comida", ["quiero una cita", "necesito comida"]),
        ("孩子今天发烧，不去上学，还有寒假什么时候开始", ["孩子今天发烧，不去上学", "寒假什么时候开始"]),
        ("孩子今天发烧了。学校几点放学？", ["孩子今天发烧了。", "学校几点放学？"]),
        ("ابني مريض اليوم ومتى تبدأ العطلة", ["ابني مريض اليوم", "متى تبدأ العطلة"]),
        ("ابني مريض اليوم، أريد موعدا مع المعلمة", ["ابني مريض اليوم", "أريد موعدا مع المعلمة"]),
        ("con toi om hom nay va toi muon gap co", ["con toi om hom nay", "toi muon gap co"]),
        ("Wuu xanuunsan yahay sidoo kale waxaan rabaa ballan", ["Wuu xanuunsan yahay", "waxaan rabaa ballan"]),
        ("M bezwen manje epi kilè lekòl la louvri", ["M bezwen manje", "kilè lekòl la louvri"]),
        ("Ele está doente e também preciso de comida", ["Ele está doente", "preciso de comida"]),
        ("Он заболел и ещё мне нужна встреча", ["Он заболел", "мне нужна встреча"]),
        ("Il est malade et aussi je voudrais un rendez-vous", ["Il est malade", "je voudrais un rendez-vous"]),
        ("오늘 아파서 못 가요 그리고 점심은 얼마예요", ["오늘 아파서 못 가요", "점심은 얼마예요"]),
        ("내일 지우 결석하고요 방학은 언제예요?", ["내일 지우 결석하고요", "방학은 언제예요?"]),
        ("오늘 아파서 결석이고 점심은 뭐예요?", ["오늘 아파서 결석이고", "점심은 뭐예요?"]),
        ("Аня не придёт и скажите во сколько конец уроков", ["Аня не придёт", "скажите во сколько конец уроков"]),
        ("mai con nghi hoc va hoi may gio tan hoc", ["mai con nghi hoc", "hoi may gio tan hoc"]),
        ("Absent po si Ana at tanong ko din po kung kailan", ["Absent po si Ana", "tanong ko din po kung kailan"]),
        ("Absent po si Ana tapos anong oras ang uwian", ["Absent po si Ana", "anong oras ang uwian"]),
        ("Ana p ap vini demen e m vle konnen kilè", ["Ana p ap vini demen", "m vle konnen kilè"]),
        ("May sakit siya ngayon at saka gusto kong makipagkita", ["May sakit siya ngayon", "gusto kong makipagkita"]),
        ("he is sick today\nwhere can we get food", ["he is sick today", "where can we get food"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_one_sentence_or_request_ends(text: str, wanted: list[str]) -> None:
    assert parts(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "my son is sick he threw up all night he stays home",
        "Mr. Smith from St. Mary said 3.30 p.m. is fine",
        "bread and butter for Ana and Luis",
        "Hello! Thanks.",
        "我儿子发烧了",
        "선생님하고 이야기하고 싶은데 언제 되나요",
        "애들이 놀린다고 하더라고요 걱정이에요",
        "ok",
        "",
        "???",
    ],
)
def test_without_a_mark_or_a_joining_word_nothing_is_cut(text: str) -> None:
    assert len(parts(text)) <= 1


def test_what_is_too_short_to_mean_anything_stays_with_its_neighbour() -> None:
    assert parts("Hi. What time is lunch? Thanks!") == ["Hi. What time is lunch? Thanks!"]


def test_no_text_has_more_than_four_parts_and_questions_and_joining_words_keep_their_borders() -> None:
    story = "He came home late. He was sad. He did not eat. He cried. What can I do? Also when is winter break? Bye now."
    found = SPLITTER.split(story)
    assert len(found) == MOST_PARTS
    assert any(part.joined and part.text.startswith("when is winter break?") for part in found)
    assert all(story[part.start : part.end] == part.text for part in found)


def test_a_part_knows_whether_it_asks_and_whether_a_joining_word_led_to_it() -> None:
    first, second = SPLITTER.split("Is there school on Friday? Also I need a meeting")
    assert (first.asks, first.joined, second.asks, second.joined) == (True, False, False, True)


def test_any_text_can_be_split_without_joining_words() -> None:
    assert [part.text for part in Splitter(()).split("One two. Three four.")] == ["One two.", "Three four."]


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "joining.yml").write_text("just words", encoding="utf-8")
    with pytest.raises(BadInput, match="joining"):
        load_splitter(tmp_path / "joining.yml")
