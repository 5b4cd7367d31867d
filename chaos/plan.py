"""How much happens in a drill, and the seed by which it happens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`families` are telephones that text meanwhile. `settle_seconds` is how long anything is waited for."""

    recipients: int = 20_000
    families: int = 500
    callbacks: int = 50_000
    kills: int = 20
    seed: int = 20261122
    settle_seconds: float = 300.0
