"""`audiences save|change|list|rename|remove`: audiences under a name, for `broadcast --audience`."""

from __future__ import annotations

from typing import Any

import click

from bot.commands.audience_parts import audience_of, staff_named, with_parts
from bot.commands.writing import changing
from bot.school.accounts import OPERATOR
from bot.school.broadcasts.audience import Audience, describe
from bot.school.broadcasts.saved import change_audience, remove_audience, rename_audience, save_audience
from bot.storage.saved_audiences import list_saved

_author = click.option(
    "--as", "author", required=True, metavar="SOURCE_ID", help="Who makes it: the key in the roster."
)


@click.group()
def audiences() -> None:
    """Saved audiences. What is kept are the parts; whom they reach is read when a text leaves."""


@audiences.command()
@click.argument("name")
@_author
@with_parts
def save(name: str, author: str, **wanted: Any) -> None:
    """Keep the parts under NAME."""
    with changing() as (home, session):
        made = save_audience(
            session, name, audience_of(session, wanted), staff_named(session, author), actor=OPERATOR,
            now=home.clock.now(),
        )  # fmt: skip
        click.echo(f"{made.name}: {describe(session, Audience.from_json(made.audience))}")


@audiences.command()
@click.argument("name")
@_author
@with_parts
def change(name: str, author: str, **wanted: Any) -> None:
    """Give NAME other parts. Drafts follow; what was sent does not."""
    with changing() as (home, session):
        made = change_audience(
            session, name, audience_of(session, wanted), staff_named(session, author), actor=OPERATOR,
            now=home.clock.now(),
        )  # fmt: skip
        click.echo(f"{made.name}: {describe(session, Audience.from_json(made.audience))}")


@audiences.command("list")
def listing() -> None:
    """Every saved audience, its parts, and who made it."""
    with changing() as (_, session):
        for row in list_saved(session):
            by = f"{row.author.given_name} {row.author.family_name}" if row.author else OPERATOR
            click.echo(f"{row.name}  [{describe(session, Audience.from_json(row.audience))}]  {by}")


@audiences.command()
@click.argument("name")
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Call NAME otherwise."""
    with changing() as (home, session):
        made = rename_audience(session, name, new_name, actor=OPERATOR, now=home.clock.now())
        click.echo(f"It is called {made.name} now.")


@audiences.command()
@click.argument("name")
def remove(name: str) -> None:
    """Nobody can choose NAME any more; what was sent to it still says its name."""
    with changing() as (home, session):
        remove_audience(session, name, actor=OPERATOR, now=home.clock.now())
    click.echo(f"The saved audience {name} is removed.")
