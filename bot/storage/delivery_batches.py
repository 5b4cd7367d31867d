"""Deliveries by the thousand: the rows of a broadcast in one statement a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from bot.storage.base import BigKey
from bot.storage.deliveries import Delivery
from bot.storage.given import given, pack, plan_as_usual


class Person(NamedTuple):
    """The columns of a delivery that are a recipient's own, also where many read the same."""

    dedupe_key: str
    channel: str
    recipient: str
    contact_id: int | None = None
    conversation_id: int | None = None

    @property
    def line(self) -> tuple[str, str]:
        """Channel and address."""
        return self[1:3]

    def part(self, number: int) -> Person:
        """The same for a further part of a long text."""
        return self._replace(dedupe_key=part_key(self.dedupe_key, number))


def part_key(dedupe_key: str, number: int) -> str:
    """The key of a part, from 1, of a text that became several rows."""
    return dedupe_key if number == 1 else f"{dedupe_key}/{number}"


_OF_TEXT = ("language", "body", "original", "original_language", "segments", "state", "due_at", "finished_at",
            "reason")  # fmt: skip
_OF_ALL = ("kind", "turn_id", "case_id", "broadcast_id", "priority", "expires_at", "created_at")
_text_of = itemgetter(*_OF_TEXT)


def add_many(session: Session, texts: Sequence[tuple[Mapping[str, Any], Iterable[Person]]]) -> None:
    """Store a row for each person who gets a text, unless there is one for the cause.

    A text is a row's columns with the first person's own; what is no person's and no text's is the same in
    all. Only for a caller who keeps others from storing the same causes meanwhile.
    """
    if not texts:
        return
    rows: list[tuple[object, ...]] = []
    for columns, people in texts:
        text = _text_of(columns)
        rows += [person + text for person in people]
    same = {name: texts[0][0][name] for name in _OF_ALL}
    plan_as_usual(session)
    session.connection().execute(_ADD, {**same, "rows": pack(rows)})


def _add() -> Any:
    # Keys of other tables have their type only once those tables are known.
    kinds = {one.name: BigKey if one.foreign_keys else one.type for one in Delivery.__table__.columns}
    new = given("rows", **{name: kinds[name] for name in (*Person._fields, *_OF_TEXT)})
    same = (bindparam(name, type_=kinds[name]).label(name) for name in _OF_ALL)
    # A look into the index for each row. Of an EXISTS PostgreSQL makes a join with the whole table, as long as
    # its statistics still say that the table is small.
    stored = select(Delivery.id).where(Delivery.dedupe_key == new.c.dedupe_key).limit(1).scalar_subquery()
    return insert(Delivery).from_select(
        [*new.c.keys(), *_OF_ALL], select(*new.c, *same).where(stored.is_(None))
    )


_ADD = _add()
