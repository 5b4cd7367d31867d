"""Two workers beside one: texts of a broadcast that wait for their carrier, and texts that need the model.

Each says how much of the machine was used, because that decides what a second worker can bring: where one worker
waits for the carrier, twice as much; where the cores are full, nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.figures import Figure, Target
from bench.ledgers import query
from bench.load import fire
from bench.machine import Use, wait_until_calm
from bench.standing import FREELY, house, start, work
from bench.texts import conversations
from bench.throughput import LATENCY_MS, PATH, lanes
from bot.supervision.postgres import LocalPostgres
from tests.journeys.cluster_house import ClusterHouse, wait_until

CARRIER_MS, THREADS = 200, 4
"""A carrier so slow, and threads so few, that a worker waits nine tenths of its time."""

TEXTS = 400
PHONES = 24
FULL = 0.9
"""The share of all cores' time from which on the machine itself is the limit."""

SENT = "select created from messages where direction = 'outbound-api' order by created"
DONE = "select count(*) from turns where status = 'done'"
OPEN = "select count(*) from deliveries where state in ('queued', 'sending')"
WORKERS = (1, 2)


@dataclass(frozen=True, slots=True)
class Run:
    """Texts a second, and the share of all cores' time that was used meanwhile, by everybody."""

    rate: float
    used: float


Task = Callable[[ClusterHouse, int], Run]


def compare(own: LocalPostgres, runs: int, patience: float) -> list[Figure]:
    """One worker and two take turns within a run, each on a database of its own."""
    found: list[Figure] = []
    kinds: tuple[tuple[str, Task, int, Target | None], ...] = (
        (f"broadcast texts, carrier {CARRIER_MS} ms, {THREADS} threads a worker", broadcast, CARRIER_MS,
         Target(1.7, at_least=True, of_ratio=True)),
        (f"texts answered, carrier {LATENCY_MS} ms", answers, LATENCY_MS, None),
    )  # fmt: skip
    for label, task, latency, target in kinds:
        seen: dict[int, list[Run]] = {count: [] for count in WORKERS}
        for number in range(runs):
            for count in WORKERS:
                wait_until_calm(patience)
                seen[count].append(_once(own, task, latency, count, number))
        found += figures(label, seen[1], seen[2], target)
    return found


def figures(label: str, one: Sequence[Run], two: Sequence[Run], target: Target | None) -> list[Figure]:
    """The rates, and what the machine gave for them, with what was the limit."""
    rates = [tuple(run.rate for run in runs) for runs in (two, one)]
    return [
        Figure(f"{label}: two workers", "texts/s", rates[0], "one worker", rates[1], target),
        *(Figure(f"… processor used with {name}; limit: {limit(runs)}", "%", tuple(run.used * 100 for run in runs))
          for name, runs in (("one worker", one), ("two workers", two))),
    ]  # fmt: skip


def limit(runs: Sequence[Run]) -> str:
    """What kept these runs from being faster."""
    return "the processor" if median(run.used for run in runs) >= FULL else "waiting"


def middle_rate(moments: Sequence[float]) -> float:
    """Events a second between the first and the last tenth, in which not everybody works. ValueError below ten."""
    if len(moments) < 10:
        raise ValueError(f"{len(moments)} moments are too few for a rate")
    edge = len(moments) // 10
    inner = sorted(moments)[edge : len(moments) - edge]
    return (len(inner) - 1) / (inner[-1] - inner[0])


def broadcast(made: ClusterHouse, _number: int) -> Run:
    """Texts of a broadcast that all come due at once, to all of them at the carrier."""
    work(made, "fill", TEXTS)
    _until_sent(made, TEXTS // 10)
    use = Use()
    _until_sent(made, TEXTS * 9 // 10)
    used = use.share()
    _until_sent(made, TEXTS)
    return Run(middle_rate([float(row[0]) for row in query(made.ledger, SENT)]), used)


def answers(made: ClusterHouse, number: int) -> Run:
    """Families' texts all at once, to the last reply at the carrier."""
    talks = conversations(number, PHONES)
    total, use = sum(map(len, talks)), Use()
    started = fire(made.port, lanes(made.base, PATH, talks)).started
    until_answered(made, total)
    used = use.share()
    return Run(total / (float(query(made.ledger, SENT)[-1][0]) - started), used)


def until_answered(made: ClusterHouse, texts: int) -> None:
    """Until so many turns are done and nothing waits to be sent; TimeoutError says what is open."""
    if not wait_until(lambda: made.query(DONE) == [(texts,)] and made.query(OPEN) == [(0,)], 300):
        raise TimeoutError(f"{made.query(DONE)} of {texts} turns done, {made.query(OPEN)} texts not sent")


def _until_sent(made: ClusterHouse, count: int) -> None:
    if not wait_until(lambda: len(query(made.ledger, SENT)) >= count, 300):
        raise TimeoutError(f"{len(query(made.ledger, SENT))} of {count} texts left")


def _once(own: LocalPostgres, task: Task, latency: int, workers: int, number: int) -> Run:
    roles = ("web", "clock", *("worker",) * workers)
    extra = {**FREELY, "HOMELINE_SEND_WORKERS": str(THREADS)} if task is broadcast else FREELY
    name = f"workers_{task.__name__}_{workers}_{number}"
    with house(own, name, latency, extra, reports=task is not broadcast) as made:
        start(made, roles)
        return task(made, number)
