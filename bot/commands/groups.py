"""`groups add|replace|list|show|remove`: groups of students that staff keep, from a file of their ids."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.audience_parts import staff_named
from bot.commands.writing import changing
from bot.school.accounts import OPERATOR
from bot.school.groups import STUDENT, Kept, add_group, named_group, remove_group, replace_members
from bot.storage.groups import list_groups, members_of
from bot.storage.people import StaffMember

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_dry_run = click.option("--dry-run", is_flag=True, help="Report what would change, change nothing.")


@click.group()
def groups() -> None:
    """Groups of students, to be chosen for broadcasts: the band, a bus."""


@groups.command(help=f"Make the group NAME of the students in FILE, a CSV with the column {STUDENT}.")
@click.argument("name")
@click.argument("file", type=_FILE)
@click.option("--leader", metavar="SOURCE_ID", help="Whose group it is: a teacher may then write to it.")
@_dry_run
def add(name: str, file: Path, leader: str | None, dry_run: bool) -> None:
    """Make a group."""
    with changing() as (home, session):
        staff = staff_named(session, leader) if leader else None
        kept = add_group(session, name, file, staff, actor=OPERATOR, now=home.clock.now())
        told = _told(kept, dry_run)
        if dry_run:
            session.rollback()
    click.echo(told)


@groups.command()
@click.argument("name")
@click.argument("file", type=_FILE)
@_dry_run
def replace(name: str, file: Path, dry_run: bool) -> None:
    """From now on the students in FILE are the group NAME, and nobody else."""
    with changing() as (home, session):
        kept = replace_members(session, name, file, actor=OPERATOR, now=home.clock.now())
        told = _told(kept, dry_run)
        if dry_run:
            session.rollback()
    click.echo(told)


@groups.command("list")
def listing() -> None:
    """Every group, how many students are in it, and whose it is."""
    with changing() as (_, session):
        found = [
            f"{group.name}  {members}{f'  {_name(group.leader)}' if group.leader else ''}"
            for group, members in list_groups(session)
        ]
    click.echo("\n".join(found) or "There is no group yet.")


@groups.command()
@click.argument("name")
def show(name: str) -> None:
    """The students of the group NAME. Shows names."""
    with changing() as (_, session):
        group = named_group(session, name)
        lines = [
            f"{row.source_id}  {row.given_name} {row.family_name}" for row in members_of(session, group.id)
        ]
        click.echo("\n".join((f"{group.name}: {len(lines)}", *lines)))


@groups.command()
@click.argument("name")
def remove(name: str) -> None:
    """Nobody is in the group NAME any more; what was sent to it still says its name."""
    with changing() as (home, session):
        remove_group(session, name, actor=OPERATOR, now=home.clock.now())
    click.echo(f"The group {name} is removed.")


def _told(kept: Kept, dry_run: bool) -> str:
    lines = [str(problem) for problem in kept.problems]
    many = f"{kept.members} student{'' if kept.members == 1 else 's'}"
    return "\n".join((*lines, f"{kept.group.name}: {many}{' (nothing is changed)' if dry_run else ''}"))


def _name(staff: StaffMember) -> str:
    return f"{staff.given_name} {staff.family_name}"
