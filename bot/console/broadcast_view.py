"""What the pages of broadcasts show: one that the reader may see, its audience in words, its counts in lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import broadcast_words
from bot.console.identity import here
from bot.console.services import ConsoleServices
from bot.console.texts import language_name, translate
from bot.console.words import Standing
from bot.model.errors import NotFound
from bot.school.broadcasts.audience import Audience
from bot.school.broadcasts.counts import Counts
from bot.school.broadcasts.course import PAUSED, WITHDRAWN
from bot.school.broadcasts.preview import Desk
from bot.storage.broadcast_list import find_visible, waits_for_approval
from bot.storage.broadcasts import Broadcast
from bot.storage.groups import group_names
from bot.storage.people import Org, SchoolClass

AT_WORK = ("expanding", "sending")
BEGUN = ("scheduled", *AT_WORK)
ENDED = ("done", "cancelled", "expired")
SAID_BY_THE_STATE = (PAUSED, WITHDRAWN)
"""Reasons that the words for the state say already."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the counts: recipients that stand alike."""

    state: str
    standing: Standing
    count: int


@dataclass(frozen=True, slots=True)
class Powers:
    """What this reader may do with a broadcast as it stands now."""

    send: bool
    approve: bool
    pause: bool
    resume: bool
    cancel: bool
    attempt: bool


def visible_broadcast(session: Session, broadcast_id: int) -> Broadcast:
    """The broadcast, if there is one and this person may see it; else NotFound."""
    found = find_visible(session, broadcast_id, here().viewer)
    if found is None:
        raise NotFound(f"no broadcast {broadcast_id} for this person")
    return found


def desk(services: ConsoleServices) -> Desk:
    """What the rules of broadcasts work with."""
    return Desk(services.policy, services.wording, services.zone, services.clock.now())


def audience_words(session: Session, broadcast: Broadcast) -> str:
    """The audience in the reader's language, with the name it was saved under."""
    parts = parts_in_words(session, Audience.from_json(broadcast.audience))
    return f"{broadcast.saved_audience.name} ({parts})" if broadcast.saved_audience else parts


def parts_in_words(session: Session, audience: Audience) -> str:
    """The parts in the reader's language: "Bayview Middle School · grade 07 · Band · Spanish"."""
    schools = session.scalars(select(Org.name).where(Org.id.in_(audience.schools)).order_by(Org.name)).all()
    classes = session.scalars(
        select(SchoolClass.title).where(SchoolClass.id.in_(audience.classes)).order_by(SchoolClass.title)
    ).all()
    grades = [translate("grade %(grade)s", grade=grade) for grade in audience.grades]
    groups = group_names(session, audience.groups)
    languages = [language_name(tag) for tag in audience.languages]
    parts = [", ".join(words) for words in (schools, grades, classes, groups, languages) if words]
    return " · ".join(parts) or translate("The whole district")


def powers(broadcast: Broadcast) -> Powers:
    """What this reader may do now. Only who wrote it sends it; only another one of the office approves it."""
    person, state = here(), broadcast.state
    mine = person.staff_id == broadcast.author_id
    return Powers(
        send=mine and state == "draft",
        approve=waits_for_approval(broadcast) and may_approve() and not mine,
        pause=state in BEGUN,
        resume=state == "paused",
        cancel=state in ("draft", *BEGUN, "paused"),
        attempt=state in ("draft", "scheduled"),
    )


def may_approve() -> bool:
    """Whether this person may approve what others wrote."""
    return here().viewer.sees_all and here().staff_id is not None


def lines(counts: Counts, *, paused: bool) -> Sequence[Line]:
    """The counts in the order of a text's way; they add up to all recipients."""
    numbers = {
        "pending": counts.pending,
        **counts.deliveries,
        "skipped": sum(counts.skipped.values()),
    }
    return [
        Line(state, broadcast_words.standing(state, paused=paused), numbers[state])
        for state in broadcast_words.RESULTS
        if numbers.get(state)
    ]


def seconds_to_undo(broadcast: Broadcast, now: datetime) -> int:
    """Whole seconds in which nothing leaves yet, so that it can be cancelled whole."""
    if broadcast.undo_until is None or broadcast.state not in ("scheduled", "paused"):
        return 0
    left = (broadcast.undo_until - now).total_seconds()
    return max(0, -int(-left // 1))


def final(broadcast: Broadcast) -> bool:
    """Whether its page will not change by itself any more."""
    return broadcast.state in ENDED and not broadcast.being_listed


def marker(broadcast: Broadcast) -> str:
    """Changes when a page of the broadcast has to be made anew, not only its counts."""
    return f"{broadcast.state}:{broadcast.approved_by or ''}"
