"""A delivery in hand: its row as plain values, for those who send it and those who hear what became of it.

Every text passes here several times. An object of the mapper costs ten times the statement that reads it, and
writing its changes back more than all the rest of a send.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from bot.storage.deliveries import Delivery
from bot.storage.inserting import InsertOnce


@dataclass(slots=True)
class DeliveryRow:
    """The columns of a delivery, by their names, that are looked at or changed on its way out.

    What is changed is kept by `store_rows` only.
    """

    id: int
    kind: str
    channel: str
    recipient: str
    contact_id: int | None
    broadcast_id: int | None
    language: str
    body: str
    segments: int
    priority: int
    expires_at: datetime | None
    resend_of: int | None
    resends: int
    state: str
    due_at: datetime
    owner: str | None
    lease_until: datetime | None
    attempts: int
    first_attempt_at: datetime | None
    sent_at: datetime | None
    finished_at: datetime | None
    provider_id: str | None
    error_code: int | None
    reason: str | None
    sender: str | None
    slot_at: datetime | None


DELIVERIES = cast(Table, Delivery.__table__)
CHANGING = (
    "state", "due_at", "owner", "lease_until", "attempts", "first_attempt_at", "sent_at", "finished_at",
    "provider_id", "error_code", "reason", "sender", "slot_at",
)  # fmt: skip
"""The columns that are written back."""

COLUMNS = [DELIVERIES.c[field.name] for field in fields(DeliveryRow)]
_values = attrgetter(*CHANGING)
_PARAMETERS = [f"new_{name}" for name in CHANGING]


def rows_of(found: Iterable[Sequence[Any]]) -> list[DeliveryRow]:
    """What a statement gave that asks for COLUMNS."""
    return [DeliveryRow(*values) for values in found]


def add_once(session: Session, row: Mapping[str, Any]) -> tuple[DeliveryRow, bool]:
    """Store a delivery, or give back the one that was stored for the same cause. True when it is new."""
    stored = _ADD.run(session, row)
    if stored is not None:
        return rows_of([stored])[0], True
    existing = find_by_key(session, row["dedupe_key"])
    if existing is None:
        raise LookupError(f"the delivery {row['dedupe_key']!r} was neither stored nor found")
    return existing, False


def find_by_key(session: Session, dedupe_key: str) -> DeliveryRow | None:
    """The delivery made for this cause, if it was made before."""
    return _first(session.connection().execute(_BY_KEY, {"key": dedupe_key}))


def lock_delivery(session: Session, delivery_id: int) -> DeliveryRow | None:
    """The row as it stands now, kept from every other writer until the transaction ends."""
    return _first(session.connection().execute(_LOCKED, {"delivery_id": delivery_id}))


def store_rows(session: Session, rows: Collection[DeliveryRow]) -> None:
    """Write back what may have changed. Only for a caller who has claimed or locked these rows."""
    given = [{"row": row.id, **dict(zip(_PARAMETERS, _values(row), strict=True))} for row in rows]
    if given:
        session.connection().execute(_STORE, given if len(given) > 1 else given[0])


def _first(found: Iterable[Sequence[Any]]) -> DeliveryRow | None:
    return next(iter(rows_of(found)), None)


# Built once: putting such a statement together costs more than running it.
_ADD = InsertOnce(DELIVERIES, ["dedupe_key"], *COLUMNS)
_BY_KEY = select(*COLUMNS).where(DELIVERIES.c.dedupe_key == bindparam("key"))
_LOCKED = select(*COLUMNS).where(DELIVERIES.c.id == bindparam("delivery_id")).with_for_update()
_STORE = (
    update(DELIVERIES)
    .where(DELIVERIES.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}", type_=DELIVERIES.c[name].type) for name in CHANGING})
)
