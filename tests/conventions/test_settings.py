"""Settings are documented, and wrong ones stop the start with their name and the reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import Homeline
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
        ("SCHOOL_TIMEZONE", "America", "not a known time zone"),
        ("OFFICE_HOURS", "16:00-08:00", "must open before it closes"),
        ("OFFICE_HOURS", "08:00-08:00", "open before it closes"),
        ("ON_CALL_NUMBERS", "abc", "write numbers as"),
        ("CONFERENCE_REMINDERS", "99999999999d", "not a length of time"),
        ("CONFERENCE_REMINDERS", "999999d", "longer than a year"),
        ("DATABASE_URL", "garbage", "must be sqlite:"),
        ("DATABASE_URL", "mysql://x/y", "must be sqlite:"),
        ("HOMELINE_TRUSTED_PROXY", "notanip", "must be an IP address"),
        ("PUBLIC_BASE_URL", "https://h/path?x=1", "bare address"),
        ("PUBLIC_BASE_URL", "https:///path", "bare address"),
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


def test_a_password_of_the_database_is_never_shown_in_a_fault() -> None:
    with pytest.raises(BadSetting) as caught:
        load_settings({"DATABASE_URL": "mysql://homeline:hush@db/x"})
    assert "hush" not in str(caught.value)


def test_a_secret_file_that_holds_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="SECRET_KEY_FILE.*holds no text"):
        load_settings({"SECRET_KEY_FILE": str(tmp_path / "key")})


def test_a_folder_that_is_not_there_does_not_begin_an_empty_district(tmp_path: Path) -> None:
    wrong = {"DATABASE_URL": f"sqlite:///{tmp_path}/unmounted/homeline.db"}
    production = load_settings(wrong)
    assert any("there is no folder" in fault for fault in serving_faults(production))
    with pytest.raises(BadSetting, match="there is no folder"):
        _ = Homeline(production).database
    assert not (tmp_path / "unmounted").exists()
    assert not any("folder" in fault for fault in serving_faults(load_settings({})))


@pytest.mark.parametrize("arguments", [["server.py"], ["-m", "flask", "--app", "server", "doctor"]])
def test_a_wrong_setting_ends_with_the_status_that_no_supervisor_starts_again(arguments: list[str]) -> None:
    environment = {**os.environ, "PORT": "eighty"}
    ended = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, "PORT" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)


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
