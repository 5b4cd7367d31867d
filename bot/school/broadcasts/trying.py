"""A broadcast tried out: its text as one family would read it, marked as a trial, on the telephones of staff.

It is no recipient's text: it counts nowhere, needs no approval, and answers to it are nobody's answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.dialogue import Phrase, Say
from bot.model.errors import BadInput, NotFound
from bot.school.broadcasts.drafts import record_deed
from bot.school.broadcasts.households import Household, find_households
from bot.school.broadcasts.merging import missing
from bot.school.broadcasts.preview import Desk
from bot.school.broadcasts.wording import Content
from bot.school.tabular.phones import read_phone
from bot.storage.broadcasts import Broadcast
from bot.storage.people import Contact, Guardian, StaffMember

MARK = "utter_broadcast_trial"
KIND = "trial"
MOST_NUMBERS = 5
REGION = "US"


@dataclass(frozen=True, slots=True)
class TrialText:
    """One trial on its way to a number. `once` is the same for a button that was pressed twice."""

    number: str
    language: str
    say: Say
    once: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is tried: as readers of `language` get it (None: the author's own), on these `numbers` (none: the
    author's own number)."""

    numbers: Sequence[str] = ()
    language: str | None = None


def try_out(
    session: Session, broadcast: Broadcast, wanted: Wanted, desk: Desk, actor: str
) -> Sequence[TrialText]:
    """The texts to queue. BadInput: a number that cannot be, or is a family's; nobody reads that language; a
    value is missing. Audited."""
    numbers = _numbers(session, broadcast.author, wanted.numbers, desk)
    content = Content.of(broadcast)
    household = _example(session, content, wanted.language, desk)
    say = content.say(household, desk.wording, desk.policy.district)
    marked = replace(say, texts=(Phrase(MARK), *say.texts), kind=KIND)
    record_deed(session, broadcast, "try", actor, desk.now, texts=len(numbers), language=household.language)
    return [
        TrialText(number, household.language, marked, _once(broadcast, number, household, desk))
        for number in numbers
    ]


def _numbers(session: Session, author: StaffMember, given: Sequence[str], desk: Desk) -> Sequence[str]:
    if not given and not author.phone:
        raise BadInput("The roster has no number of the one who wrote it. Say which number to try it on.")
    if len(given) > MOST_NUMBERS:
        raise BadInput(f"It can be tried on {MOST_NUMBERS} numbers at once.")
    numbers = [_number(text) for text in given or (author.phone or "",)]
    staff = set(
        session.scalars(select(StaffMember.phone).where(StaffMember.active, StaffMember.phone.in_(numbers)))
    )
    own = staff | set(desk.policy.trial_numbers)
    for number in numbers:
        if number in own:
            continue
        if desk.policy.trial_numbers:
            raise BadInput(
                "Trial mode is on: use a number of TRIAL_NUMBERS, or one that staff have in the roster."
            )
        if _is_family(session, number):
            # It may name somebody else's child.
            raise BadInput("This number belongs to a family. Try it on a number of yours.")
    return tuple(dict.fromkeys(numbers))


def _number(text: str) -> str:
    number, _ = read_phone(text, REGION)
    if number is None:
        raise BadInput(f"{text!r} is no telephone number; write +15105550100.")
    return number


def _is_family(session: Session, number: str) -> bool:
    query = select(Contact.id).join(Guardian, Guardian.id == Contact.guardian_id)
    return (
        session.scalar(query.where(Contact.address == number, Contact.active, Guardian.active).limit(1))
        is not None
    )


def _example(session: Session, content: Content, language: str | None, desk: Desk) -> Household:
    """The first family that reads the language; without one named, the author's language, else any."""
    scope = content.scope(desk.now.astimezone(desk.zone).date())
    reached = [one for one in find_households(session, scope) if one.reason is None]
    readers = [one for one in reached if one.language == (language or content.broadcast.language)]
    if not reached or (language is not None and not readers):
        raise NotFound("Nobody would get this text in this language: there is nothing to try.")
    household = (readers or reached)[0]
    if missing(household, content.fields, content.broadcast.about_on):
        raise BadInput("A value is missing. Look at the preview first.")
    return household


def _once(broadcast: Broadcast, number: str, household: Household, desk: Desk) -> str:
    """The same within a minute, so that pressing twice sends once."""
    cause = f"{broadcast.id}:{number}:{household.language}:{desk.now:%Y%m%d%H%M}"
    return hashlib.sha256(cause.encode()).hexdigest()[:24]
