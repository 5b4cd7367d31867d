"""From a say to a row that will be sent: rendered, checked against consent and the hours of rest, stored once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.dialogue import Say
from bot.model.ports import JobQueue
from bot.outbox.gate import UNASKED, Gate
from bot.outbox.parts import split_body
from bot.outbox.phrasebook import Phrasebook, Rendered
from bot.outbox.segments import count_segments
from bot.school.broadcasts.merging import fill
from bot.school.policy import Policy
from bot.school.resting import NEVER_AWAKE, Windows, next_common
from bot.storage.delivery_batches import Person, add_many, part_key
from bot.storage.delivery_rows import DeliveryRow, add_once

SEND_DELIVERY = "send_delivery"
"""The job that hands one delivery to its channel."""

SEND_BULK = "send_bulk"
"""The job that takes a lane's number and sends deliveries of broadcasts, many at a time, on threads of its own,
so that a reply never waits behind them."""

NO_WORDS: Mapping[str, str] = {}
_WOKEN = "homeline_woken"
STALE = "It was worth nothing any more by the time it could have been sent."
SLEPT = "It would have been worth nothing any more at the end of the family's hours of rest."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSay:
    """One message to one address, and what caused it.

    `dedupe_key` names the cause: a second say for the same cause is not sent. `due_at` is when it
    should leave (None: now), `expires_at` when it is worthless. Higher `priority` leaves first.
    """

    say: Say
    channel: str
    recipient: str
    language: str
    dedupe_key: str
    now: datetime
    kind: str = "reply"
    conversation_id: int | None = None
    contact_id: int | None = None
    turn_id: int | None = None
    case_id: int | None = None
    broadcast_id: int | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What all texts of a broadcast have in common. The fields are those of OutgoingSay."""

    kind: str
    now: datetime
    broadcast_id: int
    expires_at: datetime | None = None
    priority: int


class Reader(NamedTuple):
    """Who is sent one text of a mailing: the say, its language, and the columns that are a recipient's own.

    `words` stand in the text where the say, once written, has their names in braces: so a say that many read alike,
    but for a name, is written once.
    """

    say: Say
    language: str
    person: Person
    words: Mapping[str, str] = NO_WORDS

    def outgoing(self, mailing: Mailing) -> OutgoingSay:
        """The same as one message."""
        common = {name: getattr(mailing, name) for name in Mailing.__slots__}
        return OutgoingSay(say=self.say, language=self.language, **self.person._asdict(), **common)


@dataclass(frozen=True, slots=True)
class Prospect:
    """How a say would leave: what the phone shows, in which state its row starts, when it is due, and why."""

    rendered: Rendered
    state: DeliveryState
    due_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """The row (the first, when the text needed several) and the labels of the choices as rendered."""

    delivery: DeliveryRow
    labels: tuple[str, ...]


