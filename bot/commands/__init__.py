"""The commands behind `flask --app server …`, a file a group."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Give the app its commands."""
    from bot.commands import chat, database, doctor, phrases, roster
    from bot.conversation.commands_line import flows
    from bot.understanding.commands import nlu

    for group in (nlu, flows, chat.chat, doctor.doctor, phrases.phrases, database.db, roster.roster):
        app.cli.add_command(group)
