"""Every door has its guard: roles in the console, tokens on posts, signatures on webhooks, none of the toys in production."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.app import Homeline
from bot.environment import load_settings
from bot.serving import prepare
from bot.web import build_web

PUBLIC = {"console.log_in", "console.sign_in", "console.static"}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+15105550190"}


def _app(folder: Path, mode: str) -> Flask:
    settings = load_settings(
        {
            "DATABASE_URL": f"sqlite:///{folder}/{mode}.db",
            "HOMELINE_MODE": mode,
            "SECRET_KEY": "conventions-" * 4,
            **TWILIO,
        }
    )
    home = Homeline(settings)
    prepare(home)
    return build_web(settings, home)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = _app(tmp_path_factory.mktemp("production"), "production")
    yield app
    app.extensions["homeline"].close()


@pytest.fixture(scope="module")
def development(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = _app(tmp_path_factory.mktemp("development"), "development")
    yield app
    app.extensions["homeline-carrier"].close()
    app.extensions["homeline"].close()


def _rules(app: Flask, prefix: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix)]


def _address(rule: Rule) -> str:
    built = rule.build({name: "1" for name in rule.arguments})
    assert built is not None
    return built[1]


def test_every_console_route_but_the_log_in_names_its_roles(production: Flask) -> None:
    rules = _rules(production, "/console")
    assert len(rules) > 10
    unguarded = [
        rule.endpoint
        for rule in rules
        if rule.endpoint not in PUBLIC
        and not getattr(production.view_functions[rule.endpoint], "required_roles", None)
    ]
    assert unguarded == []


def test_no_console_page_opens_without_log_in(production: Flask) -> None:
    client = production.test_client()
    for rule in _rules(production, "/console"):
        if rule.endpoint in PUBLIC or "GET" not in (rule.methods or ()):
            continue
        answer = client.get(_address(rule))
        assert answer.status_code in (302, 404), rule.rule
        if answer.status_code == 302:
            assert (
                "/console/log-in" in answer.headers["Location"] or "/login" in answer.headers["Location"]
            ), rule.rule


@pytest.mark.parametrize("prefix", ["/console", "/simulator/"])
def test_every_post_without_its_token_is_refused(development: Flask, prefix: str) -> None:
    client = development.test_client()
    posts = [
        r for r in _rules(development, prefix) if "POST" in (r.methods or ()) and "/carrier/" not in r.rule
    ]
    assert posts
    for rule in posts:
        assert client.post(_address(rule)).status_code in (400, 419), rule.rule


def test_every_webhook_without_its_signature_is_refused(production: Flask) -> None:
    client = production.test_client()
    posts = [r for r in _rules(production, "/twilio") if "POST" in (r.methods or ())]
    assert {r.rule for r in posts} == {"/twilio/messages", "/twilio/status"}
    for rule in posts:
        assert client.post(rule.rule, data={"MessageSid": "SM1", "From": "+1", "To": "+1"}).status_code == 403


def test_production_has_no_simulator_and_no_carrier(production: Flask, development: Flask) -> None:
    assert _rules(development, "/simulator")
    assert _rules(production, "/simulator") == []
    assert production.test_client().get("/simulator/").status_code == 404


def test_health_says_nothing_about_families(production: Flask) -> None:
    client = production.test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503  # no clock runs here
    assert ready.json is not None and ready.json["checks"]["database"]["ok"] is True
    assert b"homeline_ready" in client.get("/metrics").data
