"""Settings are documented, and wrong ones stop the start with their name and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.environment import load_settings, serving_faults
from bot.model.errors import BadSetting
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_stands_in_the_operators_guide() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [f.alias for f in Settings.model_fields.values() if f"`{f.alias}`" not in guide] == []


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("HOMELINE_COLOUR", "red", "no such setting"),
        ("PORT", "eighty", "PORT"),
        ("SCHOOL_TIMEZONE", "Mars/Olympus", "not a known time zone"),
        ("QUIET_HOURS", "night", "two times of day"),
        ("CONFERENCE_REMINDERS", "3d,soon", "not a length of time"),
        ("PUBLIC_BASE_URL", "school.example.org", "must begin with http"),
        ("HOMELINE_ROLE", "boss", "HOMELINE_ROLE"),
        ("SECRET_KEY_FILE", "/nowhere/secret", "cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_with_its_reason(name: str, value: str, reason: str) -> None:
    with pytest.raises(BadSetting, match=reason) as caught:
        load_settings({name: value})
    assert name.removesuffix("_FILE") in str(caught.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(BadSetting) as caught:
        load_settings({"HOMELINE_COLOUR": "red", "PORT": "eighty"})
    assert "HOMELINE_COLOUR" in str(caught.value) and "PORT" in str(caught.value)


def test_a_secret_is_never_shown_in_a_fault() -> None:
    with pytest.raises(BadSetting) as caught:
        load_settings({"TWILIO_AUTH_TOKEN": "hush", "PORT": "x"})
    assert "hush" not in str(caught.value)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("one,two\n")
    settings = load_settings({"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.auth_tokens == ("one", "two")


def test_the_environment_wins_over_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nDISTRICT_NAME=Elm\n")
    settings = load_settings({"PORT": "9001"}, dotenv=tmp_path / ".env")
    assert (settings.port, settings.district) == (9001, "Elm")


def test_production_without_secrets_says_what_is_missing() -> None:
    faults = "\n".join(serving_faults(load_settings({})))
    assert "SECRET_KEY" in faults and "TWILIO_AUTH_TOKEN" in faults and "TWILIO_FROM" in faults


def test_development_serves_without_any_setting() -> None:
    assert serving_faults(load_settings({"HOMELINE_MODE": "development"})) == []
