"""A district's past as rows: deliveries by the million, and in proportion what their way touches.

Ten texts a line whatever the size: every fifth answers a text of the family's, the others are broadcasts'. All
are delivered. The database makes the rows itself, ten times as quickly as they could be brought to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import text

from bot.storage.session import Database

BEGAN = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
"""When the first text left; each next one a second later."""

A_LINE = 10
"""Deliveries to one line."""

A_TEXT = 5
"""Deliveries for each text of a family's."""

CHUNK = 50_000

Columns = Mapping[str, str]


def address(number: int) -> str:
    """The telephone of a line, from 1."""
    return f"+1510{2_000_000 + number}"


def lines(deliveries: int) -> int:
    """How many lines a district with so many deliveries has."""
    return max(deliveries // A_LINE, 1)


def fill(database: Database, deliveries: int) -> None:
    """Store the past of an empty database, its tables' statistics included. `deliveries` is a multiple of A_LINE."""
    count = lines(deliveries)
    _broadcasts(database)
    for table, (rows, columns) in {**_people(count), **_texts(database, deliveries)}.items():
        for first in range(1, rows + 1, CHUNK):
            _store(database, table, columns, first, min(first + CHUNK - 1, rows))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.embedded else "VACUUM ANALYZE"))


def _store(database: Database, table: str, columns: Columns, first: int, last: int) -> None:
    """Rows `first` to `last`, of expressions with the row's number `n`."""
    numbers = (
        f"WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
    )
    names, values = ", ".join(columns), ", ".join(columns.values())
    with database.write(durable=False) as session:
        # What is made here fits together; looking it up again would take most of the time.
        session.execute(text("PRAGMA cache_size=-400000" if database.embedded else
                             "SET LOCAL session_replication_role = replica"))  # fmt: skip
        session.execute(text(f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM numbers"))


def _broadcasts(database: Database) -> None:
    """The school, who writes for it, and as many broadcasts as each line got."""
    _store(database, "orgs", {"source_id": "'district'", "name": "'Río Vista'", "type": "'district'"}, 1, 1)
    staff = {"source_id": "'office'", "given_name": "'Ada'", "family_name": "'Min'", "role": "'administrator'",
             "school_id": "1", "active": "true"}  # fmt: skip
    _store(database, "staff_members", staff, 1, 1)
    sent = {"author_id": "1", "text": "'No school tomorrow.'", "language": "'en'", "translations": "'{}'",
            "audience": "'{}'", "category": "'routine'", "state": "'done'", "needs_approval": "false",
            "resolved": "true", "created_at": _moment(database, "n"), "finished_at": _moment(database, "n")}  # fmt: skip
    _store(database, "broadcasts", sent, 1, A_LINE)


def _people(count: int) -> dict[str, tuple[int, Columns]]:
    """A guardian, a child and an address for each line."""
    named = {"source_id": "'person-' || CAST(n AS TEXT)", "given_name": "'Given' || CAST(n % 997 AS TEXT)",
             "family_name": "'Family' || CAST(n % 9973 AS TEXT)", "active": "true"}  # fmt: skip
    return {
        "students": (count, {**named, "grade": "'04'", "school_id": "1"}),
        "guardians": (count, {**named, "language": "'en'", "interpreter_needed": "false"}),
        "guardianships": (count, {"guardian_id": "n", "student_id": "n", "relationship_kind": "'parent'",
                                  "contact_order": "1", "may_receive_records": "true", "no_contact": "false",
                                  "active": "true"}),
        "contacts": (count, {"guardian_id": "n", "channel": "'sms'", "address": _address("n"),
                             "language": "'en'", "active": "true"}),
    }  # fmt: skip


def _texts(database: Database, deliveries: int) -> dict[str, tuple[int, Columns]]:
    """What was written both ways, and what the carrier reported."""
    count = lines(deliveries)
    line, at = f"((n - 1) % {count} + 1)", _moment(database, f"n * {A_TEXT}")
    return {
        "conversations": (count, {"channel": "'sms'", "address": _address("n"), "our_address": "'+15105550190'",
                                  "contact_id": "n", "language": "'en'", "state": "'{}'", "with_staff": "false",
                                  "created_at": _moment(database, "n")}),
        "messages": (deliveries // A_TEXT, {"channel": "'sms'", "provider_id": "'MO' || CAST(n AS TEXT)",
                                            "sender": _address(line), "recipient": "'+15105550190'",
                                            "body": "'What time does school start?'", "media": "'[]'",
                                            "received_at": at, "conversation_id": line}),
        "turns": (deliveries // A_TEXT, {"message_id": "n", "line": f"'sms:' || {_address(line)}",
                                         "status": "'done'", "attempts": "1", "created_at": at, "done_at": at,
                                         "understood": "'{}'"}),
        "deliveries": (deliveries, _delivery(database, count)),
        "status_events": (deliveries * 2, {"channel": "'sms'", "provider_id": "'MT' || CAST((n + 1) / 2 AS TEXT)",
                                           "status": "CASE n % 2 WHEN 1 THEN 'sent' ELSE 'delivered' END",
                                           "error_code_key": "0", "delivery_id": "(n + 1) / 2", "resends": "0",
                                           "received_at": _moment(database, "n / 2"), "opted_out": "false",
                                           "scope": "'message'"}),
    }  # fmt: skip


def _delivery(database: Database, count: int) -> Columns:
    """A round goes to every line once; each fifth round answers, in the order of the turns."""
    line, turn = f"((n - 1) % {count} + 1)", f"((n - 1) / {count})"
    answers, at = f"{turn} % {A_TEXT} = {A_TEXT - 1}", _moment(database, "n")
    return {
        "dedupe_key": "'past:' || CAST(n AS TEXT)", "channel": "'sms'", "recipient": _address(line),
        "kind": f"CASE WHEN {answers} THEN 'reply' ELSE 'broadcast' END", "conversation_id": line,
        "contact_id": line, "turn_id": f"CASE WHEN {answers} THEN {turn} / {A_TEXT} * {count} + {line} END",
        "broadcast_id": f"CASE WHEN {answers} THEN NULL ELSE {turn} + 1 END", "language": "'en'",
        "body": "'Text ' || CAST(n AS TEXT) || ': school is closed tomorrow because of the snow. Call for more.'",
        "segments": "1", "state": "'delivered'", "priority": f"CASE WHEN {answers} THEN 0 ELSE -2 END",
        "due_at": at, "created_at": at, "attempts": "1", "first_attempt_at": at, "sent_at": at,
        "finished_at": at, "provider_id": "'MT' || CAST(n AS TEXT)", "resends": "0", "looks": "0",
        "sender": "'+15105550190'",
        # A text in fifty was lost, and this is its further try.
        "resend_of": "CASE WHEN n % 50 = 49 THEN n - 1 END",
    }  # fmt: skip


def _address(number: str) -> str:
    return f"'+1510' || CAST(2000000 + {number} AS TEXT)"


def _moment(database: Database, seconds: str) -> str:
    """So many seconds after the beginning, as the database keeps moments."""
    at = f"{int(BEGAN.timestamp())} + {seconds}"
    if database.embedded:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {at}, 'unixepoch')"
    return f"to_timestamp({at})"
