"""The breaker's life at a carrier that keeps a ledger: nothing is lost and nothing is doubled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.twilio_sms import TwilioSms
from bot.model.pace import SenderLimits
from bot.outbox.senders import keep_in_step
from bot.outbox.sending import Sender
from bot.simulator.carrier import Mischief
from bot.simulator.carrier_ledger import Search
from bot.storage.carrier_accounts import CarrierAccount
from bot.storage.deliveries import Delivery
from tests.carriers import OURS, running_carrier, twilio_account
from tests.outbox.conftest import RULES, Line

TEXTS = 30


def test_an_outage_stops_all_and_after_it_every_text_is_taken_once(any_line: Line, tmp_path: Path) -> None:
    line = any_line
    line.clock.set(datetime.now(UTC))  # the carrier's list tells the real time
    ids = [line.queue(f"{n}", recipient=f"+1510888{n:04d}") for n in range(TEXTS)]
    with running_carrier(tmp_path, mischief=Mischief(refuse_5xx=1.0), seed=1) as (carrier, base):
        channel = TwilioSms(twilio_account(base, senders=(SenderLimits(OURS, rate=100),)))
        with line.database.write() as session:
            keep_in_step(session, [channel], line.clock.now())
        rules = replace(RULES, lag=timedelta(0))
        sender = Sender(line.database, {"sms": channel}, line.clock, "me", rules)

        def account() -> CarrierAccount:
            with line.database.read() as session:
                return session.get_one(CarrierAccount, channel.account)

        for delivery_id in ids:
            sender.send(delivery_id)
        assert account().opened_at is not None
        with line.database.read() as session:
            assert session.query(Delivery).filter(Delivery.attempts > 0).count() == 8
        carrier.misbehave(Mischief())
        for _ in range(40):
            line.clock.advance(timedelta(seconds=1))
            for delivery_id in sender.due():
                sender.send(delivery_id)
        assert account().opened_at is None
        taken = [entry.recipient for entry in carrier.ledger.search(Search(limit=1000))]
    assert {line.state(delivery_id) for delivery_id in ids} == {"sent"}
    assert sorted(taken) == sorted(f"+1510888{n:04d}" for n in range(TEXTS))
