"""The drills of `make chaos`, small: so that what watches the product cannot rot."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import broadcast, callbacks
from chaos.modes import Embedded
from chaos.plan import Plan

pytestmark = pytest.mark.slow

SMALL = Plan(recipients=30, families=6, callbacks=600, kills=2, web_kills=1, settle_seconds=120)


def test_a_small_broadcast_survives_two_kills_and_a_failing_carrier(tmp_path: Path) -> None:
    report = broadcast.run(Embedded(tmp_path, broadcast.carrier_options(SMALL.seed)), SMALL)
    assert report.holds, report.told()


def test_a_few_callbacks_survive_a_kill_of_the_web(tmp_path: Path) -> None:
    report = callbacks.run(Embedded(tmp_path, ()), SMALL)
    assert report.holds, report.told()
