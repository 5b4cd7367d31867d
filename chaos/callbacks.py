"""Signed status callbacks, shuffled and doubled, while the web is killed: every delivery ends as the rank says."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from bench.load import request
from bot.app import Homeline
from bot.environment import load_settings
from bot.serving import prepare
from bot.storage.deliveries import Delivery
from chaos.checks import Check, Report, none_of
from chaos.eyes import Eyes
from chaos.lanes import Lanes
from chaos.modes import Mode
from chaos.plan import Plan
from tests.journeys.house import ACCOUNT, SCHOOL, TOKEN

LANES = 16
REPORTS_A_TEXT = 6
"""Callbacks a delivery: two or three reports, each at least twice."""
STRANGE = f"SM{'e' * 24}"
"""How ids begin of texts that nobody here sent."""
LANDLINE, PHONE_OFF = 30006, 30003
"""An error that is final, and one after which the text is tried once more later."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a carrier reports of one text, and how its delivery has to end, by the ranked rule.

    `again` says whether a further try of the text has to wait.
    """

    reports: tuple[str, ...]
    ends: str
    code: int | None = None
    again: bool = False


COURSES = (
    Course(("sent", "delivered"), "delivered"),
    Course(("queued", "sending", "sent", "delivered"), "delivered"),
    Course(("sent", "delivered", "read"), "delivered"),
    Course(("sent", "undelivered"), "undelivered", LANDLINE),
    Course(("sent", "undelivered"), "undelivered", PHONE_OFF, again=True),
    Course(("sent", "undelivered", "delivered"), "delivered", PHONE_OFF),
    Course(("queued", "failed"), "failed", LANDLINE),
    Course(("queued", "sent"), "sent"),
)
STARTS = ("sent", "sent", "sent", "unresolved")
"""In which state the deliveries wait for what is reported."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One report. `delivery_id` stands in its address, where the carrier was told to put it there."""

    sid: str
    status: str
    code: int | None
    delivery_id: int | None

    @property
    def key(self) -> tuple[str, str]:
        """What the product keeps once."""
        return self.sid, self.status

    def request(self, base: str) -> str:
        """As it goes over the wire, signed."""
        fields = {"MessageSid": self.sid, "SmsSid": self.sid, "MessageStatus": self.status, "SmsStatus": self.status,
                  "AccountSid": ACCOUNT, "From": SCHOOL, "To": "+15105550199", "ApiVersion": "2010-04-01"}  # fmt: skip
        if self.code and self.status in ("undelivered", "failed"):
            fields["ErrorCode"] = str(self.code)
        path = "/twilio/status" + (f"?delivery={self.delivery_id}" if self.delivery_id else "")
        return request(base, path, fields, TOKEN)


