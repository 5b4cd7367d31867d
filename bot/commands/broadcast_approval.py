"""`broadcast approve`: the second person's own word, not that of whoever runs the commands."""

from __future__ import annotations

import click

from bot.commands.broadcast import desk_of
from bot.commands.writing import changing
from bot.console.passwords import check_log_in
from bot.school.broadcasts import course
from bot.storage.people import StaffMember


@click.command()
@click.argument("number", type=int)
@click.option("--account", required=True, metavar="USERNAME", help="Who approves: his or her own account.")
@click.option(
    "--why", default="", help="Why it cannot wait for the end of the hours of rest; an urgent one needs it."
)
def approve(number: int, account: str, why: str) -> None:
    """Let a large or urgent broadcast leave; not by the one who wrote it.

    The second person types the password of the account, which needs the role office or admin: whoever runs
    the commands cannot approve alone.
    """
    password = click.prompt(f"Password of {account}", hide_input=True)
    with changing() as (home, _):
        now = home.clock.now()
    person = check_log_in(home.database, account, password, now)
    if person is None:
        raise click.ClickException(
            "There is no such account, or this is not its password. It stays unapproved."
        )
    if person.staff_id is None or not person.viewer.sees_all:
        raise click.ClickException(
            f"{account} cannot approve: that takes the role office or admin, and a person of the roster."
        )
    with changing() as (home, session):
        approver = session.get_one(StaffMember, person.staff_id)
        course.approve(session, number, approver, desk_of(home), person.username, why=why)
    click.echo(f"Broadcast {number} is approved by {account}.")
