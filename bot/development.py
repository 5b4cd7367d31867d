"""What only development has: an account of its own, a carrier inside the product, and telephones on a page."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from pydantic import SecretStr

from bot.model.pace import read_senders
from bot.model.ports import Clock
from bot.school.demo.simulator import simulator_phones
from bot.settings import ROOT, Settings
from bot.simulator.carrier import Carrier, CarrierAccount
from bot.simulator.carrier_api import PREFIX
from bot.simulator.carrier_api import create_blueprint as create_carrier
from bot.simulator.carrier_ledger import Ledger
from bot.simulator.carrier_phones import PhonesElsewhere
from bot.simulator.company import CarrierPhones
from bot.simulator.pages import create_blueprint as create_simulator
from bot.simulator.services import PhoneCompany, SimulatorServices
from bot.storage.session import Database

DEMO = ROOT / "demo"

ACCOUNT = {
    "twilio_account_sid": "AC" + "de" * 16,
    "twilio_auth_token": SecretStr("development-carrier-token"),
    "twilio_from": "+15105550190",
}
"""What development signs and sends with, where the environment names no account of its own."""


def with_development_account(settings: Settings) -> Settings:
    """In development without a carrier account: the account of the carrier inside the product."""
    if settings.mode == "production" or settings.twilio_account_sid:
        return settings
    base = f"http://127.0.0.1:{settings.port}"
    own = {"public_base_url": base, "twilio_api_base": base + PREFIX}
    given = settings.model_fields_set
    return settings.model_copy(update=ACCOUNT | {k: v for k, v in own.items() if k not in given})


def mount_simulator(app: Flask, settings: Settings, database: Database, clock: Clock) -> None:
    """The page of telephones at /simulator, and the carrier behind it.

    Of several web processes none can be the carrier, who remembers every text: there it is a process of its own.
    """
    company: PhoneCompany
    if settings.role == "all":
        carrier = _carrier(settings, database)
        app.extensions["homeline-carrier"] = carrier
        app.register_blueprint(create_carrier(carrier))
        company = CarrierPhones(carrier)
    else:
        base, account = str(settings.twilio_api_base), str(settings.twilio_account_sid)
        company = PhonesElsewhere(base, account, settings.auth_tokens[0])
    services = SimulatorServices(
        database=database,
        clock=clock,
        zone=settings.zone,
        phones=simulator_phones(DEMO),
        company=company,
    )
    app.register_blueprint(create_simulator(services))


def _carrier(settings: Settings, database: Database) -> Carrier:
    """The carrier; its ledger lies beside the database and survives a restart."""
    account = CarrierAccount(
        account_sid=str(settings.twilio_account_sid),
        auth_token=settings.auth_tokens[0],
        number=read_senders(settings.twilio_from or "")[0].address,
        public_base_url=settings.public_base_url,
        reach_at=f"http://127.0.0.1:{settings.port}",
    )
    file = database.engine.url.database if database.embedded else None
    return Carrier(
        account, Ledger(Path(file).with_suffix(".carrier.db") if file else ROOT / "var" / "carrier.db")
    )
