"""`chat`: talk to the bot in the terminal, the way a family would, with nothing sent anywhere."""

from __future__ import annotations

import tempfile
from itertools import count
from pathlib import Path

import click
from sqlalchemy import select

from bot.app import Homeline, settings_from_environment
from bot.inbox.landing import land
from bot.model.messages import InboundMessage
from bot.serving import prepare
from bot.storage.conversations import Turn
from bot.storage.deliveries import Delivery


@click.command()
@click.option(
    "--from",
    "sender",
    default="+15105550178",
    help="The telephone number to write from (a demo family's, or any).",
)
@click.option("--show", is_flag=True, help="Show what was understood after each text.")
def chat(sender: str, show: bool) -> None:
    """Talk to the bot. It knows the demo district and forgets everything afterwards. Ctrl-D ends."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_from_environment().model_copy(
            update={"database_url": f"sqlite:///{Path(folder)}/chat.db", "demo": True}
        )
        home = Homeline(settings)
        prepare(home)
        home.indexing.index()
        click.echo(f"You write from {sender}. Ctrl-D ends.")
        for number in count(1):
            try:
                text = input("> ")
            except EOFError:
                click.echo()
                break
            for line in exchange(home, sender, text, number, show=show):
                click.echo(line)
        home.close()


def exchange(home: Homeline, sender: str, text: str, number: int, *, show: bool = False) -> list[str]:
    """One text in, the bot's answers out."""
    message = InboundMessage("sms", f"terminal-{number}", sender, "school", text, home.clock.now())
    with home.database.write() as session:
        turn_id = land(session, message, home.queue)
    assert turn_id is not None
    home.journey.take_turn(turn_id)
    with home.database.read() as session:
        bodies = session.scalars(
            select(Delivery.body)
            .where(Delivery.turn_id == turn_id, Delivery.recipient == sender)
            .order_by(Delivery.id)
        ).all()
        understood = session.scalar(select(Turn.understood).where(Turn.id == turn_id)) or {}
    lines = [f"  {line}" for body in bodies for line in (*body.splitlines(), "")]
    if show:
        lines.append(
            f"  [{understood.get('intent')} {understood.get('confidence')} · {' '.join(understood.get('flow', []))}]"
        )
    return lines