class Queueing:
    """Turns says into deliveries."""

    def __init__(self, phrasebook: Phrasebook, queue: JobQueue, policy: Policy, zone: ZoneInfo) -> None:
        self._phrasebook = phrasebook
        self._queue = queue
        self._gate = Gate.of(policy, zone)

    def queue(self, session: Session, outgoing: OutgoingSay) -> Queued:
        """Store the say in the caller's transaction and have it sent after the commit.

        A text longer than a carrier takes becomes several rows. A repeat (same `dedupe_key`) gives
        back the row of the first time and sends nothing.
        """
        prospect = self.preview(session, outgoing)
        bodies = split_body(prospect.rendered.body)
        rows = [
            self._store(session, outgoing, prospect, body, number) for number, body in enumerate(bodies, 1)
        ]
        return Queued(rows[0], prospect.rendered.labels)

    def queue_many(self, session: Session, mailing: Mailing, readers: Sequence[Reader]) -> None:
        """The same for a whole mailing, with a handful of statements. A say that several have in common is
        rendered once a language. Nobody is woken: the sweep brings what is below ordinary priority.

        Only for a caller who keeps others from queueing the same causes meanwhile.
        """
        lines = {reader.person.line for reader in readers}
        bars = self._gate.bars(session, lines, mailing.kind)
        unasked = mailing.kind in UNASKED
        windows = self._gate.windows_by_line(session, lines) if unasked else {}
        usual = (self._gate.rest,) if unasked else ()
        alike: dict[tuple[int, str, str | None, Windows], list[Reader]] = {}
        for reader in readers:
            bar, rests = bars.get(reader.person.line), windows.get(reader.person.line, usual)
            alike.setdefault((id(reader.say), reader.language, bar, rests), []).append(reader)
        texts: list[tuple[Mapping[str, Any], Sequence[Person]]] = []
        for (_, _, bar, rests), group in alike.items():
            outgoing = group[0].outgoing(mailing)
            texts += _texts(outgoing, self._prospect(outgoing, bar, rests), group)
        add_many(session, texts)

    def preview(self, session: Session, outgoing: OutgoingSay) -> Prospect:
        """What would become of the say; changes nothing."""
        line = (outgoing.channel, outgoing.recipient)
        bar = self._gate.bars(session, [line], outgoing.kind).get(line)
        windows: Windows = ()
        if outgoing.kind in UNASKED and bar is None:
            windows = self._gate.windows_by_line(session, [line]).get(line, (self._gate.rest,))
        return self._prospect(outgoing, bar, windows)

    def _prospect(self, outgoing: OutgoingSay, bar: str | None, windows: Windows) -> Prospect:
        rendered = self._phrasebook.render(outgoing.say, outgoing.language)
        due_at = max(outgoing.due_at or outgoing.now, outgoing.now)
        allowed = next_common(windows, due_at)
        if bar is not None or allowed is None:
            return Prospect(rendered, DeliveryState.SUPPRESSED, due_at, bar or NEVER_AWAKE)
        if outgoing.expires_at is not None and outgoing.expires_at <= allowed:
            stale = SLEPT if outgoing.expires_at > due_at else STALE
            return Prospect(rendered, DeliveryState.EXPIRED, due_at, stale)
        state = DeliveryState.HELD if allowed > due_at else DeliveryState.QUEUED
        return Prospect(rendered, state, allowed)

    def _store(
        self, session: Session, outgoing: OutgoingSay, prospect: Prospect, body: str, number: int
    ) -> DeliveryRow:
        values = _values(outgoing, prospect, body, number)
        stored, new = add_once(session, values)
        if new and stored.finished_at is None:
            self._wake(session, stored.id, values)
        return stored

    def _wake(self, session: Session, delivery_id: int, row: Mapping[str, Any]) -> None:
        """Have it sent. Not when one before it on its line is: whoever has sent that goes on with this."""
        if row["due_at"] <= row["created_at"]:
            woken: set[tuple[Any, ...]] = session.info.setdefault(_WOKEN, set())
            alike = (row["channel"], row["recipient"], row["kind"], row["priority"])
            if alike in woken:
                return
            woken.add(alike)
        later = row["due_at"] if row["due_at"] > row["created_at"] else None
        line = f"{row['channel']}:{row['recipient']}"
        self._queue.enqueue(session, SEND_DELIVERY, delivery_id, key=line, at=later, priority=row["priority"])


def _texts(
    outgoing: OutgoingSay, prospect: Prospect, readers: Sequence[Reader]
) -> Iterator[tuple[Mapping[str, Any], Sequence[Person]]]:
    """The rows of those who are sent the same say at the same time: each part of each text, and who gets it."""
    common = _values(outgoing, prospect, prospect.rendered.body, 1)
    alike: dict[tuple[str, ...], list[Reader]] = {}
    for reader in readers:
        alike.setdefault(tuple(reader.words.values()), []).append(reader)
    for group in alike.values():
        people = [reader.person for reader in group]
        for number, text in enumerate(_parts(common, group[0].words), 1):
            yield text, people if number == 1 else [person.part(number) for person in people]


def _parts(common: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The columns of each part of a text, filled with a reader's own words."""
    body, original = common["body"], common["original"]
    if words:
        body, original = fill(body, words), original and fill(original, words)
    for part in split_body(body):
        segments = common["segments"] if part is common["body"] else count_segments(part)
        yield {**common, "body": part, "original": original, "segments": segments}


def _values(outgoing: OutgoingSay, prospect: Prospect, body: str, number: int) -> dict[str, Any]:
    """The columns of a delivery's row."""
    waits = prospect.state in (DeliveryState.HELD, DeliveryState.QUEUED)
    rendered = prospect.rendered
    return {
        "dedupe_key": part_key(outgoing.dedupe_key, number),
        "kind": outgoing.kind,
        "channel": outgoing.channel,
        "recipient": outgoing.recipient,
        "conversation_id": outgoing.conversation_id,
        "contact_id": outgoing.contact_id,
        "turn_id": outgoing.turn_id,
        "case_id": outgoing.case_id,
        "broadcast_id": outgoing.broadcast_id,
        "language": outgoing.language,
        "body": body,
        "original": rendered.original,
        "original_language": rendered.original_language,
        "segments": rendered.segments if body is rendered.body else count_segments(body),
        "state": prospect.state.value,
        "priority": outgoing.priority,
        "due_at": prospect.due_at,
        "expires_at": outgoing.expires_at,
        "created_at": outgoing.now,
        "finished_at": None if waits else outgoing.now,
        "reason": prospect.reason,
    }
