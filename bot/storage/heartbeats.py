"""Which processes live: each shows it in a row of its own, every few seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.storage.staff import Heartbeat

CLOCK = "clock"
"""The row that the ticks themselves move: it stands still when nobody ticks, whoever lives."""

_PROCESS = "process "


def show_life(session: Session, owner: str, at: datetime, detail: Mapping[str, Any]) -> None:
    """The process `owner` (as it stands in claims) lives."""
    session.merge(Heartbeat(name=_PROCESS + owner, at=at, detail=dict(detail)))


def take_leave(session: Session, owner: str) -> None:
    """The process has ended in order."""
    session.execute(delete(Heartbeat).where(Heartbeat.name == _PROCESS + owner))


def list_processes(session: Session) -> Sequence[Heartbeat]:
    """All processes that have not taken leave, the living and those that died."""
    return session.scalars(
        select(Heartbeat).where(Heartbeat.name.startswith(_PROCESS)).order_by(Heartbeat.name)
    ).all()


def list_dead(session: Session, silent_since: datetime) -> Sequence[str]:
    """The owners that have not shown life since then."""
    names = session.scalars(
        select(Heartbeat.name).where(Heartbeat.name.startswith(_PROCESS), Heartbeat.at < silent_since)
    )
    return [name.removeprefix(_PROCESS) for name in names]


def forget_dead(session: Session, silent_since: datetime) -> None:
    """Drop the rows of processes that died long ago."""
    session.execute(delete(Heartbeat).where(Heartbeat.name.startswith(_PROCESS), Heartbeat.at < silent_since))


def owner_of(beat: Heartbeat) -> str:
    """host:process:number, as it stands in claims."""
    return beat.name.removeprefix(_PROCESS)
