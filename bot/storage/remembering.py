"""Reads that one transaction asks again and again, remembered until it writes what they were read from.

Who is on a line, and what it said of being texted, is asked by every stage of a turn: a dozen times where
once is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from bot.storage.base import Base

Read = TypeVar("Read")
Sources = tuple[type[Base], ...]
_KEPT = "homeline_remembered"
MOST = 64
"""Answers kept at a time."""


def remembered(session: Session, sources: Sources, key: Hashable, read: Callable[[], Read]) -> Read:
    """What `read` gives, asked of the database once as long as this session writes to none of `sources`.

    `key` names the question with all its values. What other sessions commit meanwhile is not seen.
    """
    if any(isinstance(row, sources) for row in (*session.new, *session.dirty, *session.deleted)):
        session.flush()
    kept: dict[Hashable, tuple[Sources, object]] = session.info.setdefault(_KEPT, {})
    if len(kept) >= MOST:  # an import over thousands of lines: nothing is asked twice
        kept.clear()
    if key not in kept:
        kept[key] = (sources, read())
    return cast(Read, kept[key][1])


@event.listens_for(Session, "after_flush")
def _forget_written(session: Session, _context: Any) -> None:
    kept: dict[Hashable, tuple[Sources, object]] = session.info.get(_KEPT, {})
    if not kept:
        return
    written = (*session.new, *session.dirty, *session.deleted)
    for key, (sources, _) in list(kept.items()):
        if any(isinstance(row, sources) for row in written):
            del kept[key]


@event.listens_for(Session, "do_orm_execute")
def _forget_after_statement(state: ORMExecuteState) -> None:
    """A statement may write anything anywhere: only the sources it cannot touch are kept."""
    kept: dict[Hashable, tuple[Sources, object]] = state.session.info.get(_KEPT, {})
    if not kept or state.is_select:
        return
    written = {mapper.class_ for mapper in state.all_mappers}
    for key, (sources, _) in list(kept.items()):
        if not written or written.intersection(sources):
            del kept[key]


@event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, transaction: Any) -> None:
    if transaction.parent is None or transaction.nested:
        session.info.pop(_KEPT, None)
