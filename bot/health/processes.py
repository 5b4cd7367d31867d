"""Which processes of this installation live, as their signs of life tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.health.findings import Finding, HealthServices
from bot.storage.heartbeats import list_processes, owner_of

SILENT_AFTER = timedelta(seconds=12)
"""Without a sign of life for so long, a process is dead or cut off."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this installation as its sign of life tells. `age`: since the last one."""

    name: str
    role: str
    age: timedelta
    leads: bool = False
    model: Finding | None = None

    @property
    def silent(self) -> bool:
        """Dead, or cut off."""
        return self.age > SILENT_AFTER


def list_shown(services: HealthServices) -> Sequence[Process]:
    """All processes that have not ended in order, the silent ones too."""
    with services.database.read() as session:
        beats = list_processes(session)
    now = services.clock.now()
    return [
        Process(
            name=owner_of(beat),
            role=str(beat.detail.get("role", "")),
            age=now - beat.at,
            leads=bool(beat.detail.get("leads")),
            model=Finding(*beat.detail["model"]) if "model" in beat.detail else None,
        )
        for beat in beats
    ]


def check_workers(services: HealthServices) -> Mapping[str, Finding]:
    """Whether somebody answers families, and where that is another process, whether it has its model."""
    if services.database.embedded:
        return {}
    workers = [one for one in list_shown(services) if one.role in ("all", "worker") and not one.silent]
    if not workers:
        return {
            "workers": Finding(
                False, "none shows life; is a process with HOMELINE_ROLE all or worker running?"
            )
        }
    found = {"workers": Finding(True, f"{len(workers)} show life")}
    if services.model is None:
        told = [one.model for one in workers if one.model is not None]
        found["model"] = next(
            (model for model in told if model.ok), told[0] if told else Finding(False, "unknown")
        )
    return found