def run(mode: Mode, plan: Plan) -> Report:
    """The whole drill in one mode, from an empty database to what must hold afterwards."""
    dice = random.Random(plan.seed)
    sids = _furnish(mode, plan.callbacks // REPORTS_A_TEXT)
    courses = {key: COURSES[n % len(COURSES)] for n, key in enumerate(sids)}
    callbacks = plan_callbacks(sids, courses, plan.callbacks, dice)
    lanes = Lanes(mode.house.port, [one.request(mode.house.base) for one in callbacks], LANES)
    eyes = Eyes(mode.house)
    try:
        mode.house.start_carrier()
        mode.start()
        kills = _strike_meanwhile(mode, lanes, plan, dice)
        acknowledged = lanes.wait(plan.settle_seconds)
        checks = [
            Check("kills, at least", True, len(kills) >= plan.web_kills),
            Check("every callback was acknowledged in the end", True, acknowledged),
            none_of("processes that ended by themselves", mode.ended_by_themselves()),
            *_checks(eyes, courses, {one.key for one in callbacks}),
        ]
        return Report(f"callbacks, {mode.name}", checks, _figures(lanes, len(callbacks), kills))
    finally:
        lanes.stop()
        mode.stop()
        eyes.close()


def plan_callbacks(
    sids: Mapping[int, str], courses: Mapping[int, Course], count: int, dice: random.Random
) -> Sequence[Callback]:
    """Every report twice, some about texts of nobody, some more often until there are `count`, in any order."""
    once = [Callback(sids[key], status, course.code, key if key % 2 else None)
            for key, course in courses.items() for status in course.reports]  # fmt: skip
    strange = [Callback(f"{STRANGE}{n:08x}", "delivered", None, None) for n in range(len(courses) // 100)]
    every = [*once, *strange] * 2
    every += dice.choices(once, k=max(0, count - len(every)))
    dice.shuffle(every)
    return every


def _furnish(mode: Mode, count: int) -> Mapping[int, str]:
    """Deliveries that the carrier has taken, as rows: the carrier's ids by key."""
    home = Homeline(load_settings(mode.house.environment()))
    prepare(home)
    now = home.clock.now()
    rows = [{"dedupe_key": f"drill:{n}", "kind": "broadcast", "channel": "sms", "recipient": f"+1510{n:07d}",
             "language": "en", "body": "Drill.", "state": STARTS[n // len(COURSES) % len(STARTS)], "due_at": now,
             "created_at": now, "first_attempt_at": now, "sent_at": now, "attempts": 1,
             "provider_id": f"SM{'d' * 24}{n:08x}"} for n in range(count)]  # fmt: skip
    with home.database.write() as session:
        session.execute(insert(Delivery), rows)
        found = session.execute(select(Delivery.id, Delivery.provider_id).where(Delivery.body == "Drill."))
        sids = {row[0]: str(row[1]) for row in found}
    home.close()
    return sids


def _strike_meanwhile(mode: Mode, lanes: Lanes, plan: Plan, dice: random.Random) -> Sequence[str]:
    """Kill the web whenever another share of the callbacks was acknowledged."""
    kills: list[str] = []
    lanes.begin()
    for number in range(plan.web_kills):
        share = plan.callbacks * (number + 1) / (plan.web_kills + 1)
        deadline = time.monotonic() + plan.settle_seconds
        while lanes.acknowledged < share and time.monotonic() < deadline:
            time.sleep(0.02)
        kills += mode.strike_web(dice)
        sys.stderr.write(f"{mode.name}: kill {len(kills)}, {lanes.acknowledged} callbacks acknowledged\n")
    return kills


def _checks(eyes: Eyes, courses: Mapping[int, Course], kept: set[tuple[str, str]]) -> Sequence[Check]:
    """Rows against the courses they went through."""
    drill = {
        row[0]: row[1]
        for row in eyes.product("select id, state from deliveries where dedupe_key like 'drill:%'")
    }
    wrong = [
        f"{key} {drill[key]}, not {course.ends}"
        for key, course in courses.items()
        if drill[key] != course.ends
    ]
    waits = Counter(row[0] for row in eyes.product(
        "select resend_of from deliveries where resend_of is not null and state in ('held', 'queued')"))  # fmt: skip
    tries = [key for key, course in courses.items() if waits[key] != course.again]
    events = eyes.product("select provider_id, status, delivery_id from status_events")
    strange = [row for row in events if row[2] is None and not row[0].startswith(STRANGE)]
    return [
        none_of("deliveries that ended otherwise than the rank says", wrong),
        none_of("deliveries with a further try too many or too few", tries),
        Check("reports kept, each once", len(kept), len(events)),
        none_of("reports of our texts that belong to no delivery", strange),
    ]


def _figures(lanes: Lanes, count: int, kills: Sequence[str]) -> dict[str, Any]:
    return {
        "callbacks": count,
        "repeated because nobody answered": lanes.repeated,
        "kills": len(kills),
        "callbacks/s while the web answers": lanes.usual_rate(),
        "callbacks/s, kills and restarts included": round(lanes.acknowledged / max(lanes.seconds, 0.001), 1),
    }
