"""A new broadcast: checked as far as its words and times go, and stored as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound
from bot.school.broadcasts.audience import Audience, check_reach
from bot.school.broadcasts.merging import fields_of
from bot.school.broadcasts.recurrence import Repeats
from bot.school.broadcasts.saved import named_audience
from bot.school.broadcasts.series import begin_series, join_series
from bot.storage.broadcasts import Broadcast
from bot.storage.people import StaffMember
from bot.storage.saved_audiences import SavedAudience
from bot.storage.staff import AuditEvent, record_audit

CATEGORIES = ("routine", "urgent")
ONE_PER = ("household", "child")
"""A telephone gets one text about all its children, or one for each child."""
LONGEST_TEXT = 1000
"""Characters: with notes and names it still travels as one message."""


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    """What is to be sent. `translations` are human ones by language tag; `about_on` fills {date}.

    `translators` says who wrote which. `send_at` None: at once. After `expires_at` nothing of it leaves any
    more. `saved` is the name of a saved audience that stands for `audience`, which is empty then. `one_per` is
    one of ONE_PER. `repeats`: it is the first of a series, or what the one of `series_id` says from its next
    time on. `fallback`: who cannot be reached is reached in another way; an urgent one always does.
    """

    text: str
    language: str
    audience: Audience
    category: str = "routine"
    translations: Mapping[str, str] = field(default_factory=dict)
    about_on: date | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    saved: str | None = None
    one_per: str = "household"
    translators: Mapping[str, str] = field(default_factory=dict)
    repeats: Repeats | None = None
    series_id: int | None = None
    fallback: bool = True


def compose(
    session: Session, author: StaffMember, wanted: NewBroadcast, actor: str, now: datetime
) -> Broadcast:
    """Store a draft. BadInput says what is wrong with it; nothing is stored then.

    `actor` is who does it, for the audit trail: a user name, or "operator".
    """
    _check(wanted, now)
    audience, saved = _audience(session, wanted)
    check_reach(session, author, audience)
    broadcast = Broadcast(
        author_id=author.id,
        text=wanted.text.strip(),
        language=wanted.language,
        translations={tag: text.strip() for tag, text in wanted.translations.items()},
        translators={tag: name for tag, name in wanted.translators.items() if tag in wanted.translations},
        about_on=wanted.about_on,
        audience=audience.as_json(),
        saved_audience_id=saved.id if saved else None,
        one_per=wanted.one_per,
        category=wanted.category,
        state="draft",
        send_at=wanted.send_at,
        expires_at=wanted.expires_at,
        series_id=wanted.series_id,
        fallback=wanted.fallback or wanted.category == "urgent",
        created_at=now,
    )
    session.add(broadcast)
    session.flush()
    if wanted.repeats is not None and wanted.series_id is None:
        begin_series(session, broadcast, wanted.repeats)
    elif wanted.repeats is not None:
        join_series(session, broadcast, wanted.repeats.calendar)
    record_deed(session, broadcast, "compose", actor, now)
    return broadcast


def load(session: Session, broadcast_id: int) -> Broadcast:
    """The broadcast with this number; NotFound when there is none."""
    broadcast = session.get(Broadcast, broadcast_id)
    if broadcast is None:
        raise NotFound(f"There is no broadcast {broadcast_id}.")
    return broadcast


def record_deed(
    session: Session, broadcast: Broadcast, deed: str, actor: str, now: datetime, **detail: Any
) -> None:
    """A line of the audit trail: who did what with a broadcast, and what else is worth keeping of it."""
    record_audit(session, AuditEvent(
        at=now, actor=actor, deed=f"{deed}_broadcast", subject_kind="broadcast", subject_id=broadcast.id,
        detail={"state": broadcast.state, "category": broadcast.category, **detail},
    ))  # fmt: skip


def _audience(session: Session, wanted: NewBroadcast) -> tuple[Audience, SavedAudience | None]:
    if wanted.saved is None:
        return wanted.audience, None
    if wanted.audience != Audience():
        raise BadInput("Choose a saved audience or name its parts, not both.")
    saved = named_audience(session, wanted.saved)
    return Audience.from_json(saved.audience), saved


def _check(wanted: NewBroadcast, now: datetime) -> None:
    if wanted.category not in CATEGORIES:
        raise BadInput(f"A broadcast is {' or '.join(CATEGORIES)}, not {wanted.category!r}.")
    if wanted.one_per not in ONE_PER:
        raise BadInput(f"One text a {' or '.join(ONE_PER)}, not {wanted.one_per!r}.")
    fields = fields_of(wanted.text)
    _check_length(wanted.text)
    for tag, text in wanted.translations.items():
        _check_length(text)
        if fields_of(text) != fields:
            raise BadInput(f"The translation {tag} has other fields than the text.")
    if "date" in fields and wanted.about_on is None:
        raise BadInput("The text has {date}: say which day it is about.")
    if wanted.expires_at is not None and wanted.expires_at <= (wanted.send_at or now):
        raise BadInput("The text would be worth nothing any more when it is to leave.")
    if wanted.send_at is not None and wanted.send_at < now:
        raise BadInput("The time to send it has passed.")


def _check_length(text: str) -> None:
    if not text.strip():
        raise BadInput("An empty text cannot be sent.")
    if len(text.strip()) > LONGEST_TEXT:
        raise BadInput(f"The text has {len(text.strip())} characters; {LONGEST_TEXT} are the most.")
