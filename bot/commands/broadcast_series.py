"""`broadcast skip|stop-series|series`: what is sent again and again."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy.orm import Session

from bot.commands.broadcast import desk_of, moment_of, series_of
from bot.commands.broadcast_words import told_moment
from bot.commands.writing import changing
from bot.school.accounts import OPERATOR
from bot.school.broadcasts.occurrences import skip_occurrence, stop_series
from bot.school.broadcasts.series import coming
from bot.storage.broadcast_series import BroadcastSeries, list_occurrences

SHOWN = 10


@click.command("series")
@click.argument("number", type=int)
def show(number: int) -> None:
    """Show the rule, the next dates and the latest broadcasts of the series of a broadcast."""
    with changing() as (home, session):
        series, zone = _load(session, number), home.settings.zone
        click.echo(f"{series.rule}  {series.state}  from {told_moment(series.starts_at, zone)}")
        dates = coming(session, series, desk_of(home).calendar, home.clock.now())
        click.echo(f"next: {', '.join(told_moment(moment, zone) for moment in dates) or 'none'}")
        for row in list_occurrences(session, series.id, SHOWN):
            click.echo(f"{row.id}  {row.state}  {told_moment(row.send_at or row.created_at, zone)}")


@click.command()
@click.argument("number", type=int)
@click.option(
    "--on",
    "wall",
    required=True,
    type=click.DateTime(["%Y-%m-%d %H:%M"]),
    help="The time, as `series` shows it.",
)
def skip(number: int, wall: datetime) -> None:
    """Leave out one coming time of the series of a broadcast."""
    with changing() as (home, session):
        moment = moment_of(wall, home.settings.zone) or home.clock.now()
        skip_occurrence(session, _load(session, number).id, moment, OPERATOR, desk_of(home))
    click.echo(f"The one of {wall:%Y-%m-%d %H:%M} is left out.")


@click.command("stop-series")
@click.argument("number", type=int)
def stop(number: int) -> None:
    """End the series of a broadcast: no more of it is sent. One that is being sent goes on."""
    with changing() as (home, session):
        stop_series(session, _load(session, number).id, OPERATOR, home.clock.now())
    click.echo(f"The series of broadcast {number} is stopped.")


def _load(session: Session, number: int) -> BroadcastSeries:
    return session.get_one(BroadcastSeries, series_of(session, number))
