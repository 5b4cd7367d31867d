"""Broadcasts for tests of the console: how one is written there, and one under way without the clock."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.model.delivery import DeliveryState
from bot.storage.broadcasts import Broadcast, BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact, Guardian, Guardianship, StaffMember
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests.conftest import FixedClock
from tests.console.house import Browser, Cast

ROOM = "/console/broadcasts"
NEW = f"{ROOM}/new"


def write(person: Browser, **fields: object):  # type: ignore[no-untyped-def]
    """Fill in the form: routine, in English, for Lucía's class, to leave when it is sent, unless told otherwise."""
    page = person.read(NEW)
    data = {"text": "No school on Friday.", "written_in": "en", "who": "chosen", "category": "routine", "when": "now", "one_per": "household",
            "classes": re.findall(r'name="classes" value="(\d+)"', page), **fields}  # fmt: skip
    return person.press(NEW, NEW, **data)  # type: ignore[arg-type]


def plain(answer: object) -> str:
    """The page as it is read."""
    return html.unescape(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def press(person: Browser, key: int, deed: str) -> str:
    """The page after a deed; what it says."""
    return plain(person.press(f"{ROOM}/{key}/{deed}", f"{ROOM}/{key}"))


def newest(database: Database) -> Broadcast:
    """The broadcast that was written last."""
    with database.read() as session:
        found = session.scalars(select(Broadcast).order_by(Broadcast.id.desc()).limit(1)).one()
        session.expunge(found)
        return found


def sent(person: Browser, database: Database, **fields: object) -> int:
    """Written and sent; its key."""
    write(person, **fields)
    key = newest(database).id
    press(person, key, "send")
    return key


def stored(database: Database, key: int) -> Broadcast:
    """The broadcast as it stands."""
    with database.read() as session:
        found = session.get_one(Broadcast, key)
        session.expunge(found)
        return found


def deeds(database: Database) -> list[tuple[str, str]]:
    """Who did what with broadcasts."""
    with database.read() as session:
        query = select(AuditEvent).where(AuditEvent.subject_kind == "broadcast").order_by(AuditEvent.id)
        return [(event.actor, event.deed) for event in session.scalars(query)]


def move_to_district(database: Database, staff_id: int) -> None:
    """From now on this member of staff works for the whole district."""
    with database.write() as session:
        session.get_one(StaffMember, staff_id).school_id = None


def add_families(database: Database, cast: Cast, many: int) -> list[int]:
    """Guardians of Lucía, each with a telephone; the keys of their contacts."""
    with database.write() as session:
        before = session.query(Guardian).count()
        people = [
            Guardian(
                source_id=f"g{before}-{n}",
                given_name=f"Ana{n}",
                family_name="Vega",
                language="en" if n % 2 else "ar",
            )
            for n in range(many)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(Guardianship(guardian_id=person.id, student_id=cast.lucia) for person in people)
        contacts = [
            Contact(guardian_id=person.id, channel="sms", address=f"+1510555{n:04}", language=person.language)
            for n, person in enumerate(people, 300 + before)
        ]
        session.add_all(contacts)
        session.flush()
        return [contact.id for contact in contacts]


FATES = (
    *((state, None) for state in DeliveryState if state != DeliveryState.SENDING),
    (DeliveryState.FAILED, "The number is not in service."),
    ("skipped", "stopped"), ("skipped", "no_contact"), ("pending", None),
)  # fmt: skip


def under_way(
    database: Database, cast: Cast, clock: FixedClock, *, fates: Sequence[tuple[str, str | None]] = FATES, **values: object
) -> int:  # fmt: skip
    """A broadcast of Rosa's that is being sent, with a recipient for each fate; its key."""
    contacts, now = add_families(database, cast, len(fates)), clock.now()
    with database.write() as session:
        facts: dict[str, object] = {
            "author_id": cast.rosa, "text": "No school on Friday.", "language": "en", "audience": {"languages": ["es"]},
            "state": "sending", "send_at": now - timedelta(minutes=5), "undo_until": now - timedelta(minutes=4),
            "resolved": True, "created_at": now - timedelta(minutes=6),
        }  # fmt: skip
        broadcast = Broadcast(**{**facts, **values})
        session.add(broadcast)
        session.flush()
        for contact_id, (state, reason) in zip(contacts, fates, strict=True):
            contact = session.get_one(Contact, contact_id)
            row = BroadcastRecipient(
                broadcast_id=broadcast.id, contact_id=contact_id, guardian_id=contact.guardian_id,
                line=f"sms:{contact.address}", language=contact.language or "en", children=["Lucía"], state="queued",
            )  # fmt: skip
            session.add(row)
            if state in ("skipped", "pending"):
                row.state, row.reason = state, reason
                continue
            delivery = Delivery(
                dedupe_key=f"broadcast:{broadcast.id}:{contact_id}", kind="broadcast", channel="sms",
                recipient=contact.address, broadcast_id=broadcast.id, language=row.language, body="No school on Friday.",
                state=state, reason=reason, due_at=now, created_at=now,
            )  # fmt: skip
            session.add(delivery)
            session.flush()
            row.delivery_id = delivery.id
        return broadcast.id
