"""Builds the app and serves it: `python server.py` is the whole embedded product."""

from __future__ import annotations

import gc
import os
import sys

gc.set_threshold(100_000)  # all that is loaded stays: looking through it took a tenth of the start
os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # stands before numpy and the embedding load: their threads stay bounded

from flask import Flask  # noqa: E402

from bot import commands, logs  # noqa: E402
from bot.app import settings_from_environment  # noqa: E402
from bot.model.errors import BadSetting  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.web import build_web  # noqa: E402


def create_app() -> Flask:
    """The web app with its commands, as `flask --app server` wants it; no threads are started."""
    logs.configure("WARNING", json=False)  # commands speak on standard output; logs stay on standard error
    app = build_web(_settings())
    commands.register(app)
    return app


def _settings() -> Settings:
    try:
        return settings_from_environment()
    except BadSetting as error:
        from bot.serving.start import CANNOT
        from bot.serving.telling import say

        say("Homeline cannot start:", str(error))
        sys.exit(CANNOT)


if __name__ == "__main__":
    from bot.serving import serve

    sys.exit(serve(_settings()))
