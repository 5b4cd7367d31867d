"""Orgs, students, guardians and staff go in; who is no longer there is deactivated."""

from __future__ import annotations

from typing import Any

from bot.school.roster.kinds import Kinds, leaves
from bot.school.roster.records import OrgRow, UserRow
from bot.school.roster.run import Run
from bot.school.roster.shelf import Shelf


def write_orgs(run: Run) -> None:
    """The district and its schools. An org that is its own parent is kept without one."""
    shelf = run.shelves.orgs
    rows = [row for row in run.package.orgs.rows if not leaves(row.status)]
    for row in rows:
        shelf.put(row.source_id, source_id=row.source_id, name=row.name, type=row.type or "school")
    run.session.flush()
    for row in rows:
        shelf.rows[row.source_id].parent_id = _parent_id(run, row)
    run.session.flush()


def _parent_id(run: Run, row: OrgRow) -> int | None:
    if row.parent is None:
        return None
    if row.parent == row.source_id:
        run.findings.add("parent-self", "orgs.csv", row.line, "parentSourcedId", row.parent)
        return None
    return _org_id(run, row.parent, ("orgs.csv", row.line, "parentSourcedId"))


def _org_id(run: Run, source_id: str | None, place: tuple[str, int, str]) -> int | None:
    org = run.shelves.orgs.rows.get(source_id) if source_id else None
    if source_id and org is None:
        run.findings.add("reference-org", *place, source_id)
    return org.id if org else None


def write_people(run: Run) -> None:
    """Every user as all that they are: a teacher who is a parent stands among both. What the file has no
    column for stays as it was."""
    births = {row.source_id: row.born_on for row in run.package.births.rows}
    for user in run.package.users.rows:
        kinds = run.kinds.get(user.source_id)
        if kinds is None:
            continue
        if not _has_name(run, user):
            del run.kinds[user.source_id]
            continue
        person: dict[str, Any] = {
            "source_id": user.source_id,
            "given_name": user.given_name,
            "family_name": user.family_name,
            "active": True,
        }
        school = _org_id(run, kinds.org, ("users.csv", user.line, "primaryOrgSourcedId"))
        at = {"school_id": school} if school or not kinds.org else {}
        if kinds.student:
            born = {"birth_date": births[user.source_id]} if births.get(user.source_id) else {}
            grade = {} if run.package.users.lacks("grades") else {"grade": user.grade}
            run.shelves.students.put(user.source_id, **person, **at, **born, **grade)
        if kinds.guardian:
            _put_guardian(run, user, person)
        if kinds.staff:
            _put_staff(run, user, kinds, {**person, **at})
    _let_people_go(run)
    run.session.flush()


def _has_name(run: Run, user: UserRow) -> bool:
    for name, column in ((user.given_name, "givenName"), (user.family_name, "familyName")):
        if not name:
            rule = "name-missing" if user.given_name or user.family_name else "value-required"
            run.findings.add(rule, "users.csv", user.line, column)
    return bool(user.given_name or user.family_name)


def _put_guardian(run: Run, user: UserRow, person: dict[str, Any]) -> None:
    """What the roster is silent about (language, interpreter, zone) stays as it was."""
    facts = run.facts_of.get(user.source_id, [])
    languages = [row.language for row in facts if row.language]
    if len(set(languages)) > 1:
        run.findings.add("language-differs", "contacts.csv", facts[0].line, "language", ", ".join(languages))
    elif languages and user.language and user.language != languages[0]:
        run.findings.add("language-differs", "users.csv", user.line, "metadata.homeLanguage", user.language)
    language = next(iter(languages), user.language)
    if language:
        person = {**person, "language": language}
    needs = [row.interpreter for row in facts if row.interpreter is not None]
    if needs:
        person = {**person, "interpreter_needed": any(needs)}
    if user.zone:
        person = {**person, "time_zone": user.zone}
    run.shelves.guardians.put(user.source_id, **person, **_email(run, user))


def _put_staff(run: Run, user: UserRow, kinds: Kinds, person: dict[str, Any]) -> None:
    phone = user.phone or user.sms
    if phone:
        person = {**person, "phone": phone}
    run.shelves.staff.put(user.source_id, **person, **_email(run, user), role=kinds.staff)


def _email(run: Run, user: UserRow) -> dict[str, Any]:
    return {} if run.package.users.lacks("email") else {"email": user.email}


def _let_people_go(run: Run) -> None:
    """A complete file lets go everybody it does not name, except rows it names but nobody can read."""
    users = run.package.users
    complete = run.package.complete(users, "users")
    gone = {user.source_id for user in users.rows if leaves(user.status)}
    named = {user.source_id for user in users.rows} | users.broken

    def left(source_id: str) -> bool:
        return source_id in gone or (complete and not _unreadable(run, source_id, named))

    shelves: tuple[Shelf[Any, str], ...] = (run.shelves.students, run.shelves.guardians, run.shelves.staff)
    for shelf in shelves:
        shelf.let_go(left)


def _unreadable(run: Run, source_id: str, named: set[str]) -> bool:
    """Named in the file, but not as anybody (no role, no name, a broken row): the stored row stands."""
    kinds = run.kinds.get(source_id)
    return source_id in named and (kinds is None or not kinds.any or source_id in run.package.users.broken)
