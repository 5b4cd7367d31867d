"""A small house for the console: an app with nothing but the console, and a cast of families and staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.blueprint import create_blueprint, init_login
from bot.console.services import ConsoleServices, Leaving, StaffText
from bot.model.delivery import DeliveryState
from bot.model.dialogue import PersonText, Say
from bot.model.ports import Clock
from bot.school.broadcasts.trying import TrialText
from bot.school.broadcasts.wording import Measured
from bot.school.consent import is_stopped
from bot.school.policy import Policy
from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation, Message, Turn
from bot.storage.deliveries import Delivery
from bot.storage.people import (
    Contact,
    Enrollment,
    Guardian,
    Guardianship,
    Org,
    SchoolClass,
    StaffMember,
    Student,
)
from bot.storage.session import Database
from bot.storage.staff import Account

ZONE = ZoneInfo("America/Los_Angeles")
LOCALES = Path(__file__).parents[2] / "bot" / "locales"
PASSWORD = "a quiet river 7"


HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2 is slow on purpose; tests have no secrets to keep."""


@cache
def password_hash() -> str:
    """One hash for the whole cast."""
    return HASHER.hash(PASSWORD)


class PlainLine:
    """A line to families without an outbox: what is sent becomes a row, held at night, stopped after STOP."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.night: datetime | None = None

    def preview(self, session: Session, conversation: Conversation, text: StaffText) -> Leaving:
        """Never translated; one segment for seventy characters."""
        due, state = (
            self.night or self.clock.now(),
            DeliveryState.HELD if self.night else DeliveryState.QUEUED,
        )
        if is_stopped(session, conversation.channel, conversation.address):
            state = DeliveryState.SUPPRESSED
        body = text.text if conversation.language == text.written_in else f"[not translated]\n{text.text}"
        return Leaving(body, conversation.language == text.written_in, 1 + len(body) // 70, state, due)

    def send_trial(self, session: Session, trial: TrialText) -> Delivery:
        """The row of a trial."""
        delivery = Delivery(
            dedupe_key=f"trial:{trial.once}", kind="trial", channel="sms", recipient=trial.number,
            language=trial.language, body="trial", state="queued", due_at=self.clock.now(), created_at=self.clock.now(),
        )  # fmt: skip
        session.add(delivery)
        session.flush()
        return delivery

    def knows(self, session: Session, conversation: Conversation, text: StaffText) -> bool:
        """Whether this very text left before."""
        query = select(Delivery.id).where(Delivery.dedupe_key == f"staff:{text.once}")
        return session.scalar(query) is not None

    def send(self, session: Session, conversation: Conversation, text: StaffText) -> Delivery | None:
        """The row, or None when this very text left before."""
        if self.knows(session, conversation, text):
            return None
        leaving = self.preview(session, conversation, text)
        delivery = Delivery(
            dedupe_key=f"staff:{text.once}", kind="staff", channel=conversation.channel, recipient=conversation.address,
            conversation_id=conversation.id, case_id=text.case_id, language=conversation.language,
            body=leaving.body, original=text.text, original_language=text.written_in,
            segments=leaving.segments, state=leaving.state, due_at=leaving.due_at, created_at=self.clock.now(),
            reason="the family said STOP" if leaving.state is DeliveryState.SUPPRESSED else None,
        )  # fmt: skip
        session.add(delivery)
        session.flush()
        return delivery


class PlainWording:
    """Broadcasts without a phrasebook: no translation, one segment for seventy characters."""

    def insert(self, value: str | date, language: str) -> str:
        """The value as it is."""
        return str(value)

    def measure(self, say: Say, language: str) -> Measured:
        """People's words as they are, under a note for who reads another language."""
        words = [text for text in say.texts if isinstance(text, PersonText)]
        noted = any(text.language != language for text in words)
        body = ("[not translated]\n" if noted else "") + "\n".join(text.text for text in words)
        return Measured(body, 1 + len(body) // 70, translated=False, noted=noted)


def make_app(
    database: Database, clock: Clock, line: PlainLine | None = None, policy: Policy | None = None
) -> Flask:
    """The console alone, as bot/app.py mounts it."""
    app = Flask("house")
    app.config.update(SECRET_KEY="only for tests", TESTING=False, PROPAGATE_EXCEPTIONS=False)
    services = ConsoleServices(
        database=database, clock=clock, zone=ZONE, policy=policy or Policy(district="Harbor Unified"),
        line=line or PlainLine(clock), locales=LOCALES, wording=PlainWording(),
    )  # fmt: skip
    init_login(app, services)
    app.register_blueprint(create_blueprint(services))
    return app


@dataclass(frozen=True)
class Cast:
    """Keys of the people and things that tests speak of."""

    rosa: int  # office
    emma: int  # teacher of Lucía
    maria: int  # guardian of Lucía, Spanish
    line: int  # her telephone
    lucia: int


def settle_cast(database: Database, now: datetime) -> Cast:
    """One school, an office clerk, a teacher, a principal, and one family that writes Spanish."""
    with database.write() as session:
        school = Org(source_id="s1", name="Bayview Elementary", type="school")
        session.add(school)
        session.flush()
        staff = [
            StaffMember(source_id=name, given_name=name, family_name=family, role=role, school_id=school.id)
            for name, family, role in (("Rosa", "Delgado", "office"), ("Emma", "Washington", "teacher"), ("Ada", "Chen", "principal"))
        ]  # fmt: skip
        lucia = Student(
            source_id="lucia", given_name="Lucía", family_name="Ramos", grade="3", school_id=school.id
        )
        omar = Student(
            source_id="omar", given_name="Omar", family_name="Ramos", grade="7", school_id=school.id
        )
        maria = Guardian(
            source_id="maria", given_name="María", family_name="Ramos", language="es", interpreter_needed=True
        )
        session.add_all([*staff, lucia, omar, maria])
        session.flush()
        _enrol(session, school, staff[1], lucia)
        session.add(Guardianship(guardian_id=maria.id, student_id=lucia.id))
        session.add(Guardianship(guardian_id=maria.id, student_id=omar.id, no_contact=True))
        contact = Contact(guardian_id=maria.id, channel="sms", address="+15105550199", language="es")
        session.add(contact)
        session.flush()
        line = Conversation(
            channel="sms", address="+15105550199", our_address="+15105550150", contact_id=contact.id, language="es",
            state={}, created_at=now, last_inbound_at=now,
        )  # fmt: skip
        session.add(line)
        for username, role, person in (
            ("rosa", "office", staff[0]),
            ("emma", "teacher", staff[1]),
            ("ada", "admin", staff[2]),
        ):
            session.add(
                Account(username=username, password_hash=password_hash(), roles=role, staff_id=person.id)
            )
        session.flush()
        return Cast(staff[0].id, staff[1].id, maria.id, line.id, lucia.id)


def _enrol(session: Session, school: Org, teacher: StaffMember, student: Student) -> None:
    room = SchoolClass(source_id="c1", title="Grade 3", school_id=school.id)
    session.add(room)
    session.flush()
    session.add(Enrollment(class_id=room.id, staff_id=teacher.id, primary_teacher=True))
    session.add(Enrollment(class_id=room.id, student_id=student.id))


def hear(
    database: Database, cast: Cast, body: str, at: datetime, *, understood: dict[str, object] | None = None
) -> int:
    """María texts; the key of the turn."""
    with database.write() as session:
        message = Message(
            channel="sms", provider_id=f"SM{at.timestamp()}{len(body)}", sender="+15105550199", recipient="+15105550150",
            body=body, received_at=at, conversation_id=cast.line,
        )  # fmt: skip
        session.add(message)
        session.flush()
        turn = Turn(
            message_id=message.id, line="sms:+15105550199", status="done", created_at=at, done_at=at,
            understood=understood or {"language": "es", "written_in": "es", "intent": "voice_concern", "confidence": 0.91},
        )  # fmt: skip
        session.add(turn)
        session.flush()
        return turn.id


def open_case(database: Database, cast: Cast, now: datetime, **values: object) -> int:
    """A case of María's; anything may be said otherwise. Its key."""
    with database.write() as session:
        facts: dict[str, object] = {
            "reference": f"HL-{session.query(Case).count() + 1001}", "kind": "concern", "status": "open",
            "opened_at": now, "due_at": now + timedelta(hours=16), "owner_id": cast.rosa, "guardian_id": cast.maria,
            "student_id": cast.lucia, "conversation_id": cast.line, "language": "es",
            "words": "Mi hija tiene miedo en el autobús.",
        }  # fmt: skip
        case = Case(**{**facts, **values})
        session.add(case)
        session.flush()
        session.add(CaseEvent(case_id=case.id, kind="opened", at=now, actor="bot"))
        return case.id


class Browser:
    """A member of staff at the test client: follows forms as a browser does, token and all."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def token(self, page: str = "/console/log-in") -> str:
        """The CSRF token of a page's first form."""
        text = self.client.get(page).get_data(as_text=True)
        return text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]

    def sign_in(self, username: str, password: str = PASSWORD, **fields: str):  # type: ignore[no-untyped-def]
        """Fill in the log-in form."""
        data = {"csrf_token": self.token(), "username": username, "password": password, **fields}
        return self.client.post("/console/log-in", data=data)

    def press(self, address: str, page: str, **fields: str):  # type: ignore[no-untyped-def]
        """Send a form of `page` to `address`, and follow where it leads."""
        return self.client.post(
            address, data={"csrf_token": self.token(page), **fields}, follow_redirects=True
        )

    def read(self, address: str) -> str:
        """The text of a page."""
        return self.client.get(address).get_data(as_text=True)


SignIn = Callable[[str], Browser]
