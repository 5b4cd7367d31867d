"""All tables in one place, for migrations and for tests that compare them with the models."""

from __future__ import annotations

from bot.storage import (
    broadcast_series,
    broadcasts,
    carrier_accounts,
    cases,
    conferences,
    consents,
    conversations,
    deliveries,
    groups,
    knowledge,
    people,
    reminders,
    resources,
    rests,
    review_texts,
    saved_audiences,
    search_texts,
    sender_numbers,
    staff,
)
from bot.storage.base import Base

metadata = Base.metadata
NOUNS = (
    broadcast_series,
    broadcasts,
    carrier_accounts,
    cases,
    conferences,
    consents,
    conversations,
    deliveries,
    groups,
    knowledge,
    people,
    reminders,
    resources,
    rests,
    review_texts,
    saved_audiences,
    search_texts,
    sender_numbers,
    staff,
)


def is_ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether a table, column or index is one of the models', for Alembic's comparison.

    SQLite keeps the full-text index in tables, PostgreSQL in a column, of which no model knows (`search_texts`);
    the tables of the job engine are its own (`job_engine`), and a move from one database to the other leaves
    its own marks (`moving`).
    """
    foreign = ("search_words", "procrastinate_", "idx_procrastinate_", "moved_to", "move_progress")
    return kind not in {"table", "column", "index"} or not (name or "").startswith(foreign)
