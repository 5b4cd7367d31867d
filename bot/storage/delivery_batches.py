"""Deliveries by the thousand: the rows of a broadcast in one statement a chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.storage.base import BigKey
from bot.storage.deliveries import Delivery
from bot.storage.given import given, pack, plan_as_usual


class Person(NamedTuple):
    """The columns of a delivery that are a recipient's own, also where many read the same."""

    dedupe_key: str
    channel: str
    recipient: str
    contact_id: int | None = None

    @property
    def line(self) -> tuple[str, str]:
        """Channel and address."""
        return self[1:3]

    def part(self, number: int) -> Person:
        """The same for a further part, from 2, of a long text."""
        return self if number == 1 else self._replace(dedupe_key=part_key(self.dedupe_key, number))


class Written(NamedTuple):
    """The columns of a delivery that are its text."""

    language: str
    body: str
    original: str | None
    original_language: str | None
    segments: int


class Fate(NamedTuple):
    """The columns of a delivery that say whether and when it leaves: in which state it starts, and why."""

    state: DeliveryState
    due_at: datetime
    finished_at: datetime | None
    reason: str | None


class NewDelivery(NamedTuple):
    """A row to be made."""

    person: Person
    conversation_id: int | None
    text: Written
    fate: Fate


_OF_EACH = (*Person._fields, "conversation_id", *Written._fields, *Fate._fields)
"""The columns of a new row, in the order in which its parts have them."""


def part_key(dedupe_key: str, number: int) -> str:
    """The key of a part, from 1, of a text that became several rows."""
    return dedupe_key if number == 1 else f"{dedupe_key}/{number}"


_OF_ALL = ("kind", "turn_id", "case_id", "broadcast_id", "priority", "expires_at", "created_at")


def add_many(session: Session, rows: Sequence[NewDelivery], same: Mapping[str, Any]) -> None:
    """Store these rows, but those for whose cause there is one. `same`: the columns that are the same in all, of which
    those left out are empty. Only for a caller who keeps others from storing the same causes meanwhile.
    """
    if rows:
        plan_as_usual(session)
        common = {name: same.get(name) for name in _OF_ALL}
        each = ((*person, conversation, *text, *fate) for person, conversation, text, fate in rows)
        session.connection().execute(_ADD, {**common, "rows": pack(each)})


def _add() -> Any:
    # Keys of other tables have their type only once those tables are known.
    kinds = {one.name: BigKey if one.foreign_keys else one.type for one in Delivery.__table__.columns}
    new = given("rows", **{name: kinds[name] for name in _OF_EACH})
    same = (bindparam(name, type_=kinds[name]).label(name) for name in _OF_ALL)
    # A look into the index for each row. Of an EXISTS PostgreSQL makes a join with the whole table, as long as
    # its statistics still say that the table is small.
    stored = select(Delivery.id).where(Delivery.dedupe_key == new.c.dedupe_key).limit(1).scalar_subquery()
    return insert(Delivery).from_select(
        [*new.c.keys(), *_OF_ALL], select(*new.c, *same).where(stored.is_(None))
    )


_ADD = _add()
