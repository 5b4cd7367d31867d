"""The development carrier alone: what goes wrong on purpose, seen through Twilio's own client."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from bot.channels.twilio_sms import TwilioSms
from bot.model.errors import CarrierError
from bot.model.messages import OutboundMessage
from bot.simulator.carrier_api import create_blueprint
from bot.simulator.carrier_ledger import Ledger, Search
from bot.simulator.carrier_mischief import Dice, Mischief
from bot.simulator.carrier_process import build_carrier, parser
from tests.carriers import ACCOUNT_SID, TOKEN, running_carrier, twilio_account

LINH = "+15105550199"


def outcome(folder: Path, mischief: Mischief) -> tuple[CarrierError, int]:
    """How a send ends, and how many texts the carrier took."""
    with running_carrier(folder, mischief=mischief) as (carrier, base):
        channel = TwilioSms(twilio_account(base), timeouts=(1.0, 0.2))
        with pytest.raises(CarrierError) as caught:
            channel.send(OutboundMessage(1, LINH, "Hi"))
        return caught.value, len(carrier.ledger.search(Search()))


def test_a_connection_dropped_after_the_text_was_taken(tmp_path: Path) -> None:
    error, taken = outcome(tmp_path, Mischief(drop=1.0))
    assert (error.ambiguous, taken) == (True, 1)


def test_a_text_taken_and_never_answered(tmp_path: Path) -> None:
    error, taken = outcome(tmp_path, Mischief(hang=1.0, hang_seconds=0.5))
    assert (error.ambiguous, taken) == (True, 1)


def test_a_server_error_takes_nothing(tmp_path: Path) -> None:
    error, taken = outcome(tmp_path, Mischief(refuse_5xx=1.0))
    assert (error.ambiguous, taken) == (True, 0)


def test_a_server_error_after_the_text_was_taken(tmp_path: Path) -> None:
    error, taken = outcome(tmp_path, Mischief(taken_5xx=1.0))
    assert (error.ambiguous, taken) == (True, 1)


def test_a_busy_carrier_takes_nothing(tmp_path: Path) -> None:
    error, taken = outcome(tmp_path, Mischief(refuse_429=1.0))
    assert (error.ambiguous, error.permanent, error.code, taken) == (False, False, 20429, 0)


def test_a_slow_carrier_answers_after_the_pause(tmp_path: Path) -> None:
    with running_carrier(tmp_path, mischief=Mischief(latency_seconds=0.01)) as (_, base):
        assert TwilioSms(twilio_account(base)).send(OutboundMessage(1, LINH, "Hi")).status == "queued"


WRONG = Mischief(refuse_5xx=0.2, refuse_429=0.2, hang=0.2, drop=0.15, taken_5xx=0.15)


def test_what_goes_wrong_can_be_repeated(tmp_path: Path) -> None:
    rolls = []
    for name in ("a", "b"):
        with running_carrier(tmp_path / name, mischief=WRONG, seed=7) as (carrier, _):
            rolls.append([carrier.trouble() for _ in range(200)])
    assert rolls[0] == rolls[1]
    assert set(rolls[0]) == {"5xx", "5xx after taking", "429", "hang", "drop", None}


def test_what_goes_wrong_with_a_telephone_does_not_depend_on_the_others() -> None:
    lines = [f"+1510555{number:04d}" for number in range(100)]
    forwards, backwards = Dice(WRONG, 7), Dice(WRONG, 7)
    first = {line: (forwards.roll(line), forwards.roll(line)) for line in lines}
    second = {line: (backwards.roll(line), backwards.roll(line)) for line in reversed(lines)}
    assert first == second
    assert any(once != again for once, again in first.values())


def test_the_ledger_counts_what_went_wrong(tmp_path: Path) -> None:
    with running_carrier(tmp_path, mischief=WRONG, seed=7) as (carrier, _):
        rolls = [name for name in (carrier.trouble() for _ in range(50)) if name]
        assert carrier.ledger.mishaps() == Counter(rolls)


def test_the_list_may_lag_behind(tmp_path: Path) -> None:
    for lag, listed in ((60.0, 0), (0.0, 1)):
        with running_carrier(tmp_path / str(lag), mischief=Mischief(list_lag_seconds=lag)) as (_, base):
            channel = TwilioSms(twilio_account(base))
            channel.send(OutboundMessage(1, LINH, "Hi"))
            assert len(channel.find_sent(LINH, datetime.now(UTC) - timedelta(minutes=1))) == listed


def test_inside_the_product_it_is_a_blueprint_below_its_own_path(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as (carrier, _):
        app = Flask(__name__)
        app.register_blueprint(create_blueprint(carrier))
        url = f"/simulator/carrier/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
        made = app.test_client().post(
            url, data={"To": LINH, "From": "+15105550100", "Body": "Hi"}, auth=(ACCOUNT_SID, TOKEN)
        )
        assert made.status_code == 201
        assert made.get_json()["uri"].startswith("/2010-04-01/Accounts/")


def test_the_command_line_says_what_goes_wrong_and_where_the_product_is(tmp_path: Path) -> None:
    ledger = ["--ledger", str(tmp_path / "l.db"), "--public-base-url", "http://127.0.0.1:8000/"]
    wrong = [
        "--latency-ms",
        "100",
        "--fail-5xx",
        ".1",
        "--fail-429",
        ".2",
        "--hang",
        ".3",
        "--drop-after-accept",
        ".4",
    ]
    later = [
        "--hang-seconds",
        "9",
        "--fail-5xx-after-accept",
        ".5",
        "--list-lag",
        "2",
        "--repeat-reports",
        "3",
    ]
    carrier = build_carrier(parser().parse_args([*ledger, *wrong, *later]))
    assert carrier.mischief == Mischief(0.1, 0.1, 0.2, 0.3, 0.4, 9.0, 0.5, 2.0)
    assert (carrier.account.public_base_url, carrier.reports) == ("http://127.0.0.1:8000", True)
    assert carrier.repeat_reports_seconds == 3
    carrier.close()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    ledger = tmp_path / "ledger.db"
    command = [sys.executable, "-m", "bot.simulator.carrier", "--port", "0", "--ledger", str(ledger)]
    options = ["--account-sid", ACCOUNT_SID, "--auth-token", TOKEN, "--no-callbacks", "--seed", "1"]
    running = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, env=os.environ)
    yield running, ledger
    running.kill()
    running.wait(10)
    assert running.stderr is not None
    running.stderr.close()


def test_it_runs_as_a_process_of_its_own_and_its_ledger_survives_a_kill(
    process: tuple[subprocess.Popen[str], Path],
) -> None:
    running, path = process
    assert running.stderr is not None
    announced = running.stderr.readline()
    base = announced.split()[2].rstrip(",")
    channel = TwilioSms(twilio_account(base))
    sent = channel.send(OutboundMessage(1, LINH, "Still here"))
    assert (
        channel.find_sent(LINH, datetime.now(UTC) - timedelta(minutes=1))[0].provider_id == sent.provider_id
    )
    running.send_signal(signal.SIGKILL)
    running.wait(10)
    ledger = Ledger(path)
    entry = ledger.get(sent.provider_id)
    assert entry is not None and entry.body == "Still here"
    ledger.close()
