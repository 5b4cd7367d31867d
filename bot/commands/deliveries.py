"""`deliveries list|again`: texts that ended without arriving, and one more try for them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import click

from bot.commands.writing import changing
from bot.outbox.resending import send_again
from bot.school.accounts import OPERATOR
from bot.storage.deliveries import Delivery
from bot.storage.lost_deliveries import LOST, LostQuery, list_lost
from bot.storage.staff import AuditEvent, record_audit


@click.group()
def deliveries() -> None:
    """Texts that ended without arriving."""


@deliveries.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(LOST), help="Only these; else all three.")
@click.option("--broadcast", "broadcast_id", type=int, metavar="NUMBER", help="Only those of a broadcast.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366), help="Made since so long.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
def listing(states: tuple[str, ...], broadcast_id: int | None, days: int, limit: int) -> None:
    """Show the newest: key, state, when, kind, the end of the number, the carrier's error and the reason."""
    with changing() as (home, session):
        since = home.clock.now() - timedelta(days=days)
        found = list_lost(session, LostQuery(since, states or LOST, broadcast_id, limit))
        for row in found:
            click.echo(_told(row, home.settings.zone))
    if not found:
        click.echo("None.")
    elif len(found) == limit:
        click.echo(f"Only the newest {limit}; --limit shows more.")


@deliveries.command()
@click.argument("keys", type=int, nargs=-1, required=True)
@click.option("--although-unclear", is_flag=True, help="Also what may have arrived: it may come twice.")
def again(keys: tuple[int, ...], although_unclear: bool) -> None:
    """Try these once more. All or none; each passes every check again before it leaves."""
    made: dict[int, int] = {}
    with changing() as (home, session):
        now = home.clock.now()
        for key in dict.fromkeys(keys):
            made[key] = send_again(session, key, now, although_unclear=although_unclear).id
            record_audit(session, AuditEvent(
                at=now, actor=OPERATOR, deed="send_again", subject_kind="delivery", subject_id=key,
                detail={"as": made[key]},
            ))  # fmt: skip
    for key, new in made.items():
        click.echo(f"Delivery {key} is tried again as {new}.")


def _told(row: Delivery, zone: ZoneInfo) -> str:
    code = f"  {row.error_code}" if row.error_code else ""
    when = f"{row.created_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return (
        f"{row.id}  {row.state}  {when}  {row.kind}  …{row.recipient[-4:]}{code}  {row.reason or ''}".rstrip()
    )
