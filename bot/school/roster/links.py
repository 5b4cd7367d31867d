"""Guardianships: what each guardian is to each student, and what they may know."""

from __future__ import annotations

from typing import Any

from bot.school.roster.records import ContactRow
from bot.school.roster.run import Pair, Run


def write_links(run: Run) -> None:
    """Every pair as a guardianship; pairs the roster no longer states are deactivated."""
    shelves = run.shelves
    for pair, role in sorted(run.pairs.items()):
        guardian = shelves.guardians.rows.get(pair[0])
        student = shelves.students.rows.get(pair[1])
        if guardian is None or student is None:
            continue
        facts = run.facts.get(pair)
        values = _from_facts(facts) if facts else _without_facts(run, pair)
        values |= {"relationship_kind": (facts and facts.relationship) or role}
        if pair in shelves.links.rows and not facts:
            del values["relationship_kind"]
        shelves.links.put(pair, guardian_id=guardian.id, student_id=student.id, active=True, **values)
    shelves.links.let_go(lambda pair: pair[1] in shelves.students.present)
    _find_mixed_orders(run)
    run.session.flush()


def _from_facts(row: ContactRow) -> dict[str, Any]:
    """What the row says. An order against contact is lifted by a plain no only, never by a blank."""
    order = {} if row.no_contact is None else {"no_contact": row.no_contact}
    return order | {
        "contact_order": int(row.order or 1),
        "lives_with": row.lives_with,
        "custody": row.custody,
        "may_pick_up": row.may_pick_up,
        "may_receive_records": bool(row.may_receive_records),
    }


def _without_facts(run: Run, pair: Pair) -> dict[str, Any]:
    """A link nobody has said more about: what the office entered stays; a new one gets no records yet.

    Where the row of a new one may be among those that could not be read, it may have forbidden contact.
    """
    if pair in run.shelves.links.rows:
        return {}
    feed = run.package.contacts
    if pair[1] in feed.broken or not feed.whole:
        run.findings.add("order-unread", "contacts.csv", None, "noContact", " ".join(pair))
        return {"may_receive_records": False, "no_contact": True}
    run.findings.add("custody-unknown", "contacts.csv", None, "custody", " ".join(pair))
    return {"may_receive_records": False}


def _find_mixed_orders(run: Run) -> None:
    for guardian, rows in run.facts_of.items():
        orders = {bool(row.no_contact) for row in rows}
        if len(orders) > 1:
            run.findings.add("no-contact-differs", "contacts.csv", rows[0].line, "noContact", guardian)
