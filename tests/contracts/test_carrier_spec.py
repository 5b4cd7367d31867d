"""The development carrier answers as Twilio's own description of its API says, and Twilio's own client believes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from bot.channels.twilio.client import connect
from bot.simulator.carrier import Carrier
from bot.simulator.carrier_problems import Order
from tests.carriers import ACCOUNT_SID, OURS, TOKEN, running_carrier, twilio_account

SPEC = json.loads(
    (Path(__file__).parent / "twilio" / "twilio_api_v2010.trimmed.json").read_text(encoding="utf-8")
)
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
ONE_MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"
LINH = "+15105550199"


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[tuple[Carrier, str]]:
    with running_carrier(tmp_path, delivered_after_seconds=60.0, sent_after_seconds=60.0) as running:
        yield running


def nullable(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema; references are resolved on the way."""
    if isinstance(node, list):
        return [nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return nullable(SPEC["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]])
    made = {key: nullable(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") else made


def check(path: str, method: str, response: requests.Response) -> dict[str, Any]:
    """Hold an answer to the description; also: no field that the description lacks, and none missing."""
    described = SPEC["paths"][path][method]["responses"][str(response.status_code)]
    schema = nullable(described["content"]["application/json"]["schema"])
    jsonschema.Draft202012Validator(schema).validate(response.json())
    answered: dict[str, Any] = response.json()
    assert set(answered) == set(schema["properties"])
    return answered


def post(base: str, **form: str) -> requests.Response:
    url = base + MESSAGES.format(AccountSid=ACCOUNT_SID)
    return requests.post(url, data=form, auth=(ACCOUNT_SID, TOKEN), timeout=5)


def get(url: str) -> requests.Response:
    return requests.get(url, auth=(ACCOUNT_SID, TOKEN), timeout=5)


def test_a_created_text_has_the_described_form(carrier: tuple[Carrier, str]) -> None:
    _, base = carrier
    created = check(MESSAGES, "post", post(base, To=LINH, From=OURS, Body="Xin chào"))
    assert (created["status"], created["num_segments"], created["date_sent"]) == ("queued", "1", None)
    served = check(MESSAGES, "post", post(base, To=LINH, MessagingServiceSid="MG" + "c" * 32, Body="Hello"))
    assert (served["status"], served["num_segments"]) == ("accepted", "0")


def test_a_fetched_text_has_the_described_form(carrier: tuple[Carrier, str]) -> None:
    _, base = carrier
    sid = post(base, To=LINH, From=OURS, Body="Hello").json()["sid"]
    fetched = get(base + ONE_MESSAGE.format(AccountSid=ACCOUNT_SID, Sid=sid))
    assert check(ONE_MESSAGE, "get", fetched)["body"] == "Hello"


def test_a_list_has_the_described_form_on_every_page(carrier: tuple[Carrier, str]) -> None:
    running, base = carrier
    for number in range(5):
        running.take(Order(OURS, "", LINH, f"text {number}", ""))
    address = f"{MESSAGES.format(AccountSid=ACCOUNT_SID)}?PageSize=2"
    bodies = []
    while address:
        page = check(MESSAGES, "get", get(base + address))
        bodies += [message["body"] for message in page["messages"]]
        address = page["next_page_uri"]
    assert bodies == [f"text {number}" for number in (4, 3, 2, 1, 0)]


def test_twilios_client_creates_lists_and_fetches(carrier: tuple[Carrier, str]) -> None:
    _, base = carrier
    client = connect(twilio_account(base))
    created = client.messages.create(to=LINH, from_=OURS, body="Olá")
    fetched = client.messages(created.sid).fetch()
    assert (fetched.body, fetched.to, fetched.from_, fetched.direction) == ("Olá", LINH, OURS, "outbound-api")
    assert created.date_created.tzinfo is not None


def test_twilios_client_follows_the_pages(carrier: tuple[Carrier, str]) -> None:
    running, base = carrier
    for number in range(7):
        running.take(Order(OURS, "", LINH, f"text {number}", ""))
    running.take(Order(OURS, "", "+15105550177", "to somebody else", ""))
    client = connect(twilio_account(base))
    listed = client.messages.list(to=LINH, page_size=3)
    assert [message.body for message in listed] == [f"text {number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_texts_still_in_the_queue_do_not_show_in_a_list_by_date_of_sending(
    carrier: tuple[Carrier, str],
) -> None:
    running, base = carrier
    running.take(Order(OURS, "", LINH, "still queued", ""))
    client = connect(twilio_account(base))
    day = client.messages.list(to=LINH)[0].date_created.replace(hour=0)
    assert client.messages.list(to=LINH, date_sent_after=day) == []


def test_wrong_credentials_and_other_accounts_are_refused(carrier: tuple[Carrier, str]) -> None:
    _, base = carrier
    url = base + MESSAGES.format(AccountSid=ACCOUNT_SID)
    refused = requests.get(url, auth=(ACCOUNT_SID, "wrong"), timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert requests.get(url, timeout=5).status_code == 401
    other = get(base + MESSAGES.format(AccountSid="AC" + "d" * 32))
    assert (other.status_code, other.json()["code"]) == (404, 20404)
    missing = get(base + ONE_MESSAGE.format(AccountSid=ACCOUNT_SID, Sid="SM" + "0" * 32))
    assert missing.status_code == 404
    assert get(f"{url}?DateSent>=yesterday").status_code == 404
