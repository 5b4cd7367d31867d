"""One process that sends texts of a broadcast: `python -m bench.sending_worker fill|lanes|bare COUNT`.

`fill` makes the rows, `lanes` sends them as the product does, `bare` is the floor: as many texts through the
same client of Twilio's, its pool of connections and as many threads, with no row and no rule. What was
measured goes to standard output as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from bot import logs
from bot.app import Homeline
from bot.channels.twilio.account import account_from
from bot.channels.twilio.client import connect
from bot.environment import load_settings
from bot.model.messages import OutboundMessage
from bot.outbox.senders import keep_in_step
from bot.storage.deliveries import Delivery
from bot.storage.migrating import migrate

BODY = "School is closed tomorrow because of the snow. Buses do not run; the office answers from eight."
CHUNK = 10_000


def line(number: int) -> str:
    """A telephone number of its own for each text."""
    return f"+1510{2000000 + number:07d}"


def fill(home: Homeline, count: int) -> float:
    """Rows of a broadcast, all due; how many a second."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    began = time.perf_counter()
    for first in range(0, count, CHUNK):
        rows = [
            {"dedupe_key": f"bench:{n}", "kind": "broadcast", "channel": "sms", "recipient": line(n),
             "language": "en", "body": BODY, "priority": -2, "due_at": now, "created_at": now}
            for n in range(first, min(first + CHUNK, count))
        ]  # fmt: skip
        with home.database.write() as session:
            session.execute(insert(Delivery), rows)
    return count / (time.perf_counter() - began)


def lanes(home: Homeline, count: int) -> float:
    """Rows to sent, by one lane; texts a second. RuntimeError when some were not sent."""
    with home.database.write() as session:
        keep_in_step(session, home.channels.values(), home.clock.now())
    home.channels["sms"].send(OutboundMessage(0, line(count), BODY))  # the library's first steps
    began = time.perf_counter()
    while home.lanes.run(0) is not None:
        pass
    seconds = time.perf_counter() - began
    with home.database.read() as session:
        sent = session.scalar(
            select(func.count()).where(Delivery.attempts == 1, Delivery.provider_id.is_not(None))
        )
    if sent != count:
        raise RuntimeError(f"{sent} of {count} were sent")
    return count / seconds


def bare(home: Homeline, count: int) -> float:
    """The floor; texts a second."""
    account = account_from(home.settings.by_environment_name())
    client = connect(account)
    callback = f"{home.settings.public_base_url}/twilio/status"

    def send(number: int) -> None:
        client.messages.create(to=line(number), body=BODY, from_=account.sender, status_callback=callback)

    send(count)  # the library's first steps
    began = time.perf_counter()
    with ThreadPoolExecutor(home.settings.send_workers) as pool:
        for _ in pool.map(send, range(count)):
            pass
    return count / (time.perf_counter() - began)


DEEDS: Mapping[str, Callable[[Homeline, int], float]] = {"fill": fill, "lanes": lanes, "bare": bare}


def main() -> None:
    """Do what is asked on the database and carrier of the environment."""
    deed, count = sys.argv[1], int(sys.argv[2])
    settings = load_settings(os.environ)
    logs.configure(settings.log_level)
    home = Homeline(settings)
    migrate(home.database)
    json.dump(DEEDS[deed](home, count), sys.stdout)


if __name__ == "__main__":
    main()
