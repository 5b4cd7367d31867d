"""`accounts add`, `disable`, `enable`, `password`, `list`: who may sign in to the console."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.writing import changing
from bot.console.texts import LANGUAGES
from bot.school.accounts import (
    ROLES,
    NewAccount,
    add_account,
    check_new,
    disable_account,
    enable_account,
    named_account,
    set_password,
)
from bot.storage.staff import Account, list_accounts

_password_file = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the password from the first line of this file instead of asking for it.",
)


@click.group()
def accounts() -> None:
    """Who may sign in to the console."""


@accounts.command()
@click.argument("username")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given twice."
)
@click.option("--staff-source-id", help="The person's key in the roster; a teacher needs it.")
@click.option("--language", default="en", show_default=True, type=click.Choice(list(LANGUAGES)))
@_password_file
def add(
    username: str, roles: tuple[str, ...], staff_source_id: str | None, language: str, password_file: Path | None
) -> None:  # fmt: skip
    """Add an account. The password is asked for twice and not shown."""
    wanted = NewAccount(username, roles, staff_source_id, language)
    with changing() as (_, session):
        check_new(session, wanted)
    password = _password(password_file)
    with changing() as (home, session):
        add_account(session, wanted, password, home.clock.now())
    click.echo(f"{username} may sign in as {', '.join(roles)}.")


@accounts.command()
@click.argument("username")
def disable(username: str) -> None:
    """End the account's sessions; nobody can sign in to it any more."""
    with changing() as (home, session):
        disable_account(session, username, home.clock.now())
    click.echo(f"{username} is disabled.")


@accounts.command()
@click.argument("username")
def enable(username: str) -> None:
    """Let a disabled account sign in again."""
    with changing() as (home, session):
        enable_account(session, username, home.clock.now())
    click.echo(f"{username} is enabled.")


@accounts.command("password")
@click.argument("username")
@_password_file
def change_password(username: str, password_file: Path | None) -> None:
    """Set a new password and end the account's sessions."""
    with changing() as (_, session):
        named_account(session, username)
    password = _password(password_file)
    with changing() as (home, session):
        set_password(session, username, password, home.clock.now())
    click.echo(f"{username} has a new password.")


@accounts.command("list")
def show() -> None:
    """Every account with its roles, the person behind it, and whether it is disabled."""
    with changing() as (_, session):
        for account in list_accounts(session):
            click.echo(_line(account))


def _line(account: Account) -> str:
    staff = account.staff
    person = f"{staff.given_name} {staff.family_name} ({staff.source_id})" if staff else "-"
    state = "" if account.active else "  DISABLED"
    return f"{account.username}  {account.roles}  {person}{state}"


def _password(file: Path | None) -> str:
    """From the file, or asked for twice; never on the command line, where other users could read it."""
    if file is None:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8 text.") from error
    return lines[0] if lines else ""
