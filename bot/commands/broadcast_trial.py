"""`broadcast try`: a draft on the telephones of staff, marked as a trial."""

from __future__ import annotations

from typing import Any

import click

from bot.commands.writing import changing
from bot.console.line import OutboxLine
from bot.model.delivery import DeliveryState
from bot.school.accounts import OPERATOR
from bot.school.broadcasts.drafts import load
from bot.school.broadcasts.preview import Desk
from bot.school.broadcasts.trying import Wanted, try_out


@click.command("try")
@click.argument("number", type=int)
@click.option(
    "--to",
    "numbers",
    multiple=True,
    metavar="+1…",
    help="A number of staff; else the author's own in the roster.",
)
@click.option("--in", "language", metavar="TAG", help="As families of this language read it.")
def try_it(number: int, **wanted: Any) -> None:
    """Send broadcast NUMBER to telephones of staff, marked as a trial. Families get nothing."""
    with changing() as (home, session):
        desk = Desk(home.policy, home.wording, home.settings.zone, home.clock.now())
        line = OutboxLine(home.queueing, home.clock)
        texts = try_out(session, load(session, number), Wanted(**wanted), desk, OPERATOR)
        rows = [line.send_trial(session, text) for text in texts]
        told = [f"{row.recipient}: {_told(row.state, row.reason)}" for row in rows]
    click.echo("\n".join(told))


def _told(state: str, reason: str | None) -> str:
    return "is on its way" if state == DeliveryState.QUEUED else f"{state}. {reason or ''}".rstrip()
