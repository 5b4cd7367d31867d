"""What a broadcast would do: how many get it, in which languages, at which price, and who does not, why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.school.broadcasts.duration import Duration, estimate
from bot.school.broadcasts.households import Household, find_households
from bot.school.broadcasts.merging import Problem, missing
from bot.school.broadcasts.outlook import Circumstances, Outlook, look_ahead
from bot.school.broadcasts.recurrence import Calendar
from bot.school.broadcasts.series import coming, content_mark
from bot.school.broadcasts.wording import Content, Measured, Wording
from bot.school.policy import Policy
from bot.school.resting import district_rest
from bot.school.trial import Trial
from bot.storage.broadcast_series import BroadcastSeries
from bot.storage.broadcasts import Broadcast

MEASURED = 200
"""Texts measured in each language. Where there are more, segments are an estimate from these."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What those who send broadcasts work with: the district's choices, its words, the moment."""

    policy: Policy
    wording: Wording
    zone: ZoneInfo
    now: datetime

    @property
    def calendar(self) -> Calendar:
        """The days of the schools."""
        return Calendar(self.zone, self.policy.closed_days)

    def circumstances(self, broadcast: Broadcast) -> Circumstances:
        """When a broadcast would be ready to leave, and what it meets then."""
        undone = broadcast.undo_until or self.now + self.policy.undo
        return Circumstances(
            leaves_at=max(broadcast.send_at or self.now, undone, self.now),
            rest=district_rest(self.policy, self.zone),
            trial=Trial.of(self.policy),
        )


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """The recipients of one language: how many, segments of all their texts, and one text as it arrives.

    `translated` is false where they get the author's own words: in their language, or with a note that
    the text could not be translated (`noted`).
    """

    language: str
    recipients: int
    segments: int
    sample: str
    translated: bool
    noted: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen now. `price` is in dollars, None when no price is set. `exact`: nothing is estimated.

    `duration` is how long it takes to leave, None where nothing limits it. `left_out` counts those who get
    nothing, by a word of `reasons`. With `problems` it cannot be sent. `outlook` tells who sleeps when it leaves.
    `mark` stands for what was looked at. `dates` are the next ones of a series.
    """

    recipients: int
    languages: Sequence[LanguageShare]
    segments: int
    exact: bool
    price: Decimal | None
    duration: Duration | None
    left_out: Mapping[str, int]
    problems: Sequence[Problem]
    needs_approval: bool
    outlook: Outlook
    mark: str
    dates: Sequence[datetime] = ()


def preview(session: Session, broadcast: Broadcast, desk: Desk) -> Preview:
    """What the broadcast would do if it left now; changes nothing.

    It reads the whole roster of the audience: seconds for a district. Never inside a transaction that writes.
    """
    content = Content.of(broadcast)
    today = desk.now.astimezone(desk.zone).date()
    households = find_households(session, content.scope(today))
    reached = [household for household in households if household.reason is None]
    problems = [
        problem for household in reached for problem in missing(household, content.fields, broadcast.about_on)
    ]
    shares = [] if problems else _shares(content, reached, desk)
    segments = sum(share.segments for share in shares)
    price = desk.policy.segment_price
    return Preview(
        recipients=len(reached),
        languages=shares,
        segments=segments,
        exact=all(share.recipients <= MEASURED for share in shares),
        price=segments * price if price else None,
        duration=estimate(session, segments, today if broadcast.category == "routine" else None),
        left_out=Counter(household.reason for household in households if household.reason),
        problems=problems,
        needs_approval=needs_approval(broadcast, len(reached), desk.policy),
        outlook=look_ahead(session, broadcast, reached, desk.circumstances(broadcast)),
        mark=content_mark(broadcast),
        dates=next_dates(session, broadcast, desk),
    )


def next_dates(session: Session, broadcast: Broadcast, desk: Desk) -> Sequence[datetime]:
    """The next times at which it is sent, where it is one of a series."""
    series = session.get(BroadcastSeries, broadcast.series_id) if broadcast.series_id is not None else None
    return coming(session, series, desk.calendar, desk.now) if series is not None else ()


def list_left_out(session: Session, broadcast: Broadcast, desk: Desk) -> Sequence[Household]:
    """Those who would get nothing if it left now, each with its reason; by name."""
    scope = Content.of(broadcast).scope(desk.now.astimezone(desk.zone).date())
    found = [household for household in find_households(session, scope) if household.reason is not None]
    return sorted(found, key=lambda household: (household.name, household.line, household.language))


def needs_approval(broadcast: Broadcast, recipients: int, policy: Policy) -> bool:
    """Whether a second person has to agree: to anything urgent, and to anything large."""
    return broadcast.category == "urgent" or recipients > policy.approval_above


def _shares(content: Content, reached: Sequence[Household], desk: Desk) -> Sequence[LanguageShare]:
    by_language: dict[str, list[Household]] = defaultdict(list)
    for household in reached:
        by_language[household.language].append(household)
    return [
        _share(content, language, group, desk)
        for language, group in sorted(by_language.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _share(content: Content, language: str, group: Sequence[Household], desk: Desk) -> LanguageShare:
    measured: list[Measured] = [
        desk.wording.measure(content.say(household, desk.wording, desk.policy.district), language)
        for household in group[:MEASURED]
    ]
    total = sum(text.segments for text in measured)
    return LanguageShare(
        language=language,
        recipients=len(group),
        segments=round(total * len(group) / len(measured)),
        sample=measured[0].body,
        translated=measured[0].translated,
        noted=measured[0].noted,
    )
