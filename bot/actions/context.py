"""What an action gets to work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.dialogue import SlotValue
from bot.model.ports import Embedder
from bot.model.utterance import Utterance
from bot.school.policy import Policy
from bot.storage.conversations import Conversation, Turn


@dataclass(frozen=True, slots=True)
class ActionContext:
    """One run of one action, inside the turn's own transaction.

    An action may change `conversation` (language, speaker, hand-over) and write school facts through
    `session`; it must not commit, send, wait or ask the network. `embedder` is None when it cannot load.
    """

    session: Session
    conversation: Conversation
    turn: Turn
    utterance: Utterance
    slots: Mapping[str, SlotValue]
    now: datetime
    zone: ZoneInfo
    policy: Policy
    embedder: Embedder | None = None
