"""Texts nobody would design for land, are kept, and can be answered and passed on, on every database."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.channels.terminal import Terminal
from bot.channels.twilio_sms import TwilioSms
from bot.inbox.landing import land
from bot.model.dialogue import PersonText, Say
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import OutgoingSay, Queueing
from bot.outbox.statuses import apply_status
from bot.school.cases import CaseRequest, Promise, open_case
from bot.school.policy import Policy
from bot.storage.cases import Case
from bot.storage.conversations import Message, Turn
from bot.storage.deliveries import Delivery, StatusEvent
from bot.storage.session import Database
from bot.understanding.cleaning import clean
from tests import cast
from tests.carriers import TOKEN, twilio_account
from tests.channels.requests_in import WebhookCall, signed
from tests.conftest import FixedClock
from tests.outbox.fakes import FakeQueue

POLICY, ZONE = Policy(), ZoneInfo("America/Los_Angeles")

ODD = {
    "NUL in the middle": ("when is lunch\0time?", "when is lunchtime?"),
    "nothing but NUL": ("\0\0", ""),
    "escape sequences": ("\x1b[2J\x07 hello \x7f", "\x1b[2J\x07 hello \x7f"),
    "half a surrogate pair": ("hello \ud83d there", "hello \ufffd there"),
    "the other half": ("\ude4f", "\ufffd"),
    "a pair as two halves": ("thanks \ud83d\ude4f", "thanks 🙏"),
    "not a character": ("a\ufffe\uffffb", "a\ufffe\uffffb"),
    "beyond the first plane": ("𠮷野家 🙏🏽", "𠮷野家 🙏🏽"),
    "right to left with marks": ("\u202eمتى\u202c", "\u202eمتى\u202c"),
    "1,600 letters of three bytes": ("ቤ" * 1600, "ቤ" * 1600),
    "quotes and SQL": ("'; drop table messages; --", "'; drop table messages; --"),
}


def sms() -> TwilioSms:
    """The channel, with our token."""
    return TwilioSms(twilio_account("http://127.0.0.1:9", auth_tokens=(TOKEN,)))


def arrive(database: Database, clock: FixedClock, body: str, **more: str) -> int:
    """A text comes in as the carrier posts it; its turn."""
    fields = {"MessageSid": "SM1", "From": cast.STRANGER, "To": "+15105550100", "Body": body, **more}
    message = sms().parse_message(WebhookCall("/twilio/messages", {}, tuple(fields.items())), clock.now())
    with database.write() as session:
        turn_id = land(session, message, FakeQueue())
    assert turn_id is not None
    return turn_id


@pytest.mark.parametrize(("body", "kept"), ODD.values(), ids=ODD.keys())
def test_an_odd_text_lands_and_is_kept(database: Database, clock: FixedClock, body: str, kept: str) -> None:
    turn_id = arrive(database, clock, body)
    with database.read() as session:
        assert session.get_one(Turn, turn_id).message.body == kept


@pytest.mark.parametrize(("body", "kept"), ODD.values(), ids=ODD.keys())
def test_an_odd_text_can_be_passed_on_to_people_and_sent_on(
    database: Database, clock: FixedClock, tmp_path: Path, body: str, kept: str
) -> None:
    turn_id = arrive(database, clock, body)
    with database.write() as session:
        turn = session.get_one(Turn, turn_id)
        line = cast.converse(session, cast.STRANGER, clock.now())
        turn.understood = {"text": clean(turn.message.body)}
        case = open_case(session, CaseRequest("question", turn.message.body, line, turn), Promise(POLICY, ZONE),
                         clock.now())  # fmt: skip
        queueing = Queueing(Phrasebook({}, tmp_path, ZONE), FakeQueue(), POLICY, ZONE)
        say = Say((PersonText(turn.message.body, "en"),))
        queueing.queue(session, OutgoingSay(say=say, channel="sms", recipient=cast.STRANGER, language="en",
                                            dedupe_key="echo", now=clock.now()))  # fmt: skip
        reference = case.reference
    with database.read() as session:
        assert session.scalars(select(Case).where(Case.reference == reference)).one().words == kept
        assert session.scalars(select(Delivery)).one().body.strip() == kept.strip()


def test_a_nul_in_any_field_of_a_text_does_no_harm(database: Database, clock: FixedClock) -> None:
    arrive(database, clock, "hello", From=f"{cast.STRANGER}\0", MessageSid="SM\x001", OptOutType="ST\0OP", NumMedia="1",
           MediaUrl0="https://x\0/1", MediaContentType0="image/\0png", **{"Bo\0dy2": "x"})  # fmt: skip
    with database.read() as session:
        message = session.scalars(select(Message)).one()
    assert (message.sender, message.provider_id, message.opt_out_type) == (cast.STRANGER, "SM1", "STOP")
    assert message.media == [{"url": "https://x/1", "content_type": "image/png"}]


def test_the_signature_is_checked_over_the_fields_as_they_came(clock: FixedClock) -> None:
    call = signed(TOKEN, "/twilio/messages",
                  (("MessageSid", "SM1"), ("From", "+1510"), ("To", "+1511"), ("Body", "a\0b")))  # fmt: skip
    sms().verify(call)
    assert sms().parse_message(call, clock.now()).body == "ab"


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "3000000000", "12\0"])
def test_an_odd_status_report_is_kept_too(database: Database, clock: FixedClock, number: str) -> None:
    fields = (("MessageSid", "SM\x009"), ("MessageStatus", "Sent\0\ud83d"), ("ErrorCode", number))
    call = WebhookCall(f"/twilio/status?delivery={number}", {}, fields)
    with database.write() as session:
        apply_status(session, sms().parse_status(call, clock.now()))
    with database.read() as session:
        event = session.scalars(select(StatusEvent)).one()
    assert (event.provider_id, event.status) == ("SM9", "sent\ufffd")


def test_what_is_typed_at_a_terminal_is_cleaned_alike(clock: FixedClock) -> None:
    call = WebhookCall("", {}, (("Id", "1"), ("From", "me"), ("Body", "caf\udce9\0")))
    assert Terminal().parse_message(call, clock.now()).body == "caf\ufffd"
