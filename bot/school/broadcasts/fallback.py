"""What is done when a text fails for good: another number of the same person, then somebody else who cares for
the same children and was not reached, then a task for the office. (A telephone call would stand before the task.)

Each function works in the caller's transaction, on a broadcast it has locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.school.broadcasts.households import Household, Scope, find_households
from bot.school.broadcasts.merging import missing
from bot.school.broadcasts.wording import Content
from bot.school.reminders import NOT_TEXTED
from bot.storage.broadcast_rescues import Loss, lines_of_broadcast, others_of
from bot.storage.broadcasts import BroadcastRecipient, lock_broadcast
from bot.storage.people import Contact

ANOTHER_NUMBER = "another_number"
OTHER_GUARDIAN = "other_guardian"
REACHED = "reached"
TASK = "task"
NONE = "none"
"""What can be done, as it stands on the recipient. REACHED: somebody who cares for the same children has the
text already. NONE: the fault was not the number's, or nobody may be told any more."""

_UNDER_WAY = ("pending", "held", "queued", "sending")
_ARRIVED = ("sent", "delivered")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done for a recipient. `household` is who is texted instead, or whom the task is about; `family` the
    lowest key of all its children."""

    kind: str
    content: Content
    recipient: BroadcastRecipient
    household: Household | None = None
    family: int = 0


@dataclass(frozen=True, slots=True)
class _Other:
    """Another address of the family: whose, the text it would get, how it stands in the broadcast."""

    contact: Contact
    household: Household
    state: str | None


def decide(session: Session, loss: Loss, today: date, now: datetime) -> Decision | None:
    """What is to be done; None while it cannot be said, or when it was done before."""
    broadcast = lock_broadcast(session, loss.broadcast_id)
    recipient = session.get(BroadcastRecipient, loss.recipient_id, populate_existing=True)
    if broadcast is None or recipient is None or recipient.rescue is not None:
        return None
    if broadcast.state not in ("sending", "done") or (broadcast.expires_at and broadcast.expires_at <= now):
        return None
    content = Content.of(broadcast)
    whole = _lost_household(session, content, recipient, today)
    lost = _about(whole, recipient) if whole is not None else None
    if whole is None or lost is None:
        return Decision(NONE, content, recipient)
    others = _others(session, content, recipient, lost, today)
    if others is None:
        return None
    kind, household = _first_way(others, recipient, content)
    family = min(child.student_id for child in whole.children)
    return Decision(kind, content, recipient, household or lost, family)


def add_rescue(session: Session, decision: Decision, household: Household) -> BroadcastRecipient:
    """The row of who is texted instead; the unique `rescue_of` lets it be made once."""
    broadcast = decision.content.broadcast
    row = BroadcastRecipient(
        broadcast_id=broadcast.id,
        contact_id=household.contact_id,
        guardian_id=household.guardian_id,
        line=household.line,
        language=household.language,
        about_child=household.about_child,
        children=[child.name for child in household.children],
        state="pending",
        rescue_of=decision.recipient.id,
    )
    session.add(row)
    broadcast.state, broadcast.finished_at = "sending", None  # something of it is under way again
    session.flush()
    return row


def _lost_household(
    session: Session, content: Content, recipient: BroadcastRecipient, today: date
) -> Household | None:
    """The household of a text that failed, as the roster has it now; None when nobody there may be told."""
    found = find_households(session, _scope(content, today), [_address(recipient.line)])
    return next((one for one in found if one.contact_id == recipient.contact_id and not one.reason), None)


def _about(whole: Household, recipient: BroadcastRecipient) -> Household | None:
    """The part of a household that a text is about: all of it, or the one child that has a text of its own."""
    if not recipient.about_child:
        return whole
    children = tuple(child for child in whole.children if child.student_id == recipient.about_child)
    return whole._replace(children=children, about_child=recipient.about_child) if children else None


def _others(
    session: Session, content: Content, recipient: BroadcastRecipient, lost: Household, today: date
) -> Sequence[_Other] | None:
    """All other addresses of those who may be told of the same children. None while one is under way."""
    students = {child.student_id for child in lost.children}
    contacts = {c.id: c for c, _ in others_of(session, students, NOT_TEXTED) if _line(c) != recipient.line}
    lines = {(contact.channel, contact.address) for contact in contacts.values()}
    households = find_households(session, _scope(content, today), lines) if lines else ()
    states = {
        (row.line, row.language): state
        for row, state in lines_of_broadcast(
            session, recipient.broadcast_id, {_line(c) for c in contacts.values()}
        )
        if row.about_child == recipient.about_child
    }
    found = []
    for contact in sorted(contacts.values(), key=lambda one: one.guardian_id != recipient.guardian_id):
        language = contact.language or contact.guardian.language
        for household in households:
            told = {child.student_id for child in household.children}
            if (household.line, household.language) == (_line(contact), language) and students <= told:
                about = tuple(child for child in household.children if child.student_id in students)
                state = states.get((household.line, language))
                mine = household._replace(children=about, about_child=recipient.about_child)
                found.append(_Other(contact, mine, state))
    return None if any(other.state in _UNDER_WAY for other in found) else found


def _first_way(
    others: Sequence[_Other], recipient: BroadcastRecipient, content: Content
) -> tuple[str, Household | None]:
    if any(other.state in _ARRIVED for other in others):
        return REACHED, None
    about_on = content.broadcast.about_on
    for other in others:
        usable = other.state is None and other.household.reason is None
        if usable and not missing(other.household, content.fields, about_on):
            own = other.contact.guardian_id == recipient.guardian_id
            return (ANOTHER_NUMBER if own else OTHER_GUARDIAN), other.household
    return TASK, None


def _scope(content: Content, today: date) -> Scope:
    """As the broadcast's, but whole households, and not narrowed to readers of some languages: another guardian
    may read another one."""
    scope = content.scope(today)
    return replace(scope, audience=replace(scope.audience, languages=()), each_child=False)


def _line(contact: Contact) -> str:
    return f"{contact.channel}:{contact.address}"


def _address(line: str) -> tuple[str, str]:
    channel, _, address = line.partition(":")
    return channel, address
