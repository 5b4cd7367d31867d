"""The commands behind `flask --app server …`, a file a group."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Give the app its commands."""
    from bot.commands import (
        accounts,
        audiences,
        broadcast,
        broadcast_approval,
        broadcast_series,
        chat,
        database,
        deliveries,
        doctor,
        entities,
        families,
        groups,
        knowledge,
        move,
        openings,
        phrases,
        resources,
        review,
        roster,
    )
    from bot.conversation.commands_line import flows
    from bot.understanding.commands import nlu

    broadcast.broadcast.add_command(broadcast_approval.approve)
    for deed in (broadcast_series.show, broadcast_series.skip, broadcast_series.stop):
        broadcast.broadcast.add_command(deed)
    nlu.add_command(review.export)
    nlu.add_command(entities.entities)
    at_work = (chat.chat, doctor.doctor, phrases.phrases, database.db, move.move_to_postgres, nlu, flows)
    district = (accounts.accounts, knowledge.knowledge, openings.openings, resources.resources, roster.roster)
    texting = (
        audiences.audiences,
        broadcast.broadcast,
        deliveries.deliveries,
        families.families,
        groups.groups,
    )
    for group in (*at_work, *district, *texting):
        app.cli.add_command(group)
