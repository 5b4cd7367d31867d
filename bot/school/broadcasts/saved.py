"""Saved audiences: a combination of parts under a name, to be used again.

What is stored are the parts, never families: whom they reach is read from the roster when a text leaves.
A draft follows its saved audience; from the moment it is sent it keeps the parts that were seen and approved.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.audience import Audience, check_reach, describe
from bot.school.groups import clean_name, key_of
from bot.storage.broadcasts import Broadcast
from bot.storage.people import StaffMember
from bot.storage.saved_audiences import SavedAudience, find_saved
from bot.storage.staff import AuditEvent, record_audit


def save_audience(
    session: Session, name: str, audience: Audience, author: StaffMember, *, actor: str, now: datetime
) -> SavedAudience:
    """Keep an audience under a name. Taken: there is one of this name. BadInput: the author does not reach so far,
    or it is the whole district, which needs no name."""
    _check(session, audience, author)
    _expect_free(session, name)
    saved = SavedAudience(
        name=clean_name(name), name_key=key_of(name), audience=audience.as_json(), author_id=author.id, created_at=now
    )  # fmt: skip
    session.add(saved)
    session.flush()
    _record(session, saved, "save_audience", actor, now)
    return saved


def change_audience(
    session: Session, name: str, audience: Audience, author: StaffMember, *, actor: str, now: datetime
) -> SavedAudience:
    """Give a saved audience other parts. Drafts written for it follow; what was sent keeps what it had."""
    saved = named_audience(session, name)
    _check(session, audience, author)
    check_reach(session, author, Audience.from_json(saved.audience))
    saved.audience = audience.as_json()
    session.execute(
        update(Broadcast)
        .where(Broadcast.saved_audience_id == saved.id, Broadcast.state == "draft")
        .values(audience=saved.audience)
    )
    _record(session, saved, "change_audience", actor, now)
    return saved


def rename_audience(
    session: Session, name: str, new_name: str, *, actor: str, now: datetime
) -> SavedAudience:
    """Call a saved audience otherwise. Taken when the name is in use."""
    saved = named_audience(session, name)
    if key_of(new_name) != saved.name_key:
        _expect_free(session, new_name)
    saved.name, saved.name_key = clean_name(new_name), key_of(new_name)
    _record(session, saved, "rename_audience", actor, now)
    return saved


def remove_audience(session: Session, name: str, *, actor: str, now: datetime) -> None:
    """Nobody can choose it any more; what was written for it keeps its parts and its name."""
    saved = named_audience(session, name)
    saved.removed_at = now
    _record(session, saved, "remove_audience", actor, now)


def named_audience(session: Session, name: str) -> SavedAudience:
    """The saved audience of this name, however it is capitalised; NotFound when there is none."""
    found = find_saved(session, key_of(name))
    if found is None:
        raise NotFound(f"There is no saved audience {name!r}.")
    return found


def describe_for(session: Session, broadcast: Broadcast) -> str:
    """Whom a broadcast is for, in English words: "Jazz families (Bayview Middle School; Band)"."""
    parts, saved = describe(session, Audience.from_json(broadcast.audience)), broadcast.saved_audience
    return f"{saved.name} ({parts})" if saved is not None else parts


def _check(session: Session, audience: Audience, author: StaffMember) -> None:
    if audience == Audience():
        raise BadInput("The whole district needs no name. Choose at least one part.")
    check_reach(session, author, audience)


def _expect_free(session: Session, name: str) -> None:
    if find_saved(session, key_of(name)) is not None:
        raise Taken(f"There is a saved audience {name!r} already.")


def _record(session: Session, saved: SavedAudience, deed: str, actor: str, now: datetime) -> None:
    record_audit(session, AuditEvent(
        at=now, actor=actor, deed=deed, subject_kind="saved_audience", subject_id=saved.id,
        detail={"name": saved.name, **saved.audience},
    ))  # fmt: skip
