"""Contacts: the number each guardian can be texted on."""

from __future__ import annotations

from bot.school.roster.records import UserRow
from bot.school.roster.run import Run
from bot.storage.people import Guardian

SMS = "sms"
_TEXTED = {"sms", "whatsapp"}  # a WhatsApp number is a mobile number: it can be texted as well


def languages_before(run: Run) -> dict[str, str]:
    """Each stored guardian's language; to be asked before the people are written."""
    return {source_id: row.language for source_id, row in run.shelves.guardians.rows.items()}


def write_contacts(run: Run, before: dict[str, str]) -> None:
    """One text contact per guardian who has a number and wants texts; other numbers are deactivated.

    A guardian whom nobody may contact keeps the row, but inactive. A file without the column of numbers says
    nothing about them.
    """
    shelf = run.shelves.contacts
    barred = _barred(run)
    silent = run.package.users.lacks("sms")
    for user in () if silent else run.package.users.rows:
        guardian = run.shelves.guardians.standing(user.source_id)
        if guardian is None or user.source_id not in run.shelves.guardians.present:
            continue
        if user.sms is None:
            run.findings.add("guardian-unreachable", "users.csv", user.line, "sms", user.source_id)
        elif _wants_texts(run, user):
            language = _language(run, guardian, user.sms, before)
            shelf.put(
                (user.source_id, SMS, user.sms),
                guardian_id=guardian.id,
                channel=SMS,
                address=user.sms,
                language=language,
                active=user.source_id not in barred,
            )
    shelf.let_go(lambda key: key[1] == SMS and _is_stale(run, key[0], barred, silent))
    run.session.flush()


def _language(run: Run, guardian: Guardian, number: str, before: dict[str, str]) -> str:
    """The guardian's, unless the family itself has chosen another one for this line."""
    stored = run.shelves.contacts.rows.get((guardian.source_id, SMS, number))
    chosen = stored is not None and stored.language != before.get(guardian.source_id)
    return stored.language if stored is not None and chosen else guardian.language or "en"


def _wants_texts(run: Run, user: UserRow) -> bool:
    """By the companion feed; without a word there, by whether they were texted so far."""
    facts = run.facts_of.get(user.source_id)
    if facts:
        channels = {row.channel for row in facts if row.channel}
        return not channels or bool(channels & _TEXTED)
    if user.source_id not in run.shelves.guardians.were_active:
        return True
    return any(guardian == user.source_id for guardian, _, _ in run.shelves.contacts.rows)


def _barred(run: Run) -> set[str]:
    """Guardians whose every link forbids contact. What is stored for a link stands until it is lifted."""
    open_to, linked = set(), set()
    for (guardian, _), row in run.shelves.links.rows.items():
        if row.active:
            linked.add(guardian)
            if not row.no_contact:
                open_to.add(guardian)
    return linked - open_to


def _is_stale(run: Run, guardian: str, barred: set[str], silent: bool) -> bool:
    guardians = run.shelves.guardians
    return (guardian in guardians.present and not silent) or guardian in guardians.left or guardian in barred
