"""`python -m bench`: measures everything, prints one table, writes bench/out/results.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as server.py does, for the parts measured in this process

from bench import (  # noqa: E402
    cluster,
    expansion,
    flat,
    footprint,
    ingest,
    latency,
    parsing,
    parts,
    passing,
    rasa_peer,
    sending,
    texts,
    throughput,
)
from bench.figures import Figure, table  # noqa: E402
from bench.machine import describe  # noqa: E402
from tests.journeys.house import ROOT  # noqa: E402

OUT = ROOT / "bench" / "out"
Measure = Callable[[int, float], list[Figure]]
"""Measures so often, waiting so many seconds for a calm machine each time."""

MEASURES: Mapping[str, Measure] = {
    "ingest": ingest.measure,
    "throughput": throughput.measure,
    "latency": latency.measure,
    "parse": parsing.measure,
    "parts": parts.measure,
    "footprint": footprint.measure,
    "cluster": cluster.measure,
    "sending": sending.measure,
    "passing": passing.measure,
    "expansion": expansion.measure,
    "flat": flat.measure,
}


def main() -> int:
    """Run what was asked for. 1 when something could not be measured; a missed target on a busy machine is
    a line to look at, not a failure.
    """
    given = _parser().parse_args()
    measures: dict[str, Measure] = {**MEASURES, "flat": partial(flat.measure, most=given.most)}
    unknown = [name for name in given.only if name not in measures]
    if unknown:
        sys.exit(f"there is no {', '.join(unknown)}; measured can be {', '.join(measures)}")
    began = datetime.now(UTC)
    load = [_load()]
    figures: list[Figure] = []
    failed: list[str] = []
    for name in given.only or measures:
        sys.stderr.write(f"measuring {name}, {given.runs} runs, load {_load()}\n")
        try:
            figures += measures[name](given.runs, given.patience)
        except (RuntimeError, TimeoutError) as error:
            failed.append(name)
            sys.stderr.write(f"{name} cannot be measured: {error}\n")
        load.append(_load())
    sys.stdout.write(f"{describe()}\nload average at the start and after each part: {', '.join(load)}\n\n")
    sys.stdout.write(table(figures) + "\n")
    _keep({
        "machine": describe(), "began": began.isoformat(), "ended": datetime.now(UTC).isoformat(),
        "runs": given.runs, "load": load, "mix": texts.mix(texts.conversations(0)),
        "peer": rasa_peer.describe(), "figures": [figure.as_json() for figure in figures],
    })  # fmt: skip
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    made.add_argument("only", nargs="*", metavar="WHAT", help="what to measure (default: all)")
    made.add_argument("--runs", type=int, default=5, help="runs of each (default 5)")
    made.add_argument(
        "--patience",
        type=float,
        default=30,
        help="seconds to wait before a run until others leave the cores alone",
    )
    made.add_argument(
        "--most",
        type=int,
        default=flat.SIZES[-1],
        metavar="ROWS",
        help="deliveries of the largest district of flat",
    )
    return made


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _keep(results: dict[str, Any]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    (OUT / "results.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
