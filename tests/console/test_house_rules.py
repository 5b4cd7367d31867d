"""What holds on every page of the console."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from bot.console import cases as cases_room
from bot.model.errors import Taken
from tests.console.broadcasting import write
from tests.console.house import Cast, SignIn

OPEN_TO_ALL = {"console.log_in", "console.sign_in", "console.static"}


def test_every_route_but_the_door_names_its_roles(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console.") and rule.endpoint not in OPEN_TO_ALL:
            assert getattr(app.view_functions[rule.endpoint], "required_roles", None), rule


def test_no_route_answers_a_stranger(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint.startswith("console.")
            and rule.endpoint not in OPEN_TO_ALL
            and "GET" in (rule.methods or ())
        ):
            address = re.sub(r"<\w+:\w+>", "1", rule.rule)
            assert client.get(address).status_code == 302, rule


def test_no_deed_is_done_without_a_token(app: Flask, signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console.") and "POST" in (rule.methods or ()):
            address = re.sub(r"<key:\w+>", "1", rule.rule)
            assert rosa.client.post(address, data={"text": "x"}).status_code == 400, rule


def test_pages_are_not_kept_by_the_browser_and_load_nothing_from_elsewhere(signed_in: SignIn) -> None:
    answer = signed_in("rosa").client.get("/console/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = answer.get_data(as_text=True)
    assert "http://" not in page and "https://" not in page
    assert "/bootstrap/static/css/bootstrap.min.css" in page


def test_an_address_that_leads_nowhere_says_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in("rosa").client.get("/console/no/such/page")
    page = answer.get_data(as_text=True)
    assert (
        answer.status_code == 404
        and "There is nothing at this address" in page
        and "Go to your cases" in page
    )


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000])
def test_a_number_that_no_row_can_have_leads_nowhere(signed_in: SignIn, number: str) -> None:
    rosa = signed_in("rosa")
    for address in (
        f"cases/{number}", f"cases/{number}/pulse", f"broadcasts/{number}", f"broadcasts/{number}/recipients",
        f"conversations/{number}", f"families/{number}/hours",
    ):  # fmt: skip
        assert rosa.client.get(f"/console/{address}").status_code == 404, address
    for address in ("", "broadcasts", "conversations", "not-arrived", "review"):
        assert rosa.client.get(f"/console/{address}?page={number}").status_code == 200, address
    assert rosa.client.get(f"/console/broadcasts/new?like={number}").status_code == 200
    for field in ("classes", "schools", "series", "replaces", "saved"):
        assert write(rosa, **{field: number}).status_code in (200, 422), field


def test_a_failure_of_ours_shows_a_page_and_no_secrets(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret detail")

    rosa = signed_in("rosa")
    monkeypatch.setattr(cases_room.case_list, "count_tabs", broken)
    answer = rosa.client.get("/console/")
    page = answer.get_data(as_text=True)
    assert (
        answer.status_code == 500
        and "Something went wrong on our side" in page
        and "secret detail" not in page
    )


def test_a_colleague_who_was_faster_is_told_of(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_args: object) -> None:
        raise Taken("case 1")

    rosa = signed_in("rosa")
    monkeypatch.setattr(cases_room.case_list, "count_tabs", taken)
    answer = rosa.client.get("/console/")
    assert answer.status_code == 409 and "Somebody else was faster" in answer.get_data(as_text=True)
