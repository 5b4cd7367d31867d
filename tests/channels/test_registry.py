"""Channels are found, not listed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import channels
from bot.channels.registry import discover


def test_every_channel_file_is_found_under_its_name() -> None:
    assert set(discover()) == {"sms", "terminal"}


def test_two_files_with_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "impostor.py").write_text("NAME = 'sms'\ndef build(values):\n    return None\n")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path)])
    with pytest.raises(ValueError, match="sms"):
        discover()


def test_finding_the_channels_does_not_load_twilios_rest_library() -> None:
    look = "import sys; from bot.channels.registry import discover; discover(); print('twilio.rest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
