"""Five million guardians on paper: districts, their numbers, the machines behind them, and one day of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from random import Random

from bench.queues import Agenda, Station

TURN, REPLY, BULK = 0, 1, 2
"""Ranks at the machines: texts that came in, their answers, the texts of broadcasts."""

SAMPLE = 15.0
"""Seconds between two looks at the queues."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of one core, as docs/measurements.md measured them on SQLite; the job engine's share is that of
    Procrastinate on two cores (300 jobs/s). A turn's length is lognormal with the measured spread (p99 = 5.3 × p50)."""

    turn: float = 0.0437 + 2 / 300
    spread: float = log(5.3) / 2.326
    reply: float = 0.0088 + 2 / 300
    bulk: float = 0.0088
    carrier: float = 0.1
    sends_a_text: float = 1.4
    segments: float = 1.6


@dataclass(frozen=True, slots=True)
class Shape:
    """How it is built. `reserved`: the share of a number that broadcasts never use; None: they use all of it, and
    give way to every answer."""

    name: str
    clusters: int
    processes: int
    segments_per_second: float
    reserved: float | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What happens. `waves`: share of the districts and when they write to everybody (seconds after midnight).
    `texts` is the share of the guardians who text by themselves between `begins` and `ends`; of those written to,
    `texts_back` answer, ten minutes later on average."""

    name: str
    waves: tuple[tuple[float, float], ...]
    begins: float
    ends: float
    texts: float
    texts_back: float


@dataclass(slots=True)
class District:
    """One district: its families, and what its number is busy with."""

    guardians: int
    station: Station
    unsent: int = 0
    wrote_at: float = 0.0
    free_at: float = 0.0
    debt: float = 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The queues at one moment: texts and answers not out yet, and texts of broadcasts not out yet."""

    at: float
    answers: int
    bulk: int


HELPING = 20
"""Texts of a broadcast that a machine takes up together."""

BACK_AFTER = 600.0


class Simulation:
    """One day under one shape. The same seed gives the same day. `waits` and `bulk` are in seconds;
    those of `bulk` stand for a helping each, with how many texts it had."""

    def __init__(
        self, shape: Shape, day: Day, guardians: int, seed: int = 1, costs: Costs | None = None
    ) -> None:
        self.shape, self.day, self.costs = shape, day, costs or Costs()
        self.waits: list[float] = []
        self.bulk: list[tuple[float, int]] = []
        self.samples: list[Sample] = []
        self._agenda = Agenda()
        self._random = Random(seed)
        self._median = log(self.costs.turn) - self.costs.spread**2 / 2
        self._open = self._unsent = 0
        stations = [Station(self._agenda, shape.processes, 3) for _ in range(shape.clusters)]
        sizes = district_sizes(guardians, Random(seed))
        # Districts go to the cluster with the fewest families so far.
        load = [0] * shape.clusters
        self.districts = []
        for size in sizes:
            at = load.index(min(load))
            load[at] += size
            self.districts.append(District(size, stations[at]))

    def run(self) -> Simulation:
        """Let the day pass."""
        agenda, day = self._agenda, self.day
        shares = self._random.choices(
            [at for _, at in day.waves], [share for share, _ in day.waves], k=len(self.districts)
        )
        for district, at in zip(self.districts, shares, strict=True):
            agenda.at(at, self._write_to_all, district)
        weights = [district.guardians for district in self.districts]
        for district in self._random.choices(self.districts, weights, k=round(day.texts * sum(weights))):
            agenda.at(self._random.uniform(day.begins, day.ends), self._text, district)
        agenda.at(day.begins, self._look)
        agenda.run()
        return self

    def _write_to_all(self, district: District) -> None:
        district.unsent, district.wrote_at = district.guardians, self._agenda.now
        self._unsent += district.unsent
        self._next_helping(district)

    def _next_helping(self, district: District) -> None:
        """The number has room for the next texts of the broadcast, unless answers took it meanwhile."""
        if district.debt:
            later, district.debt = self._agenda.now + district.debt, 0.0
            self._agenda.at(later, self._next_helping, district)
            return
        count = min(HELPING, district.unsent)
        district.unsent -= count
        district.station.serve(BULK, count * self.costs.bulk, self._out, (district, count))
        if district.unsent:
            share = 1.0 - (self.shape.reserved or 0.0)
            seconds = count * self.costs.segments / (self.shape.segments_per_second * share)
            self._agenda.at(self._agenda.now + seconds, self._next_helping, district)

    def _out(self, sent: tuple[District, int]) -> None:
        district, count = sent
        now = self._agenda.now + self.costs.carrier
        self._unsent -= count
        self.bulk.append((now - district.wrote_at, count))
        for _ in range(count):
            if self._random.random() < self.day.texts_back:
                self._agenda.at(now + self._random.expovariate(1 / BACK_AFTER), self._text, district)

    def _text(self, district: District) -> None:
        """A family's text has come in."""
        self._open += 1
        seconds = self._random.lognormvariate(self._median, self.costs.spread)
        district.station.serve(TURN, seconds, self._answer, (district, self._agenda.now))

    def _answer(self, turn: tuple[District, float]) -> None:
        """Its answers wait for their place at the number."""
        district, came_at = turn
        self._open -= 1
        sends = int(self.costs.sends_a_text) + (self._random.random() < self.costs.sends_a_text % 1)
        rate = self.shape.segments_per_second
        if district.unsent and self.shape.reserved is not None:
            rate *= self.shape.reserved
        takes = self.costs.segments / rate
        for _ in range(sends):
            self._open += 1
            slot = max(self._agenda.now, district.free_at)
            district.free_at = slot + takes
            if district.unsent and self.shape.reserved is None:
                district.debt += takes
            if slot > self._agenda.now:
                self._agenda.at(slot, self._send, (district, came_at))
            else:
                self._send((district, came_at))

    def _send(self, answer: tuple[District, float]) -> None:
        answer[0].station.serve(REPLY, self.costs.reply, self._answered, answer[1])

    def _answered(self, came_at: float) -> None:
        self._open -= 1
        self.waits.append(self._agenda.now + self.costs.carrier - came_at)

    def _look(self, _: None) -> None:
        now = self._agenda.now
        self.samples.append(Sample(now, self._open, self._unsent))
        last = max(at for _, at in self.day.waves)
        if now < max(last + SAMPLE, self.day.ends) or self._unsent or self._open:
            self._agenda.at(now + SAMPLE, self._look)


def district_sizes(guardians: int, random: Random) -> list[int]:
    """One district for every 10,000 guardians, of very different sizes: half of the families live in the largest
    sixth of the districts."""
    count = max(1, guardians // 10_000)
    drawn = [random.lognormvariate(0.0, 1.0) for _ in range(count)]
    return [max(1, round(guardians * one / sum(drawn))) for one in drawn]


def percentile(weighted: Sequence[tuple[float, int]], share: float) -> float:
    """The value below which this share of the weight lies; 0 without any."""
    ordered = sorted(weighted)
    goal = share * sum(weight for _, weight in ordered)
    seen = 0
    for value, weight in ordered:
        seen += weight
        if seen >= goal:
            return value
    return 0.0
