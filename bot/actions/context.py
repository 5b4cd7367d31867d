"""What an action gets to work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.dialogue import SlotValue
from bot.model.ports import Embedder
from bot.model.utterance import Utterance
from bot.school.case_keeping import keep
from bot.school.case_words import TOLD_IN, collected_words, says_something, told
from bot.school.cases import CaseRequest, Promise
from bot.school.conferences import appointment_of
from bot.school.family import Family, family_of
from bot.school.policy import Policy
from bot.storage.cases import find_by_reference
from bot.storage.conferences import Appointment
from bot.storage.conversations import Conversation, Turn
from bot.storage.people import Student


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

    @property
    def today(self) -> date:
        """The day at the schools."""
        return self.now.astimezone(self.zone).date()

    @property
    def promise(self) -> Promise:
        """By when the district answers."""
        return Promise(self.policy, self.zone)

    @property
    def family(self) -> Family:
        """Who is on the line. Read anew each time: an action may have settled who speaks."""
        return family_of(self.session, self.conversation, self.now)

    def text_slot(self, name: str) -> str | None:
        """The text in a slot; None when it is empty or holds something else."""
        value = self.slots.get(name)
        return value if isinstance(value, str) and value.strip() else None

    def appointment(self) -> Appointment | None:
        """The conference in the slot `appointment`, while it is still to come and one of the family's."""
        return appointment_of(self.session, self.family.ids, self.slots.get("appointment"), self.now)

    def case_request(self, kind: str, student: Student | None = None) -> CaseRequest:
        """What a case of this kind would be about, with the family's own words."""
        words = collected_words(kind, self.slots, self.turn.message.body)
        return CaseRequest(kind, words, self.conversation, self.turn, self.family.speaker, student)

    def keep_words(self) -> dict[str, SlotValue]:
        """Have a case hold what was told so far, because more is asked now. The slot to set."""
        kind = self.text_slot("case_kind") or ""
        slot = f"{TOLD_IN.get(kind)}_kept"
        if kind not in TOLD_IN or not says_something(" ".join(told(kind, self.slots))):
            return {}
        held = find_by_reference(self.session, self.text_slot(slot) or "")
        children = self.family.children
        case = keep(self.session, self.case_request(kind), held, children, self.promise, self.now)
        return {slot: case.reference}

    def vector_of(self, text: str) -> Any | None:
        """The meaning of a text as a vector; None where nothing can embed. The message's own is not made twice."""
        if self.embedder is None:
            return None
        if self.utterance.vector is not None and text == self.utterance.text:
            return self.utterance.vector
        # Rare: the text of an earlier turn ("did you mean" came between). It was embedded when it came, and the
        # embedder keeps its latest 512 texts: 0.03 ms. Only after a restart in between is it made anew inside this
        # transaction: 20 ms for 60 letters, 0.1 s for the 300 that are read at most (0.25 s in Chinese).
        return self.embedder.embed([text])[0]
