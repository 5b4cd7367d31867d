"""What waits for the texts of a broadcast on their way: hours of rest, its end, trial mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.school.broadcasts.households import Household
from bot.school.quiet_hours import QuietHours
from bot.school.resting import Windows, next_common, windows_by_line
from bot.school.trial import Trial
from bot.storage.broadcasts import Broadcast


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an outlook depends on: the moment the texts are ready to leave, the district's hours, its trial mode."""

    leaves_at: datetime
    rest: QuietHours
    trial: Trial = Trial()


@dataclass(frozen=True, slots=True)
class Sleepers:
    """Texts that wait for the same moment, the end of the hours of rest. `in_time`: they are still worth something
    then. `until` None: no hour is allowed at all by the district and by those who share the telephone."""

    until: datetime | None
    count: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many texts there are if a telephone gets one (`per_household`) and if it gets one for each child
    (`per_child`); who sleeps when they leave; how many are reached in trial mode (None: there is none)."""

    per_household: int
    per_child: int
    sleepers: Sequence[Sleepers]
    in_trial: int | None

    @property
    def too_late(self) -> int:
        """Texts that would not reach anybody, because they are worth nothing when their readers may be texted."""
        return sum(group.count for group in self.sleepers if not group.in_time)


def look_ahead(
    session: Session, broadcast: Broadcast, reached: Sequence[Household], facts: Circumstances
) -> Outlook:
    """The outlook for those who are not left out."""
    trial = facts.trial
    return Outlook(
        per_household=len({household.contact_id for household in reached}),
        per_child=sum(len(household.children) for household in reached),
        sleepers=() if broadcast.category == "urgent" else _sleepers(session, broadcast, reached, facts),
        in_trial=sum(trial.includes(household.address) for household in reached) if trial.on else None,
    )


def _sleepers(
    session: Session, broadcast: Broadcast, reached: Sequence[Household], facts: Circumstances
) -> Sequence[Sleepers]:
    special = windows_by_line(session, None, facts.rest)
    wakes = _wakes({*special.values(), (facts.rest,)}, facts.leaves_at)
    moments = Counter(
        wakes[special.get((household.channel, household.address), (facts.rest,))] for household in reached
    )
    moments.pop(facts.leaves_at, None)
    never, ends = moments.pop(None, 0), broadcast.expires_at
    found = [
        Sleepers(until, count, ends is None or until < ends)
        for until, count in sorted((until, count) for until, count in moments.items() if until is not None)
    ]
    return [*found, Sleepers(None, never, in_time=False)] if never else found


def _wakes(windows: set[Windows], moment: datetime) -> Mapping[Windows, datetime | None]:
    """The next free moment of each: most lines have the same hours."""
    return {each: next_common(each, moment) for each in windows}
