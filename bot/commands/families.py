"""`families hours`: when a guardian wants to be texted, and in which zone."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.writing import changing
from bot.model.errors import BadInput, NotFound
from bot.school.accounts import OPERATOR
from bot.school.resting import OwnHours, district_rest, read_hours, set_hours
from bot.storage.people import Guardian

_CLOCK = click.DateTime(["%H:%M"])


@click.group()
def families() -> None:
    """What families wish."""


@families.command()
@click.argument("source_id")
@click.option("--not-before", type=_CLOCK, metavar="HH:MM", help="No unasked text before this time of day.")
@click.option("--not-after", type=_CLOCK, metavar="HH:MM", help="No unasked text after this time of day.")
@click.option(
    "--zone",
    metavar="NAME",
    help="Where the guardian is, such as America/Chicago; else the roster's or the school's.",
)
@click.option("--clear", is_flag=True, help="Take back what was set.")
def hours(
    source_id: str, not_before: datetime | None, not_after: datetime | None, zone: str | None, clear: bool
) -> None:  # fmt: skip
    """Set when the guardian SOURCE_ID is texted, in place of what was set before; without an option, show it."""
    given = OwnHours(
        not_before.time() if not_before else None, not_after.time() if not_after else None, zone or None
    )
    if clear and given != OwnHours():
        raise click.ClickException(str(BadInput("Use --clear alone.")))
    with changing() as (home, session):
        guardian = _guardian(session, source_id)
        if clear or given != OwnHours():
            rest = district_rest(home.policy, home.settings.zone)
            set_hours(session, guardian, given, rest, actor=OPERATOR, now=home.clock.now())
        own = read_hours(session, guardian.id)
        told = _told(own, guardian.time_zone)
    click.echo(f"{source_id}: {told}")


def _told(own: OwnHours, roster_zone: str | None) -> str:
    parts = [f"not before {own.not_before:%H:%M}"] if own.not_before is not None else []
    parts += [f"not after {own.not_after:%H:%M}"] if own.not_after is not None else []
    zone = own.zone or (f"{roster_zone}, by the roster" if roster_zone else "the school's zone")
    return f"{', '.join(parts) or 'the hours of the district'}, in {zone}"


def _guardian(session: Session, source_id: str) -> Guardian:
    query = select(Guardian).where(Guardian.source_id == source_id, Guardian.active)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(f"The roster has no active guardian {source_id!r}.")
    return found
