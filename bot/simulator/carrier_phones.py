"""The telephones of a carrier that is a process of its own: its side, and the side of the pages that show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import quote

import urllib3
from flask import Blueprint, Response, jsonify, request

from bot.simulator.carrier_api import problem
from bot.simulator.company import CarrierPhones
from bot.simulator.services import ShownText

PATH = "/phones/<number>"


def create_blueprint(phones: CarrierPhones) -> Blueprint:
    """What a telephone shows, and writing from it; for holders of the account."""
    blueprint = Blueprint("phones", __name__)

    def guarded(view: Any) -> Any:
        @wraps(view)
        def guard(number: str) -> Any:
            given = request.authorization
            admitted = given is not None and phones.carrier.account.admits(
                given.username or "", given.password or ""
            )
            return view(number) if admitted else problem(20003)

        return guard

    @blueprint.get(PATH)
    @guarded
    def show(number: str) -> Response:
        shown = phones.shown_on(number)
        return jsonify([asdict(one) | {"at": one.at.isoformat()} for one in shown])

    @blueprint.post(PATH)
    @guarded
    def write(number: str) -> tuple[str, int]:
        phones.write(number, request.form["body"], picture="picture" in request.form)
        return "", 204

    return blueprint


class PhonesElsewhere:
    """The same telephones, reached over HTTP: several web processes show one carrier's."""

    def __init__(self, base: str, account_sid: str, auth_token: str) -> None:
        self._base = base.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=10, retries=False)
        self._headers = urllib3.make_headers(basic_auth=f"{account_sid}:{auth_token}")

    def write(self, number: str, body: str, *, picture: bool) -> None:
        """Somebody texts the school."""
        fields = {"body": body} | ({"picture": "1"} if picture else {})
        self._taken(
            self._pool.request(
                "POST", self._at(number), fields=fields, headers=self._headers, encode_multipart=False
            )
        )

    def shown_on(self, number: str) -> Sequence[ShownText]:
        """The last texts the carrier took for a number, oldest first."""
        found = self._taken(self._pool.request("GET", self._at(number), headers=self._headers)).json()
        return [ShownText(**one | {"at": datetime.fromisoformat(one["at"])}) for one in found]

    def _at(self, number: str) -> str:
        return f"{self._base}/phones/{quote(number, safe='')}"

    def _taken(self, answer: urllib3.BaseHTTPResponse) -> urllib3.BaseHTTPResponse:
        if answer.status >= 400:
            raise ConnectionError(f"the development carrier answered {answer.status}")
        return answer
