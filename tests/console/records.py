"""What the console left behind, and how a reply is sent: for tests that act on a case."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.cases import Case, CaseEvent
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from bot.storage.staff import AuditEvent


def stored(database: Database, case: int) -> Case:
    with database.read() as session:
        found = session.get(Case, case)
        assert found is not None
        session.expunge(found)
        return found


def deliveries(database: Database) -> list[Delivery]:
    with database.read() as session:
        found = list(session.scalars(select(Delivery).order_by(Delivery.id)))
        session.expunge_all()
        return found


def deeds(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        query = select(AuditEvent).where(AuditEvent.subject_kind == "case").order_by(AuditEvent.id)
        return [(event.actor, event.deed) for event in session.scalars(query)]


def events(database: Database, case: int) -> list[str]:
    with database.read() as session:
        query = select(CaseEvent.kind).where(CaseEvent.case_id == case).order_by(CaseEvent.id)
        return list(session.scalars(query))


def once(page: str, action: str) -> str:
    """The `once` of the form that goes to `action`."""
    form = page.split(f'action="{action}"')[1]
    return form.split('name="once" type="hidden" value="')[1].split('"')[0]


def reply(person, case: int, text: str, **fields: str):  # type: ignore[no-untyped-def]
    page = person.read(f"/console/cases/{case}")
    address = f"/console/cases/{case}/reply"
    return person.press(
        address, f"/console/cases/{case}", **{"text": text, "once": once(page, address), **fields}
    )
