"""`python -m chaos`: runs the drills, prints what held, writes chaos/out/results.json; 1 when something did not."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as server.py does, for what is set up in this process

from bench.machine import describe  # noqa: E402
from chaos import broadcast, callbacks  # noqa: E402
from chaos.checks import Report  # noqa: E402
from chaos.cluster import Cluster  # noqa: E402
from chaos.modes import Embedded, Mode  # noqa: E402
from chaos.plan import Plan  # noqa: E402
from tests.journeys.house import ROOT  # noqa: E402

USUAL = Plan()
OUT = ROOT / "chaos" / "out"
MODES: Mapping[str, Callable[[Path, tuple[str, ...]], Mode]] = {"embedded": Embedded, "cluster": Cluster}
SCENARIOS: Mapping[str, Callable[[Mode, Plan], Report]] = {
    "broadcast": broadcast.run,
    "callbacks": callbacks.run,
}


def main() -> int:
    """Run what was asked for."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))  # what was started is ended, too
    given = _parser().parse_args()
    plan = Plan(given.recipients, given.families, given.callbacks, given.kills, given.web_kills, given.seed)
    began, clock = datetime.now(UTC), time.monotonic()
    reports = []
    for scenario in given.only or SCENARIOS:
        for name in given.mode or MODES:
            if scenario not in SCENARIOS or name not in MODES:
                sys.exit(f"there is {', '.join(SCENARIOS)}, in the modes {', '.join(MODES)}")
            report = _one(scenario, name, plan, keep=given.keep)
            sys.stdout.write(report.told() + "\n")
            sys.stdout.flush()
            reports.append(report)
    seconds = time.monotonic() - clock
    sys.stdout.write(f"{describe()}\nseconds in all: {seconds:.0f}\n")
    OUT.mkdir(parents=True, exist_ok=True)
    results = {"machine": describe(), "began": began.isoformat(), "seconds": seconds, "seed": plan.seed,
               "reports": [report.as_json() for report in reports]}  # fmt: skip
    (OUT / "results.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return 0 if all(report.holds for report in reports) else 1


def _one(scenario: str, name: str, plan: Plan, *, keep: bool) -> Report:
    """One drill in one mode, in a folder of its own, kept when something differs so that it can be looked into."""
    folder = Path(tempfile.mkdtemp(prefix=f"homeline-chaos-{name}-"))
    report = None
    try:
        report = SCENARIOS[scenario](MODES[name](folder, broadcast.carrier_options(plan.seed)), plan)
        return report
    finally:
        if keep or report is None or not report.holds:
            sys.stderr.write(f"databases, ledger and logs are in {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    add = made.add_argument
    add("only", nargs="*", metavar="DRILL", help=f"which drills (default: all): {', '.join(SCENARIOS)}")
    add("--mode", action="append", help=f"which mode (default: all): {', '.join(MODES)}")
    add("--recipients", type=int, default=USUAL.recipients)
    add("--families", type=int, default=USUAL.families, help="telephones that text meanwhile")
    add("--callbacks", type=int, default=USUAL.callbacks, help="status reports of the second drill")
    add("--kills", type=int, default=USUAL.kills, help="in the broadcast drill")
    add("--web-kills", type=int, default=USUAL.web_kills, help="in the drill of status reports")
    add("--seed", type=int, default=USUAL.seed)
    add("--keep", action="store_true", help="keep the databases also when everything held")
    return made


if __name__ == "__main__":
    sys.exit(main())
