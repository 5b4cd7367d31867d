"""How much happens in a drill, and the seed by which it happens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`families` are telephones that text meanwhile, `kills` those of the broadcast drill, `web_kills` of the other.

    `settle_seconds` is how long anything is waited for.
    """

    recipients: int = 20_000
    families: int = 500
    callbacks: int = 50_000
    kills: int = 20
    web_kills: int = 5
    seed: int = 20261122
    settle_seconds: float = 300.0
