"""How long the two sides of a PostgreSQL connection believe in each other when nothing is heard any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL

OURS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""After these many seconds (the last one: milliseconds) a PostgreSQL that cannot be reached is given up,
so that a process cut off from it notices instead of waiting for ever (libpq's own names)."""

THEIRS = {
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "idle_in_transaction_session_timeout": 30_000,
}
"""The same for PostgreSQL's side (its own names; the longer numbers are milliseconds): the locks of a process
whose machine is gone, or that stands still in a transaction, are free again soon, not after hours."""


def patient(url: URL) -> dict[str, Any]:
    """What to connect to this database with. `?options=` in the address is kept, and wins."""
    asked = url.query.get("options", "")
    options = [f"-c {name}={value}" for name, value in THEIRS.items()]
    return {**OURS, "options": " ".join([*options, *([asked] if isinstance(asked, str) else asked)]).strip()}
