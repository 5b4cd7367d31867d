"""What single words of a sentence tell."""

from __future__ import annotations

import json

import pytest

from bot.conversation.hearing import (
    asks_for_change,
    introduced,
    is_reference,
    leading_answer,
    names_cancelling,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yes i need an interpreter", True), ("sí necesito", True), ("có", True), ("نعم من فضلك", True), ("네", True),
        ("i dont need an interpreter", False), ("I don’t need one", False), ("no lo necesito", False), ("لا أحتاج", False),
        ("không cần", False), ("yo no quiero", False), ("tôi không cần", False),
        ("the interpreter speaks Somali", None), ("yes but change the time", None), ("cô giáo dạy toán", None), ("", None),
        ("có thể đổi giờ", None), ("i need food", None), ("perfect thanks", True), ("great see you then", True),
        ("thanks, see you there!", True), ("perfecto, ahí nos vemos", True), ("отлично, спасибо", True), ("ممتاز شكرا", True),
        ("太好了谢谢", True), ("좋아요 감사합니다", True), ("tuyệt cảm ơn cô", True), ("great, but not that day", None),
        ("perfect, can my husband come too?", None), ("great can we change the time", None), ("thank you", None),
    ],
)  # fmt: skip
def test_a_sentence_may_say_yes_or_no(text: str, meant: bool | None) -> None:
    assert leading_answer(text) is meant


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("HL-7K3M2", True),
        ("hl 7k3m2", True),
        ("HL-7K3M2!", True),
        ("my case HL-7K3M2", False),
        ("HL-12", False),
        ("hello", False),
    ],
)
def test_a_reference_alone_is_recognised(text: str, is_one: bool) -> None:
    assert is_reference(text) is is_one


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("soy Liam", ""), ("This is Ava.", ""), ("tôi là Ava", ""), ("أنا Ava", ""), ("I'm liam", ""),
        ("hola soy Liam quiero una cita", "quiero una cita"), ("I am worried", None), ("Liam", None), ("I am Emma", None),
    ],
)  # fmt: skip
def test_who_writes_on_a_shared_telephone_is_heard(text: str, more: str | None) -> None:
    assert introduced(text, {"line_names": json.dumps(["Ava", "Liam"])}) == more
    assert introduced(text, {}) is None


@pytest.mark.parametrize(
    "text", ["I want to change the time", "hay que cambiarlo", "thay đổi", "تغيير الوقت", "this is wrong"]
)
def test_a_wish_for_a_change_is_heard(text: str) -> None:
    assert asks_for_change(text)
    assert not asks_for_change("yes that is right")


@pytest.mark.parametrize(
    ("text", "said"),
    [("cancel it", True), ("Cancelar", True), ("hủy", True), ("pakicancel", True), ("kanselahin", True), ("캔슬", True),
     ("tirtir", True), ("الغيها", True), ("never mind", False), ("thôi", False), ("됐어요", False)],
)  # fmt: skip
def test_never_mind_cancels_nothing(text: str, said: bool) -> None:
    assert names_cancelling(text) is said
