"""What is deployed fits the settings: every role is run, no setting is named that does not exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PARTS = set(get_args(Settings.model_fields["role"].annotation)) - {"all"}
KNOWN = {str(field.alias) for field in Settings.model_fields.values()}


def test_the_procfile_runs_each_part() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert {line.split(":")[0] for line in lines} == PARTS
    assert all(f"HOMELINE_ROLE={line.split(':')[0]} " in line for line in lines)


@pytest.mark.parametrize("role", sorted(PARTS))
def test_each_part_has_a_unit_that_is_started_again_unless_its_settings_are_wrong(role: str) -> None:
    unit = (DEPLOY / "systemd" / f"homeline-{role}@.service").read_text()
    for line in (
        "Restart=always",
        "RestartPreventExitStatus=2",
        "TimeoutStopSec=60",
        "PartOf=homeline.target",
    ):
        assert line in unit.splitlines()
    assert f"HOMELINE_ROLE={role} " in unit
    assert unit.count(f"Homeline {role} ") == 1
    assert f"homeline-{role}@2.service" in (DEPLOY / "systemd" / "homeline.target").read_text()


def test_the_units_name_settings_that_exist() -> None:
    given = (DEPLOY / "systemd" / "homeline.env").read_text()
    names = re.findall(r"^([A-Z_]+)=", given, re.MULTILINE)
    assert [name for name in names if name.removesuffix("_FILE") not in KNOWN] == []


def test_the_containers_run_two_of_each_part_on_one_port() -> None:
    services = yaml.safe_load((DEPLOY / "containers" / "compose.yml").read_text())["services"]
    roles = {name: one["environment"]["HOMELINE_ROLE"] for name, one in services.items() if name in PARTS}
    assert roles == {role: role for role in PARTS}
    assert {services[role]["deploy"]["replicas"] for role in PARTS} == {2}
    assert services["web"]["network_mode"] == "service:door"
    named = {name for one in services.values() for name in one.get("environment", {})}
    assert {name for name in named if not name.startswith("POSTGRES_")} <= KNOWN


def test_the_image_has_all_that_the_product_reads() -> None:
    image = (DEPLOY / "containers" / "Containerfile").read_text()
    copied = " ".join(re.findall(r"^COPY (.*)$", image, re.MULTILINE)).split()
    for needed in (
        "server.py",
        "config.yml",
        "requirements.txt",
        "bot",
        "flows",
        "nlu_data",
        "models",
        "demo",
    ):
        assert needed in copied and (ROOT / needed).exists()
