"""Before anything leaves: who gets it, in which words, at which price, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.school.broadcasts.preview import Preview, preview
from bot.storage.broadcasts import Broadcast
from tests.broadcasts import District


def seen(district: District, text: str = "School is closed tomorrow.", **wanted: Any) -> Preview:
    """The preview of a draft; nothing is kept."""
    with district.database.write() as session:
        found = preview(session, district.compose(session, text, **wanted), district.desk)
        session.rollback()
    with district.database.read() as session:
        assert session.query(Broadcast).count() == 0
    return found


def samples(found: Preview) -> dict[str, str]:
    return {share.language: share.sample for share in found.languages}


def test_recipients_are_counted_by_language_and_who_is_left_out_by_reason(any_district: District) -> None:
    found = seen(any_district)
    assert found.recipients == 8
    assert [(share.language, share.recipients) for share in found.languages] == [
        ("en", 4),
        ("es", 3),
        ("so", 1),
    ]
    assert found.left_out == {"no_contact": 1}
    assert found.problems == [] and not found.needs_approval


def test_a_family_of_another_language_gets_the_note_that_nobody_translated_it(district: District) -> None:
    shares = {share.language: share for share in seen(district).languages}
    assert shares["en"].sample == "School is closed tomorrow."
    assert shares["es"].sample == "Written in English, not translated.\nSchool is closed tomorrow."
    assert [(shares[tag].translated, shares[tag].noted) for tag in ("en", "es")] == [
        (False, False),
        (False, True),
    ]


def test_a_translation_made_by_a_person_reaches_its_readers(district: District) -> None:
    found = seen(
        district, "Trip on {date}, {child}.", translations={"es": "Paseo el {date}, {child}."}, classes=["cls-2"],
        about_on=date(2026, 11, 20),
    )  # fmt: skip
    assert samples(found) == {
        "es": "Paseo el viernes, 20 de noviembre de 2026, Sofía.",
        "so": "Written in English, not translated.\nTrip on Friday, November 20, 2026, Ifrah.",
    }


def test_a_text_for_a_school_says_which_children_it_is_about(district: District) -> None:
    found = seen(district, "Picture day is Friday.", schools=["sch-3"])
    assert samples(found)["en"] == (
        "Cesar Chavez High School: this message is about Ava, Jayden.\nPicture day is Friday."
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("{child} is late.", {"schools": ["sch-3"]}), ("Leave the building.", {"schools": ["sch-3"], "category": "urgent"}),
     ("Closed.", {})],
)  # fmt: skip
def test_one_that_names_them_is_urgent_or_for_all_needs_no_such_line(
    district: District, text: str, wanted: dict[str, Any]
) -> None:
    assert "this message is about" not in samples(seen(district, text, **wanted))["en"]


def test_an_urgent_text_that_tells_nothing_of_a_child_reaches_every_adult(district: District) -> None:
    routine = seen(district, "Leave the building.", schools=["sch-3"])
    urgent = seen(district, "Leave the building.", schools=["sch-3"], category="urgent")
    assert (routine.recipients, routine.left_out) == (2, {"no_records": 1, "of_age": 1})
    assert (urgent.recipients, urgent.left_out, urgent.needs_approval) == (4, {}, True)


def test_class_and_teacher_are_those_of_the_class_that_is_texted(district: District) -> None:
    found = seen(district, "{child}: {class} with {teacher} at {school}.", classes=["cls-1"])
    assert samples(found)["en"] == "Mason: Homeroom 03 with Liam Williams at Alder Creek Elementary."


def test_every_recipient_without_a_value_is_named(any_district: District) -> None:
    found = seen(any_district, "Your teacher is {teacher}.", schools=["sch-2"])
    assert [str(problem) for problem in found.problems] == [
        "Hodan Warsame (about Ifrah): no value for {teacher}",
        "Ángel Quiñones (about Sofía): no value for {teacher}",
    ]


def test_segments_are_counted_as_each_family_gets_them_and_priced(district: District) -> None:
    district.policy = replace(district.policy, segment_price=Decimal("0.01"))
    found = seen(district, "x" * 161, languages=["en", "so"])
    assert [(share.language, share.segments) for share in found.languages] == [("en", 8), ("so", 2)]
    assert (found.segments, found.price, found.exact) == (10, Decimal("0.10"), True)


def test_no_price_is_told_where_none_is_set(district: District) -> None:
    assert seen(district).price is None


def test_a_large_one_needs_a_second_person(district: District) -> None:
    district.policy = replace(district.policy, approval_above=7)
    assert seen(district).needs_approval
    district.policy = replace(district.policy, approval_above=8)
    assert not seen(district).needs_approval
