"""The series a broadcast is one of: its rule and next dates, one date left out, the whole stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.access import EVERYBODY, required_roles
from bot.console.broadcast_view import desk, visible_broadcast
from bot.console.broadcast_words import rule_words
from bot.console.identity import here
from bot.console.services import ConsoleServices
from bot.console.texts import N_
from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.occurrences import skip_occurrence, stop_series
from bot.school.broadcasts.preview import next_dates
from bot.storage.broadcast_series import BroadcastSeries, list_occurrences
from bot.storage.broadcasts import Broadcast

SHOWN = 6
"""Earlier broadcasts of a series that are listed."""


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """What the page of a broadcast shows of its series. `stops` and `changes`: what this reader may do."""

    series: BroadcastSeries
    words: str
    dates: Sequence[datetime]
    others: Sequence[Broadcast]
    stops: bool
    changes: bool


def read_series(session: Session, services: ConsoleServices, broadcast: Broadcast) -> SeriesCard | None:
    """The card; None for what is sent once."""
    series = session.get(BroadcastSeries, broadcast.series_id) if broadcast.series_id is not None else None
    if series is None:
        return None
    live = series.state == "live"
    return SeriesCard(
        series=series,
        words=rule_words(series.rule),
        dates=next_dates(session, broadcast, desk(services)),
        others=[row for row in list_occurrences(session, series.id, SHOWN) if row.id != broadcast.id],
        stops=live,
        changes=live and series.author_id == here().staff_id,
    )


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount what is done with a series."""

    @blueprint.post("/broadcasts/<key:broadcast_id>/stop-series", endpoint="stop_series")
    @required_roles(*EVERYBODY)
    def stop(broadcast_id: int) -> ResponseReturnValue:
        return _done(services, broadcast_id, None)

    @blueprint.post("/broadcasts/<key:broadcast_id>/skip", endpoint="skip_occurrence")
    @required_roles(*EVERYBODY)
    def skip(broadcast_id: int) -> ResponseReturnValue:
        return _done(services, broadcast_id, _moment(request.form.get("moment", "")))


def _done(services: ConsoleServices, broadcast_id: int, moment: datetime | None) -> ResponseReturnValue:
    """Leave out a moment, or stop the series; then the page shows how it stands."""
    try:
        with services.database.write() as session:
            told = _act(session, services, visible_broadcast(session, broadcast_id), moment)
        flash(told, "success")
    except (Taken, BadInput):
        flash(N_("It has changed meanwhile. This is how it stands now."), "info")
    return redirect(url_for("console.show_broadcast", broadcast_id=broadcast_id))


def _act(session: Session, services: ConsoleServices, broadcast: Broadcast, moment: datetime | None) -> str:
    if broadcast.series_id is None:
        raise NotFound(f"broadcast {broadcast.id} is sent once")
    if moment is None:
        stop_series(session, broadcast.series_id, here().username, services.clock.now())
        return N_("The series is stopped. Nothing more of it is sent.")
    skip_occurrence(session, broadcast.series_id, moment, here().username, desk(services))
    return N_("This date is left out.")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound("no such moment") from None
    if moment.tzinfo is None:
        raise NotFound("a moment without a zone")
    return moment
