"""Runs inside Rasa's own Python: `rasa`, with Twilio's library sent to another carrier. Nothing else is changed.

`python rasa_launch.py CARRIER_ADDRESS run …`
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient

CARRIER = sys.argv.pop(1)
ask = TwilioHttpClient.request


def request(client: Any, method: str, url: str, *args: Any, **more: Any) -> Any:
    """Twilio's own request, to our carrier's host."""
    return ask(client, method, CARRIER + urlsplit(url).path, *args, **more)


TwilioHttpClient.request = request

if __name__ == "__main__":
    from rasa.__main__ import main

    main()
