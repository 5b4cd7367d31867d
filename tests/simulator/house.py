"""The simulator's pages with a telephone company that only remembers, and three telephones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from bot.model.ports import Clock
from bot.school.demo.simulator import SimulatorPhone
from bot.simulator.pages import create_blueprint
from bot.simulator.services import ShownText, SimulatorServices
from bot.storage.conversations import Message, Turn
from bot.storage.deliveries import Delivery
from bot.storage.session import Database

MARIA, AMINA, STRANGER = "+15105550199", "+15105550177", "+12065550142"
PHONES = (
    SimulatorPhone(MARIA, "María Ramos", "es", "Spanish. One child, in third grade.", "family"),
    SimulatorPhone(AMINA, "أمينة حسن", "ar", "Arabic, written from right to left.", "shared"),
    SimulatorPhone(STRANGER, "Unknown number", "en", "Not in the roster.", "unknown"),
)


class QuietCompany:
    """Remembers what telephones wrote and shows what tests put there."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str, bool]] = []
        self.shown: dict[str, list[ShownText]] = {}

    def write(self, number: str, body: str, *, picture: bool) -> None:
        """Keep it."""
        self.written.append((number, body, picture))

    def shown_on(self, number: str) -> Sequence[ShownText]:
        """What was put there."""
        return self.shown.get(number, ())


def make_app(database: Database, clock: Clock, company: QuietCompany) -> Flask:
    """The simulator alone."""
    app = Flask("simulated")
    app.config["SECRET_KEY"] = "only for tests"
    services = SimulatorServices(database, clock, ZoneInfo("America/Los_Angeles"), PHONES, company)
    app.register_blueprint(create_blueprint(services))
    return app


def hear(database: Database, number: str, body: str, at: datetime, **understood: object) -> None:
    """A telephone's text, landed; with what was understood, its turn is done."""
    with database.write() as session:
        message = Message(channel="sms", provider_id=f"SM{number}{at.timestamp()}", sender=number,
                          recipient="+15005550006", body=body, received_at=at)  # fmt: skip
        session.add(message)
        session.flush()
        session.add(Turn(message_id=message.id, line=f"sms:{number}", created_at=at,
                         status="done" if understood else "waiting", understood=understood or None,
                         done_at=at if understood else None))  # fmt: skip


def say(
    database: Database, company: QuietCompany, number: str, body: str, at: datetime, **values: object
) -> None:
    """A delivery to a telephone; the carrier has it once it was sent."""
    facts: dict[str, object] = {
        "dedupe_key": f"k{number}{at.timestamp()}", "kind": "reply", "channel": "sms", "recipient": number,
        "language": "es", "body": body, "state": "delivered", "due_at": at, "created_at": at,
        "provider_id": f"SM-out-{at.timestamp()}", "sent_at": at,
    }  # fmt: skip
    facts |= values
    with database.write() as session:
        session.add(Delivery(**facts))
    if facts["state"] in ("sent", "delivered", "undelivered"):
        shown = ShownText(str(facts["provider_id"]), body, str(facts["state"]), at)
        company.shown.setdefault(number, []).append(shown)
