"""One web server for the ingest figure: the product's webhook without its workers, or the bare floor.

`python -m bench.ingest_server product|floor PORT`, settings from the environment. The floor is the least
that an honest webhook does: check the signature, keep the text in one committed row, answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import waitress
from flask import Flask, Response, request
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table
from twilio.request_validator import RequestValidator

from bot import logs
from bot.app import Homeline
from bot.environment import load_settings
from bot.settings import Settings
from bot.storage.migrating import migrate
from bot.storage.session import Database
from bot.web import build_web

texts = Table(
    "texts",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sid", String, unique=True, nullable=False),
    Column("sender", String, nullable=False),
    Column("body", String, nullable=False),
    Column("received_at", DateTime, nullable=False),
)


def product(settings: Settings) -> Flask:
    """The product's own web app; nobody works on the turns that it stores."""
    home = Homeline(settings)
    migrate(home.database)
    return build_web(settings, home)


def floor(settings: Settings) -> Flask:
    """The bare route, on the product's own engine, pragmas and way to commit."""
    database = Database(settings.database_url)
    texts.create(database.engine)
    validator = RequestValidator(settings.auth_tokens[0])
    app = Flask("floor")

    @app.post("/twilio/messages")
    def receive() -> Response:
        form = request.form
        url = settings.public_base_url + request.path
        if not validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
            return Response(status=403)
        row = {"sid": form["MessageSid"], "sender": form["From"], "body": form["Body"],
               "received_at": datetime.now(UTC).replace(tzinfo=None)}  # fmt: skip
        with database.write() as session:
            session.execute(texts.insert(), row)
        return Response("<Response/>", content_type="text/xml; charset=utf-8")

    return app


BUILDS: dict[str, Callable[[Settings], Flask]] = {"product": product, "floor": floor}


def main() -> None:
    """Serve with the same server, threads and log as bot/serving.py."""
    kind, port = sys.argv[1], int(sys.argv[2])
    settings = load_settings(os.environ)
    logs.configure(settings.log_level)
    app = BUILDS[kind](settings)
    waitress.serve(
        app, host="127.0.0.1", port=port, threads=settings.web_threads,
        connection_limit=1000, channel_timeout=60, ident=None, clear_untrusted_proxy_headers=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
