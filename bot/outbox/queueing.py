"""From a say to a row that will be sent: rendered, checked against consent and the hours of rest, stored once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.dialogue import Say
from bot.model.ports import JobQueue
from bot.outbox.gate import UNASKED, Gate
from bot.outbox.letters import Post, Reader, write_letters
from bot.outbox.parts import split_body
from bot.outbox.phrasebook import Phrasebook, Rendered
from bot.outbox.segments import count_segments
from bot.school.policy import Policy
from bot.school.resting import NEVER_AWAKE, Windows, next_common
from bot.storage.conversations import Conversation, lines_talking
from bot.storage.delivery_batches import Fate, NewDelivery, add_many, part_key
from bot.storage.delivery_rows import DeliveryRow, add_once

SEND_DELIVERY = "send_delivery"
"""The job that hands one delivery to its channel."""

SEND_BULK = "send_bulk"
"""The job that takes a lane's number and sends deliveries of broadcasts, many at a time, on threads of its own,
so that a reply never waits behind them."""

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

    @classmethod
    def on(cls, conversation: Conversation, say: Say, dedupe_key: str, now: datetime, **own: Any) -> Self:
        """A message to whom a conversation is with, in its language; `own` are further fields."""
        return cls(
            say=say,
            channel=conversation.channel,
            recipient=conversation.address,
            language=conversation.language,
            dedupe_key=dedupe_key,
            now=now,
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            **own,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What all texts of a broadcast have in common. The fields are those of OutgoingSay."""

    kind: str
    now: datetime
    broadcast_id: int
    expires_at: datetime | None = None
    priority: int


@dataclass(frozen=True, slots=True)
class Prospect:
    """How a say would leave: what the phone shows, and in which state its row starts, when it is due, and why."""

    rendered: Rendered
    fate: Fate


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

    def write_many(self, session: Session, kind: str, readers: Sequence[Reader]) -> Post:
        """What each of a mailing's readers is sent. May be written a moment before it is stored, in a session of its
        own: the hours of rest that are read here are read again before a text leaves."""
        lines = {reader.person.line for reader in readers}
        windows = self._gate.windows_by_line(session, lines) if kind in UNASKED else {}
        return Post(write_letters(self._phrasebook, readers), windows)

    def judge_many(self, session: Session, mailing: Mailing, post: Post) -> Sequence[NewDelivery]:
        """The rows of a mailing, in the session that stores them: what bars a line counts up to this moment."""
        lines = {letter.person.line for letter in post.letters}
        bars, talking = self._gate.bars(session, lines, mailing.kind), lines_talking(session, lines)
        usual = (self._gate.rest,) if mailing.kind in UNASKED else ()
        fates: dict[tuple[str | None, Windows], Fate] = {}
        rows = []
        for person, parts in post.letters:
            line = person.line
            judged = (bars.get(line), post.windows.get(line, usual))
            if judged not in fates:
                fates[judged] = _fate(mailing.now, mailing.now, mailing.expires_at, *judged)
            for number, text in enumerate(parts, 1):
                rows.append(NewDelivery(person.part(number), talking.get(line), text, fates[judged]))
        return rows

    def store_many(self, session: Session, mailing: Mailing, rows: Sequence[NewDelivery]) -> None:
        """`queue` for a whole mailing, with one statement. Nobody is woken: the sweep brings what is below ordinary
        priority.

        Only for a caller who keeps others from queueing the same causes meanwhile.
        """
        add_many(session, rows, {**asdict(mailing), "created_at": mailing.now})

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
        return Prospect(rendered, _fate(outgoing.now, due_at, outgoing.expires_at, bar, windows))

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


def _fate(
    now: datetime, due_at: datetime, expires_at: datetime | None, bar: str | None, windows: Windows
) -> Fate:
    """What becomes of a text that is to leave at a moment, with what bars it and the hours in which its line rests."""
    allowed = next_common(windows, due_at)
    if bar is not None or allowed is None:
        return Fate(DeliveryState.SUPPRESSED, due_at, now, bar or NEVER_AWAKE)
    if expires_at is not None and expires_at <= allowed:
        return Fate(DeliveryState.EXPIRED, due_at, now, SLEPT if expires_at > due_at else STALE)
    state = DeliveryState.HELD if allowed > due_at else DeliveryState.QUEUED
    return Fate(state, allowed, None, None)


def _values(outgoing: OutgoingSay, prospect: Prospect, body: str, number: int) -> dict[str, Any]:
    """The columns of a delivery's row."""
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
        "priority": outgoing.priority,
        "expires_at": outgoing.expires_at,
        "created_at": outgoing.now,
        **prospect.fate._asdict(),
    }
