"""Start, serve and stop the product: all of it in one process, or its web, worker and clock apart."""

from __future__ import annotations

from bot.serving.preparing import prepare
from bot.serving.start import serve

__all__ = ["prepare", "serve"]
