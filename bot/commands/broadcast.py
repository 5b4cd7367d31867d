"""`broadcast preview|send|approve|status|pause|resume|cancel|list`: one text to many families."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from bot.app import Homeline
from bot.commands.audience_parts import audience_of, staff_named, with_parts
from bot.commands.broadcast_trial import try_it
from bot.commands.broadcast_words import told_counts, told_left_out, told_preview, told_recipients, told_row
from bot.commands.writing import changing, in_words
from bot.model.errors import BadInput
from bot.school.accounts import OPERATOR
from bot.school.broadcasts import course
from bot.school.broadcasts.counts import count
from bot.school.broadcasts.drafts import CATEGORIES, NewBroadcast, compose, load
from bot.school.broadcasts.preview import Desk, Preview, list_left_out, next_dates, preview
from bot.school.broadcasts.recurrence import Repeats
from bot.school.broadcasts.saved import describe_for
from bot.storage.broadcast_outcomes import Piece, list_outcomes
from bot.storage.broadcasts import Broadcast, list_broadcasts

Command = Callable[..., None]
_MOMENT = click.DateTime(["%Y-%m-%d %H:%M"])
_OPTIONS = (
    click.option("--as", "author", required=True, metavar="SOURCE_ID", help="Who writes: the key in the roster."),
    click.option("--text", help="The text; fields such as {child} are filled for each family."),
    click.option("--text-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                 help="Read the text from this file instead."),
    click.option("--language", default="en", show_default=True, help="The language of the text (a tag)."),
    click.option("--translation", "translations", multiple=True, metavar="TAG=FILE",
                 help="A translation a person made; may be given several times."),
    with_parts,
    click.option("--audience", "saved", metavar="NAME", help="A saved audience, instead of naming its parts."),
    click.option("--each-child", is_flag=True, help="A text of its own for every child; else one a telephone, naming all."),
    click.option("--category", default="routine", show_default=True, type=click.Choice(CATEGORIES),
                 help="urgent leaves at night too, once a second person approves it."),
    click.option("--about", "about_on", type=click.DateTime(["%Y-%m-%d"]), help="The day that {date} stands for."),
    click.option("--send-at", type=_MOMENT, help="In the school's zone; at once unless told otherwise."),
    click.option("--expires-at", type=_MOMENT, help="From then on the text is worth nothing any more."),
    click.option("--repeat", metavar="RRULE", help="Send it again and again: FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261218."),
    click.option("--on-closed-days", is_flag=True, help="Repeat it on days on which the schools are closed, too."),
    click.option("--in-series-of", type=int, metavar="NUMBER",
                 help="From its next time on, the series of this broadcast says this."),
    click.option("--no-fallback", is_flag=True, help="Do nothing for those whom it cannot reach."),
)  # fmt: skip


def _of_a_text(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group()
def broadcast() -> None:
    """One text to many families, each in its language, each telephone once."""


broadcast.add_command(try_it)


@broadcast.command("preview")
@_of_a_text
@click.option("--left-out", is_flag=True, help="Also who gets nothing, and why. Shows names.")
def show(author: str, left_out: bool, **wanted: Any) -> None:
    """Show who would get a text, in which languages and at which price. Nothing is kept."""
    home, draft, dates = _sketch(author, wanted)
    with in_words(), home.database.read() as session:
        told = told_preview(_seen(home, session, draft, dates), home.settings.zone)
        if left_out:
            told = "\n".join((told, *told_left_out(list_left_out(session, draft, desk_of(home)))))
    click.echo(told)


@broadcast.command()
@_of_a_text
@click.option("--yes", is_flag=True, help="Do not ask.")
def send(author: str, yes: bool, **wanted: Any) -> None:
    """Show what would happen, ask, and send. Nothing is kept unless you agree."""
    home, sketch, dates = _sketch(author, wanted)
    with in_words(), home.database.read() as session:
        seen = _seen(home, session, sketch, dates)
        told = told_preview(seen, home.settings.zone)
    click.echo(told)
    if not yes:
        click.confirm("Send it?", abort=True)
    with changing() as (home, session):
        draft = _draft(home, session, author, wanted)
        course.schedule(session, draft.id, seen, desk_of(home), OPERATOR)
        click.echo(_scheduled(draft, home.settings.zone))


@broadcast.command()
@click.argument("number", type=int)
@click.option("--recipients", is_flag=True, help="Also what became of it for each recipient. Shows names.")
def status(number: int, recipients: bool) -> None:
    """Show how a broadcast stands."""
    with changing() as (home, session):
        found = load(session, number)
        click.echo(told_row(found, describe_for(session, found), home.settings.zone))
        click.echo(told_counts(count(session, found)))
        page = list_outcomes(session, number, Piece(limit=500)) if recipients else ()
        while page:
            click.echo(told_recipients(page))
            page = list_outcomes(session, number, Piece(after=page[-1].recipient.id, limit=500))


@broadcast.command()
@click.argument("number", type=int)
def pause(number: int) -> None:
    """Hold it: what has not begun to leave waits until it is resumed."""
    with changing() as (home, session):
        counts = course.pause(session, number, OPERATOR, home.clock.now())
    click.echo(f"Broadcast {number} is paused.\n{told_counts(counts)}")


@broadcast.command()
@click.argument("number", type=int)
def resume(number: int) -> None:
    """Go on with a paused broadcast."""
    with changing() as (home, session):
        counts = course.resume(session, number, OPERATOR, home.clock.now())
    click.echo(f"Broadcast {number} goes on.\n{told_counts(counts)}")


@broadcast.command()
@click.argument("number", type=int)
def cancel(number: int) -> None:
    """End a broadcast: what has not begun to leave never leaves."""
    with changing() as (home, session):
        counts = course.cancel(session, number, OPERATOR, home.clock.now())
    click.echo(f"Broadcast {number} is cancelled.\n{told_counts(counts)}")


@broadcast.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, the newest first.")
def listing(limit: int) -> None:
    """Show the newest broadcasts."""
    with changing() as (home, session):
        found = list_broadcasts(session, limit)
        for row in found:
            click.echo(told_row(row, describe_for(session, row), home.settings.zone))
    if not found:
        click.echo("There is no broadcast yet.")


def desk_of(home: Homeline) -> Desk:
    """What the rules of broadcasts work with at this moment."""
    return Desk(home.policy, home.wording, home.settings.zone, home.clock.now())


def _sketch(author: str, wanted: dict[str, Any]) -> tuple[Homeline, Broadcast, Sequence[datetime]]:
    """The draft as it would be, checked and not kept, and its dates: looked at later, with nothing locked."""
    with changing() as (home, session):
        draft = _draft(home, session, author, wanted)
        dates = next_dates(session, draft, desk_of(home))
        session.expunge(draft)
        session.rollback()
    return home, draft, dates


def _seen(home: Homeline, session: Session, draft: Broadcast, dates: Sequence[datetime]) -> Preview:
    return replace(preview(session, draft, desk_of(home)), dates=dates)


def _draft(home: Homeline, session: Session, author: str, wanted: dict[str, Any]) -> Broadcast:
    zone, about_on = home.settings.zone, wanted["about_on"]
    rule, changed = wanted["repeat"] or "", wanted["in_series_of"]
    translations = dict(_translation(given) for given in wanted["translations"])
    new = NewBroadcast(
        text=_text(wanted["text"], wanted["text_file"]),
        language=wanted["language"],
        audience=audience_of(session, wanted),
        saved=wanted["saved"],
        one_per="child" if wanted["each_child"] else "household",
        category=wanted["category"],
        translations=translations,
        about_on=about_on.date() if about_on else None,
        send_at=moment_of(wanted["send_at"], zone),
        expires_at=moment_of(wanted["expires_at"], zone),
        translators={tag: OPERATOR for tag in translations},
        repeats=Repeats(rule, desk_of(home).calendar, not wanted["on_closed_days"])
        if rule or changed
        else None,
        series_id=series_of(session, changed) if changed else None,
        fallback=not wanted["no_fallback"],
    )
    return compose(session, staff_named(session, author), new, OPERATOR, home.clock.now())


def series_of(session: Session, number: int) -> int:
    """The key of the series a broadcast is one of; BadInput when it is none."""
    found = load(session, number)
    if found.series_id is None:
        raise BadInput(f"Broadcast {number} is not one of a series.")
    return found.series_id


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise BadInput("Give the text with --text or with --text-file, one of the two.")
    return text if text is not None else _read(file or Path())


def _translation(given: str) -> tuple[str, str]:
    tag, _, file = given.partition("=")
    if not tag or not file:
        raise BadInput(f"{given!r} is no translation; write es=message.es.txt")
    return tag, _read(Path(file))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read: {error}") from error


def moment_of(wall: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A time as it was typed, in the school's zone. BadInput for one that the clocks leave out."""
    if wall is None:
        return None
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise BadInput(f"{wall:%Y-%m-%d %H:%M} does not exist here: the clocks are put forward then.")
    return moment


def _scheduled(row: Broadcast, zone: ZoneInfo) -> str:
    leaves = max(row.send_at or row.created_at, row.undo_until or row.created_at).astimezone(zone)
    when = f"from {leaves:%Y-%m-%d %H:%M:%S}"
    if row.needs_approval:
        return f"Broadcast {row.id} waits for a second person: broadcast approve {row.id} --account USERNAME"
    return f"Broadcast {row.id} leaves {when}. To undo: broadcast cancel {row.id}"
