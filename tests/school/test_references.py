"""References can be read out on the telephone, and slips are noticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.school.references import LETTERS, find_reference, new_reference


def _picker(signs: str) -> Callable[[str], str]:
    waiting = iter(signs)
    return lambda _: next(waiting)


def test_a_reference_has_five_signs_none_of_which_look_alike() -> None:
    reference = new_reference(lambda _: False)
    assert reference.startswith("HL-")
    assert len(reference) == 8
    assert not set(reference[3:]) & set("01OILBSZGUAEY")


def test_a_taken_reference_is_not_given_twice() -> None:
    first = new_reference(lambda _: False, _picker("7K3M"))
    second = new_reference(lambda reference: reference == first, _picker("7K3M" + "7K3N"))
    assert first != second


def test_references_grow_when_the_short_ones_run_out() -> None:
    assert len(new_reference(lambda reference: len(reference) == 8)) == 9


def test_when_all_are_taken_it_says_so() -> None:
    with pytest.raises(RuntimeError):
        new_reference(lambda _: True)


@pytest.mark.parametrize("written", ["{0}", "my case {0} please", "{1}", "¿qué pasó con {2}?"])
def test_a_reference_is_found_however_it_is_written(written: str) -> None:
    reference = new_reference(lambda _: False, _picker("7K3M"))
    signs = reference[3:]
    text = written.format(reference, f"hl {signs.lower()}", f"HL{signs}")
    assert find_reference(text) == reference


def test_every_single_slip_and_every_swap_of_neighbours_is_noticed() -> None:
    reference = new_reference(lambda _: False, _picker("7K3M"))
    signs = reference[3:]
    for place in range(5):
        for wrong in LETTERS.replace(signs[place], ""):
            assert find_reference(f"HL-{signs[:place]}{wrong}{signs[place + 1 :]}") is None
    for place in range(4):
        swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
        assert swapped == signs or find_reference(f"HL-{swapped}") is None


def test_a_text_without_a_reference_has_none() -> None:
    assert find_reference("hello, HL school?") is None
