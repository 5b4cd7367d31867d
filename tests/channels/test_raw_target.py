"""What a carrier signed is the target as it came, not as a server understood it."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder

from bot.channels.raw_target import raw_target


@pytest.mark.parametrize(
    ("environ", "target"),
    [
        ({"RAW_URI": "/twilio/messages?a=%2F&b=%C3%B1"}, "/twilio/messages?a=%2F&b=%C3%B1"),
        ({"REQUEST_URI": "/twilio/messages"}, "/twilio/messages"),
        ({"REQUEST_URI": "http://line.example.org/twilio/messages?x=1"}, "/twilio/messages?x=1"),
        ({"REQUEST_URI": "https://line.example.org"}, "/"),
        ({"REQUEST_URI": "*"}, "*"),
        ({"PATH_INFO": "/twilio/messages", "QUERY_STRING": ""}, "/twilio/messages"),
        ({"PATH_INFO": "/ni\xc3\xb1o", "QUERY_STRING": "delivery=7&n=%2F"}, "/ni%C3%B1o?delivery=7&n=%2F"),
        ({"SCRIPT_NAME": "/line", "PATH_INFO": "/a b", "QUERY_STRING": ""}, "/line/a%20b"),
        ({"RAW_URI": "/first", "REQUEST_URI": "/second"}, "/first"),
    ],
)
def test_the_target_is_taken_undecoded_from_whatever_the_server_gives(
    environ: dict[str, str], target: str
) -> None:
    assert raw_target(environ) == target


def test_the_fallback_agrees_with_what_a_server_gives() -> None:
    environ = EnvironBuilder(path="/twilio/status?delivery=12&x=%2F").get_environ()
    given = raw_target(environ)
    del environ["RAW_URI"], environ["REQUEST_URI"]
    assert raw_target(environ) == given == "/twilio/status?delivery=12&x=%2F"
