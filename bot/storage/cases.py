"""Cases: what the bot hands to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, bindparam, or_, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed, UtcDateTime
from bot.storage.conversations import Conversation
from bot.storage.people import Guardian, StaffMember, Student


class Case(Keyed, Base):
    """A question, concern, complaint, recommendation, request or crisis with an owner, a due time and a reference.

    `broadcast_id` is the broadcast it answers. Of kind unreached, nobody wrote: a broadcast found no telephone of
    a household, and `words` say which. `cause` makes a second case for the same cause impossible.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_status_due", "status", "due_at"),
        Index("ix_cases_broadcast", "broadcast_id",
              sqlite_where=text("broadcast_id is not null"), postgresql_where=text("broadcast_id is not null")),
        Index("ix_cases_cause", "cause", unique=True,
              sqlite_where=text("cause is not null"), postgresql_where=text("cause is not null")),
    )  # fmt: skip

    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[
        str
    ]  # question concern complaint recommendation absence progress volunteer person crisis unreached
    status: Mapped[str] = mapped_column(default="open")  # open answered closed
    urgent: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardians.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"))
    broadcast_id: Mapped[int | None]
    cause: Mapped[str | None]
    language: Mapped[str]
    words: Mapped[str] = mapped_column(Text)  # the family's own words, untouched

    owner: Mapped[StaffMember | None] = relationship()
    guardian: Mapped[Guardian | None] = relationship()
    student: Mapped[Student | None] = relationship()


class CaseEvent(Keyed, Base):
    """Something that happened to a case.

    Opened, message, reply, barred (a reply that may not leave), note, assigned, closed, reopened, returned.
    """

    __tablename__ = "case_events"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))


def find_by_reference(session: Session, reference: str) -> Case | None:
    """The case with this reference, if there is one."""
    return session.scalars(select(Case).where(Case.reference == reference)).one_or_none()


def find_by_cause(session: Session, cause: str) -> Case | None:
    """The case that was opened for this cause, if it was."""
    return session.scalars(select(Case).where(Case.cause == cause)).one_or_none()


def list_own(session: Session, guardian_id: int | None, conversation_id: int, limit: int) -> Sequence[Case]:
    """The unclosed cases of a guardian, or those that came from this conversation; latest first.

    Never a crisis: what is said of it is fixed, and no time is promised.
    On a conversation whose speaker is not known only those of nobody known are listed.
    """
    of_line = (Case.conversation_id == conversation_id) & Case.guardian_id.is_(None)
    theirs = of_line if guardian_id is None else or_(of_line, Case.guardian_id == guardian_id)
    query = (
        select(Case)
        .where(theirs, Case.status != "closed", Case.kind != "crisis")
        .options(joinedload(Case.owner))
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(limit)).all()


def last_of_kind(
    session: Session, conversation_id: int, kind: str, since: datetime, *, besides: Case | None = None
) -> Case | None:
    """The latest unclosed case of a kind that a conversation opened since then, another than `besides`."""
    query = select(Case).where(
        Case.conversation_id == conversation_id,
        Case.kind == kind,
        Case.status != "closed",
        Case.opened_at >= since,
    )
    if besides is not None:
        query = query.where(Case.id != besides.id)
    return session.scalars(query.order_by(Case.id.desc()).limit(1)).first()


def find_note(session: Session, case_id: int, beginning: str) -> CaseEvent | None:
    """The note on a case that begins so, if there is one."""
    query = select(CaseEvent).where(
        CaseEvent.case_id == case_id,
        CaseEvent.kind == "note",
        CaseEvent.text.startswith(beginning, autoescape=True),
    )
    return session.scalars(query.limit(1)).first()


def has_note_on(session: Session, case_id: int, delivery_id: int) -> bool:
    """Whether a note of the case is about this delivery."""
    about = (CaseEvent.kind == "note", CaseEvent.delivery_id == delivery_id)
    return (
        session.scalar(select(CaseEvent.id).where(CaseEvent.case_id == case_id, *about).limit(1)) is not None
    )


def list_noted(session: Session, conversation_id: int, beginning: str, since: datetime) -> Sequence[Case]:
    """The cases that a conversation opened since then and that have a note that begins so; latest first."""
    query = (
        select(Case)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(Case.conversation_id == conversation_id, Case.opened_at >= since)
        .where(CaseEvent.kind == "note", CaseEvent.text.startswith(beginning, autoescape=True))
    )
    return session.scalars(query.order_by(Case.id.desc())).all()


def list_asked(
    session: Session, beginning: str, end: str, between: tuple[datetime, datetime]
) -> Sequence[int]:
    """Keys of the cases opened since the first of these moments with a note that begins so, and does not end so, which
    wait for an answer, and whose lines wrote last before the second one and are the bot's."""
    query = (
        select(Case.id)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(
            Case.status == "open", Case.opened_at >= between[0], Conversation.last_inbound_at <= between[1]
        )
        .where(Conversation.with_staff.is_(False))
        .where(CaseEvent.kind == "note", CaseEvent.text.startswith(beginning, autoescape=True))
        .where(CaseEvent.text.not_like(f"%{end}"))
    )
    return session.scalars(query.order_by(Case.id)).all()


def noted_since(session: Session, conversation_id: int, text: str, since: datetime) -> bool:
    """Whether a note with exactly this text was put on a case of the conversation since then."""
    note = {"of_conversation": conversation_id, "words": text, "since": since}
    return session.connection().execute(_NOTED, note).first() is not None


_NOTED = (  # built once: asked in every turn
    select(CaseEvent.id)
    .join(Case, Case.id == CaseEvent.case_id)
    .where(Case.conversation_id == bindparam("of_conversation"))
    .where(CaseEvent.kind == "note", CaseEvent.text == bindparam("words"))
    .where(CaseEvent.at > bindparam("since", type_=UtcDateTime()))
    .limit(1)
)


def last_opened(session: Session, conversation_id: int, since: datetime) -> Case | None:
    """The latest unclosed case that a conversation opened since then. Never a crisis: no time is promised for it."""
    query = select(Case).where(
        Case.conversation_id == conversation_id,
        Case.kind != "crisis",
        Case.status != "closed",
        Case.opened_at >= since,
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(1)).first()
