"""Who is guardian of whom: agentSourcedIds in both directions, and the companion feed's word on each pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.school.roster.kinds import Kinds
from bot.school.roster.records import ContactRow, UserRow
from bot.school.roster.run import Pair, Run


def find_pairs(run: Run) -> None:
    """Fill `run.pairs` from users.csv and, where a file tells only of changes, from what is stored."""
    users = run.package.users
    for user in users.rows:
        if user.source_id in run.kinds:
            run.pairs.update(_pairs_of(run, user))
    complete = run.package.complete(users, "users")
    restated = {user.source_id for user in users.rows}
    for pair in run.shelves.links.were_active - run.pairs.keys():
        guardian, student = pair
        unreadable = guardian in users.broken or student in users.broken
        if unreadable or (not complete and student not in restated):
            run.pairs[pair] = run.shelves.links.rows[pair].relationship_kind
    _find_lonely_students(run)


def _pairs_of(run: Run, user: UserRow) -> Iterator[tuple[Pair, str]]:
    """The pairs one row states; the roles of the two tell who is the guardian."""
    for agent in user.agents:
        rule = None
        other = run.kinds.get(agent)
        if agent == user.source_id:
            rule = "guardian-self"
        elif other is None:
            rule = None if agent in run.package.users.broken else "reference-guardian"
        elif run.kinds[user.source_id].student and _may_be_guardian(other):
            yield (agent, user.source_id), other.guardian or "guardian"
            _make_guardian(run, agent, other)
        elif other.student and _may_be_guardian(run.kinds[user.source_id]):
            yield (user.source_id, agent), run.kinds[user.source_id].guardian or "guardian"
            _make_guardian(run, user.source_id, run.kinds[user.source_id])
        else:
            rule = "guardian-role"
        if rule:
            run.findings.add(rule, "users.csv", user.line, "agentSourcedIds", agent)


def _may_be_guardian(kinds: Kinds) -> bool:
    """Who has no role at all is taken for what the roster links them as."""
    return kinds.guardian is not None or not kinds.any


def _make_guardian(run: Run, source_id: str, kinds: Kinds) -> None:
    if kinds.guardian is None:
        run.kinds[source_id] = Kinds(guardian="guardian", org=kinds.org)


def _find_lonely_students(run: Run) -> None:
    cared_for = {student for _, student in run.pairs}
    for user in run.package.users.rows:
        if user.source_id in run.kinds and run.kinds[user.source_id].student:
            if user.source_id not in cared_for:
                run.findings.add("student-alone", "users.csv", user.line, "agentSourcedIds", user.source_id)


def match_facts(run: Run) -> None:
    """Fill `run.facts` with the companion rows whose two people the roster links."""
    for row in _forbidding_wins(run):
        rule, column, value = _breach(run, row)
        if rule:
            run.findings.add(rule, "contacts.csv", row.line, column, value)
        else:
            run.facts[row.guardian, row.student] = row
            run.facts_of.setdefault(row.guardian, []).append(row)


def _forbidding_wins(run: Run) -> Iterator[ContactRow]:
    """The rows; of two about the same two people the first forbids contact when any of them does."""
    rows = run.package.contacts.rows
    forbidden = {(row.guardian, row.student) for row in rows if row.no_contact}
    for row in rows:
        if (row.guardian, row.student) in forbidden and not row.no_contact:
            run.findings.add("order-again", "contacts.csv", row.line, "noContact", row.guardian)
            row = replace(row, no_contact=True)
        yield row


def _breach(run: Run, row: ContactRow) -> tuple[str | None, str, str]:
    student, guardian = run.kinds.get(row.student), run.kinds.get(row.guardian)
    broken = run.package.users.broken
    if (student is None or not student.student) and row.student not in broken:
        return "reference-student", "studentSourcedId", row.student
    if (guardian is None or not guardian.guardian) and row.guardian not in broken:
        return "reference-guardian", "guardianSourcedId", row.guardian
    if (row.guardian, row.student) not in run.pairs:
        return "contact-unlinked", "guardianSourcedId", row.guardian
    if (row.guardian, row.student) in run.facts:
        return "row-again", "guardianSourcedId", row.guardian
    return None, "", ""
