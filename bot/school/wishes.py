"""The day and hour a family asked for: which openings fit, which are nearest, and how the wish is said back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.dialogue import Phrase, SlotValue
from bot.school.openings import AT_A_TIME, next_openings, spread
from bot.storage.conferences import Opening

_PARTS = {
    "morning": (time(0), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(23, 59)),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, at the schools: a day or several, a time, hours between two times, or a part of the day."""

    first: date | None = None
    last: date | None = None
    at: time | None = None
    after: time | None = None
    before: time | None = None
    part: str | None = None

    def fits(self, opening: Opening, zone: ZoneInfo) -> bool:
        """Whether an opening is what was asked for."""
        begin, end = opening.starts_at.astimezone(zone), opening.ends_at.astimezone(zone)
        if self.first and not self.first <= begin.date() <= (self.last or self.first):
            return False
        if self.at and not begin.time() <= self.at < end.time():
            return False
        since, until = self._hours()
        return since <= begin.time() and end.time() <= until

    def distance(self, opening: Opening, zone: ZoneInfo) -> timedelta:
        """How far an opening lies from what was asked for; days count before hours."""
        begin = opening.starts_at.astimezone(zone)
        day = self.first or begin.date()
        since, until = self._hours()
        wanted = self.at or (since if since > time(0) else begin.time() if until > begin.time() else until)
        return abs(begin - datetime.combine(day, wanted, zone))

    def _hours(self) -> tuple[time, time]:
        since, until = _PARTS.get(self.part or "", (time(0), time(23, 59)))
        return self.after or since, self.before or until

    def phrase(self) -> Phrase:
        """The wish in words: "You asked for Tuesday, March 17 after 3:00 PM." """
        kind = next((name for name in ("at", "after", "before") if getattr(self, name)), self.part)
        day = {"day": self.first} if self.first else {}
        hour = {"hour": getattr(self, kind)} if kind in ("at", "after", "before") else {}
        name = "_".join(filter(None, ("utter_wish", "day" if self.first else "", kind or "")))
        return Phrase(name, {**day, **hour})


def wish_of(slots: Mapping[str, SlotValue]) -> Wish | None:
    """The wish that the slots hold, as `wished_date`, `wished_time` and so on; None where they hold none."""
    return wish_in({name: slots.get(f"wished_{name}") for name in _SAID})


def wish_in(entities: Mapping[str, SlotValue]) -> Wish | None:
    """The wish that a text's entities tell (`date`, `time` and so on); None where they tell none."""
    said = {name: value for name in _SAID if isinstance(value := entities.get(name), str) and value}
    if not said:
        return None
    day, until = said.get("date"), said.get("until")
    return Wish(
        date.fromisoformat(day) if day else None,
        date.fromisoformat(until) if until else None,
        _clock(said.get("time")),
        _clock(said.get("after")),
        _clock(said.get("before")),
        said.get("part"),
    )


_SAID = ("date", "until", "time", "after", "before", "part")


def _clock(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None


@dataclass(frozen=True, slots=True)
class Offer:
    """Openings to choose from. `more`: there are others, or some were offered before. `seen`: the keys of all that were
    offered by now, as the slot `openings_seen` holds them. `words` say the wish back."""

    openings: Sequence[Opening]
    more: bool
    seen: str
    words: tuple[Phrase, ...] = ()


def offer_for(free: Sequence[Opening], seen: Collection[int], wish: Wish | None, zone: ZoneInfo) -> Offer:
    """What to offer: what fits the wish first, which is said back once. After the last ones it begins again with the
    first, and without the wish."""
    if not any(opening.id not in seen for opening in free):
        seen, wish = (), None
    fits = True
    if wish is None:
        openings, more = next_openings(free, seen, zone)
    else:
        openings, more, fits = offer_wished(free, seen, wish, zone)
    words = (
        () if wish is None or seen else (wish.phrase(), *(() if fits else (Phrase("utter_wish_not_free"),)))
    )
    shown = sorted({*seen, *(opening.id for opening in openings)})
    return Offer(openings, more or bool(seen), ",".join(map(str, shown)), words)


def offer_wished(
    free: Sequence[Opening], seen: Collection[int], wish: Wish, zone: ZoneInfo
) -> tuple[Sequence[Opening], bool, bool]:
    """The next three openings that fit a wish, or the nearest where none does; whether there are more; whether they fit.

    After all that fit come the others, the nearest first.
    """
    left = [opening for opening in free if opening.id not in seen]
    fitting = [opening for opening in left if wish.fits(opening, zone)]
    ranked = sorted(left, key=lambda opening: (wish.distance(opening, zone), opening.id))
    chosen = (spread(fitting, zone) or ranked)[:AT_A_TIME]
    shown = sorted(chosen, key=lambda opening: (opening.starts_at, opening.id))
    return shown, len(left) > len(chosen), bool(fitting)
