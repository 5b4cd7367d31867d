"""A text's embedding begins when the text arrives, where a model is loaded, and only for texts that are signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from bot.app import Homeline
from bot.environment import load_settings
from bot.storage.migrating import migrate
from bot.web import build_web
from tests.journeys.house import TOKEN, House, message_fields, sid

PATH = "/twilio/messages"
TEXT = "what do the children eat on friday"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Homeline]:
    house = House(tmp_path, f"sqlite:///{tmp_path}/homeline.db")
    home = Homeline(load_settings(house.environment()))
    migrate(home.database)
    yield home
    home.close()


def _post(home: Homeline, client: FlaskClient, token: str) -> int:
    fields = message_fields("+15105550144", TEXT, sid(1))
    url = home.settings.public_base_url + PATH
    signature = RequestValidator(token).compute_signature(url, fields)
    return client.post(PATH, data=fields, headers={"X-Twilio-Signature": signature}).status_code


def test_a_signed_text_is_embedded_before_its_turn_is_taken(
    home: Homeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = build_web(home.settings, home).test_client()
    foreseen: list[str] = []
    embedder = home.embedder
    assert embedder is not None
    monkeypatch.setattr(embedder, "foresee", foreseen.append)
    assert _post(home, client, "0" * 32) == 403
    assert foreseen == []
    assert _post(home, client, TOKEN) == 200
    assert foreseen == [TEXT]


def test_a_process_without_a_model_loads_none_for_it(home: Homeline) -> None:
    assert _post(home, build_web(home.settings, home).test_client(), TOKEN) == 200
    assert "embedder" not in vars(home)
