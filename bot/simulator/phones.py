"""What each telephone shows: what its owner wrote, what came from the school, and what should have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.outbox.segments import alphabet_of, count_segments
from bot.school.consent import is_stopped
from bot.simulator.services import ShownText, SimulatorServices
from bot.simulator.words import STANDING
from bot.storage.conversations import Message, Turn
from bot.storage.deliveries import Delivery
from bot.storage.phone_threads import LineThreads, read_lines

CHANNEL = "sms"
SHOWN = 800
"""Texts over all telephones; older ones fall off the page."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on a telephone. `shown` is false for one that never reached it: then `words` says why."""

    key: str
    side: str  # me | school
    text: str
    at: str
    language: str = ""
    kind: str = ""
    mark: str = ""
    words: str = ""
    tone: str = "calm"
    reason: str = ""
    shown: bool = True
    segments: int = 0
    characters: int = 0
    alphabet: str = ""
    pictures: int = 0
    understood: Mapping[str, Any] | None = None


def read_phones(session: Session, services: SimulatorServices) -> list[dict[str, Any]]:
    """Every telephone as the page draws it."""
    numbers = [phone.number for phone in services.phones]
    threads = read_lines(session, CHANNEL, numbers, SHOWN)
    return [_phone(session, services, number, threads) for number in numbers]


def _phone(
    session: Session, services: SimulatorServices, number: str, threads: LineThreads
) -> dict[str, Any]:
    heard = [(message, turn) for message, turn in threads.heard if message.sender == number]
    said = [delivery for delivery in threads.said if delivery.recipient == number]
    taken = services.company.shown_on(number)
    dated = [(message.received_at, _mine(message, turn, services)) for message, turn in heard]
    dated += [(delivery.created_at, _schools(delivery, taken, services)) for delivery in said]
    dated += [(record.at, _stray(record, services)) for record in _strays(taken, said)]
    return {
        "number": number,
        "bubbles": [asdict(bubble) for _, bubble in sorted(dated, key=lambda pair: pair[0])],
        "thinking": sum(1 for _, turn in heard if turn is not None and turn.status in ("waiting", "claimed")),
        "stopped": is_stopped(session, CHANNEL, number),
    }


def _mine(message: Message, turn: Turn | None, services: SimulatorServices) -> Bubble:
    understood = dict((turn.understood if turn else None) or {})
    if turn is not None:
        understood |= {"status": turn.status, "error": turn.error, "attempts": turn.attempts}
    return Bubble(
        key=f"m{message.id}",
        side="me",
        text=message.body,
        at=_clock(message.received_at, services),
        language=understood.get("written_in") or "",
        pictures=len(message.media or []),
        understood=understood,
        **_cost(message.body),
    )


def _schools(delivery: Delivery, taken: Sequence[ShownText], services: SimulatorServices) -> Bubble:
    mark, words, tone = STANDING[DeliveryState(delivery.state)]
    record = next((one for one in taken if one.provider_id == delivery.provider_id), None)
    code = f"error {delivery.error_code}" if delivery.error_code else ""
    body = record.body if record else delivery.body
    return Bubble(
        key=f"d{delivery.id}",
        side="school",
        text=body,
        at=_clock(delivery.sent_at or delivery.created_at, services),
        language=delivery.language,
        kind=delivery.kind,
        mark=mark,
        words=words,
        tone=tone,
        reason=" · ".join(part for part in (delivery.reason or "", code) if part),
        shown=record is not None and tone != "bad",
        **_cost(body),
    )


def _strays(taken: Sequence[ShownText], said: Sequence[Delivery]) -> list[ShownText]:
    """Texts the carrier has and no delivery knows of: its own answers, one on its way to be recorded,
    or (which must never happen) one sent twice."""
    known = {delivery.provider_id for delivery in said}
    oldest = min((delivery.created_at for delivery in said), default=None)
    return [
        one
        for one in taken
        if one.provider_id not in known and (one.automatic or (oldest is not None and one.at >= oldest))
    ]


def _stray(record: ShownText, services: SimulatorServices) -> Bubble:
    words = "the carrier's own answer" if record.automatic else f"{record.status}; no delivery on record yet"
    return Bubble(
        key=f"c{record.provider_id}",
        side="school",
        text=record.body,
        at=_clock(record.at, services),
        language="en" if record.automatic else "",
        mark="✓✓" if record.automatic else "?",
        words=words,
        tone="calm" if record.automatic else "wait",
        **_cost(record.body),
    )


def _cost(body: str) -> dict[str, Any]:
    return {"segments": count_segments(body), "characters": len(body), "alphabet": alphabet_of(body).name}


def _clock(moment: datetime, services: SimulatorServices) -> str:
    return moment.astimezone(services.zone).strftime("%a %H:%M:%S")
