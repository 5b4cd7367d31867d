"""Every transcript under tests/flows/ is played through the real flows and actions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.model.dialogue import Say
from bot.model.yaml_text import read_yaml
from bot.storage.conversations import Conversation
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock
from tests.flows.stage import Stage, describe, values_of
from tests.flows.world import PROBES, set_stage, use_trained_model

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_conversation_goes_as_the_transcript_says(file: Path, world: Database, clock: FixedClock) -> None:
    script = read_yaml(file.read_text(encoding="utf-8"))
    phone = getattr(cast, script.get("phone", "DANDRE"))
    stage = set_stage(world, clock, phone, script.get("given", []), script.get("language"))
    if "spoken" in script:
        stage.policy = replace(stage.policy, spoken=tuple(script["spoken"]))
    if script.get("model") == "real":
        use_trained_model(stage)
    for number, part in enumerate(script["turns"], 1):
        where = f"{file.parent.name}/{file.name}, line {number} of its turns"
        if "parent" in part:
            assert not stage.said, f"{where}: before this the line said also {_brief(stage.said)}"
            stage.hear(str(part["parent"]), part.get("understood"), opt_out=part.get("opt_out"))
        elif "bot" in part:
            assert stage.said, f"{where}: the line said nothing more"
            _check_say(stage, stage.said.pop(0), part, where)
        else:
            _check_world(stage, part["after"], where)
    assert not stage.said, f"{file.name}: the line said also {_brief(stage.said)}"


def test_every_flow_has_transcripts_in_english_and_spanish() -> None:
    flows = {file.parent.name for file in FILES}
    for flow in flows:
        languages = {file.stem.rsplit(".", 1)[1] for file in FILES if file.parent.name == flow}
        assert {"en", "es"} <= languages, f"tests/flows/{flow} lacks English or Spanish"
    needed = {"ask_question", "voice_concern", "find_resource", "book_conference", "change_conference", "opt_out", "help",
              "change_language", "talk_to_human", "small_talk", "hand_to_office", "check_status", "crisis"}  # fmt: skip
    assert needed <= flows


def _check_say(stage: Stage, say: Say, part: dict[str, Any], where: str) -> None:
    wanted = part["bot"] if isinstance(part["bot"], list) else [part["bot"]]
    assert [describe(text) for text in say.texts] == wanted, where
    if "choices" in part:
        assert [describe(choice.label) for choice in say.choices] == part["choices"], where
    values = values_of(say)
    for name, value in part.get("values", {}).items():
        assert values.get(name) == str(value), f"{where}: {name} is {values.get(name)!r}"
    body, in_language = stage.rendered(say)
    if "says" in part and in_language:
        assert part["says"] in body, f"{where}: {body}"
    if "kind" in part:
        assert say.kind == part["kind"], where


def _check_world(stage: Stage, wanted: dict[str, Any], where: str) -> None:
    with stage.database.read() as session:
        line = session.get_one(Conversation, stage.conversation_id)
        found = {name: PROBES[name](session, line) for name in wanted if name != "alerts"}
    if "alerts" in wanted:
        found["alerts"] = len(stage.notices)
    assert found == wanted, where


def _brief(says: list[Say]) -> list[list[str]]:
    return [[describe(text) for text in say.texts] for say in says]
