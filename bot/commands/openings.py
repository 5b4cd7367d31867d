"""`openings add`: the times at which a member of staff can be met."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import click

from bot.commands.writing import changing
from bot.school.opening_plans import OpeningHours, add_opening_hours
from bot.school.openings import MODES


class _TimeOfDay(click.ParamType[time]):
    name = "HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """ "15:20" as a time of day."""
        try:
            return datetime.strptime(str(value), "%H:%M").time()
        except ValueError:
            self.fail(f"{value!r} is not a time of day such as 15:20", param, ctx)


@click.group()
def openings() -> None:
    """Times at which families can book a conference."""


@openings.command()
@click.option("--staff", required=True, metavar="SOURCE_ID", help="Who is met: the key in the roster.")
@click.option(
    "--date", "days", required=True, multiple=True, type=click.DateTime(["%Y-%m-%d"]),
    help="The day; may be given several times.",
)  # fmt: skip
@click.option("--from", "begins", required=True, type=_TimeOfDay(), help="In the school's zone.")
@click.option("--until", "ends", required=True, type=_TimeOfDay(), help="In the school's zone.")
@click.option("--minutes", default=20, show_default=True, help="How long one conference lasts.")
@click.option("--modes", default=",".join(MODES), show_default=True, help="Ways of meeting, comma list.")
@click.option("--place", help="Where; the school of the member of staff unless told otherwise.")
def add(staff: str, days: tuple[datetime, ...], minutes: int, modes: str, **hours: Any) -> None:
    """Add openings one after another in these hours. All of them, or none when one overlaps another."""
    offered = [mode.strip() for mode in modes.split(",") if mode.strip()]
    count = 0
    with changing() as (home, session):
        for day in days:
            wanted = OpeningHours(
                day=day.date(),
                length=timedelta(minutes=minutes),
                modes=offered,
                closed_days=home.policy.closed_days,
                **hours,
            )
            count += len(add_opening_hours(session, staff, wanted, home.clock.now(), home.settings.zone))
    click.echo(f"{count} openings added for {staff}.")
