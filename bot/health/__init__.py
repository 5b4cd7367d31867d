"""Is Homeline alive, is it ready, how is it doing."""

from __future__ import annotations

from bot.health.findings import HealthServices
from bot.health.routes import create_blueprint

__all__ = ["HealthServices", "create_blueprint"]
