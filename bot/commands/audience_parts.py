"""The options that say whom a text is for, shared by the commands of broadcasts and of saved audiences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.orm import Session

from bot.model.errors import NotFound
from bot.school.broadcasts.audience import Audience, Names, read_audience
from bot.storage.people import StaffMember, find_staff_by_source_id

Command = Callable[..., None]
PARTS = ("schools", "grades", "classes", "groups", "languages")
_OPTIONS = (
    click.option("--school", "schools", multiple=True, metavar="SOURCE_ID", help="Only this school."),
    click.option("--grade", "grades", multiple=True, help="Only this grade, as the roster spells it."),
    click.option("--class", "classes", multiple=True, metavar="SOURCE_ID", help="Only this class."),
    click.option("--group", "groups", multiple=True, metavar="NAME", help="Only this group of students."),
    click.option("--only-language", "languages", multiple=True, metavar="TAG", help="Only families of this language."),
)  # fmt: skip


def with_parts(command: Command) -> Command:
    """Give a command the options. Each may be given several times: all of them are meant."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def audience_of(session: Session, wanted: dict[str, Any]) -> Audience:
    """The audience of these options. NotFound tells what the roster does not know."""
    return read_audience(session, Names(**{part: wanted[part] for part in PARTS}))


def staff_named(session: Session, source_id: str) -> StaffMember:
    """The active member of staff of this roster key; NotFound when there is none."""
    found = find_staff_by_source_id(session, source_id)
    if found is None:
        raise NotFound(f"The roster has no active member of staff {source_id!r}.")
    return found
