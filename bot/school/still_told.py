"""Whether a text that waits may still be read by whom it is for: the roster may have changed since it was written.

A no-contact mark, a number that somebody else has now, a link that was taken back: what was queued before stays here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.school.broadcasts.reasons import CHANGED, WORDS
from bot.storage.waiting_texts import Addressed, list_children, reminders_off, still_there

ROSTER_CHANGED = WORDS[CHANGED]


def no_longer_told(
    session: Session, texts: Collection[Addressed], reminders: Collection[Addressed]
) -> frozenset[int]:
    """The keys of those of the texts, and of the reminders of conferences among them, that must not leave any more."""
    if not texts:
        return frozenset()
    gone = {text.delivery_id for text in texts} - still_there(session, texts)
    broadcasts = [text for text in texts if text.broadcast_id is not None]
    if broadcasts:
        gone |= _of_barred_children(session, broadcasts)
    if reminders:
        gone |= reminders_off(session, reminders)
    return frozenset(gone)


def _of_barred_children(session: Session, texts: Collection[Addressed]) -> set[int]:
    """Texts of broadcasts about a child of whom the line may not, or not any more, be told."""
    firsts = {text.delivery_id: text.first for text in texts}
    by_text: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in list_children(session, texts):
        by_text[row.id].append(row)
    return {key for key, rows in by_text.items() if _names_barred(_own(rows, firsts[key]))}


def _own(rows: list[Row[Any]], first: int) -> list[Row[Any]]:
    """Where each child has a text of its own, the rows of this one; of a text's further parts all."""
    return [row for row in rows if row.delivery_id == first] or rows


def _names_barred(rows: Iterable[Row[Any]]) -> bool:
    about: set[int | str] = set()
    told: set[int | str] = set()
    barred: set[int | str] = set()
    for row in rows:
        about |= {row.about_child} if row.about_child else set(row.children)
        if row.student_id is not None:
            (barred if row.no_contact else told).update((row.student_id, row.given_name))
    return not about <= told - barred
