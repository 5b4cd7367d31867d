"""All tables in one place, for migrations and for tests that compare them with the models."""

from __future__ import annotations

from bot.storage import (
    cases,
    conferences,
    consents,
    conversations,
    deliveries,
    knowledge,
    people,
    reminders,
    resources,
    staff,
)
from bot.storage.base import Base

metadata = Base.metadata
NOUNS = (
    cases,
    conferences,
    consents,
    conversations,
    deliveries,
    knowledge,
    people,
    reminders,
    resources,
    staff,
)
