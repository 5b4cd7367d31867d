"""Our own HTTP client under Twilio's library: bounded in time, pooled, quiet, and able to talk to another host.

Importing this file loads Twilio's REST library (a quarter of a second): the channels import it at the first send.
"""

from __future__ import annotations

import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from requests import Response as RawResponse
from requests import exceptions as http
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from bot.channels.twilio.account import TwilioAccount
from bot.channels.twilio.errors import refusal
from bot.model.errors import CarrierError, Scope

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
POOL_SIZE = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class BoundedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library carries no types
    """Never waits for ever, keeps connections, logs nothing, and sends every call to `api_base`."""

    def __init__(
        self, api_base: str, timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    ) -> None:
        super().__init__()
        self.timeout = timeouts
        self._base = api_base
        self._refusals = threading.local()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _Punctual(timeouts[1]))
        if urlsplit(api_base).hostname in LOOPBACK:
            self.session.trust_env = False  # a proxy in the environment cannot reach this machine's loopback

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """One call, to our host instead of Twilio's. Pagination links pass here too."""
        self._refusals.retry_after = None
        response = super().request(method, self._swap_host(url), *args, **kwargs)
        if response.status_code == 429:
            self._refusals.retry_after = _seconds((response.headers or {}).get("Retry-After"))
        return response

    @property
    def retry_after(self) -> float | None:
        """The pause in seconds that the last refusal in this thread asked for."""
        return getattr(self._refusals, "retry_after", None)

    def _swap_host(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{self._base}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the library would write telephone numbers into the log."""

    def log_response(self, status_code: int, response: RawResponse) -> None:
        """Nothing, for the same reason."""


class _Punctual(HTTPAdapter):
    """Connections whose requests arrive in time or never.

    Of a request that timed out while the line was cut, the kernel keeps sending what was not acknowledged,
    also after the socket was closed: when the line is back, minutes later, the carrier would take a text that
    was looked for in vain and sent again meanwhile. On Linux the kernel is told when to give up.
    """

    def __init__(self, read_seconds: float) -> None:
        limit = getattr(socket, "TCP_USER_TIMEOUT", None)
        given_up = [] if limit is None else [(socket.IPPROTO_TCP, limit, int(read_seconds * 1000))]
        self._options = [*HTTPConnection.default_socket_options, *given_up]
        # No retries down here: only the outbox knows whether a second attempt is safe.
        super().__init__(pool_connections=4, pool_maxsize=POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The pool, its connections with our options."""
        super().init_poolmanager(*args, socket_options=self._options, **kwargs)


def connect(account: TwilioAccount, timeouts: tuple[float, float] | None = None) -> Client:
    """Twilio's REST client for this account."""
    http_client = BoundedHttpClient(account.api_base, timeouts or (CONNECT_SECONDS, READ_SECONDS))
    user, password = account.credentials
    return Client(user, password, account_sid=account.account_sid, http_client=http_client)


def failure(error: Exception, retry_after: float | None = None) -> CarrierError:
    """What an exception of the library means. Its own text holds the account's id and is never passed on."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        return refusal(_number(error.code), _number(error.status), retry_after)
    if _never_left(error):
        return CarrierError(
            "The carrier cannot be reached at the moment. It is tried again by itself.", scope=Scope.ACCOUNT
        )
    return CarrierError(
        "The carrier did not say whether it took the text. We are asking it.",
        ambiguous=True,
        scope=Scope.ACCOUNT,
    )


def _never_left(error: Exception) -> bool:
    """True when no connection came about, so that the carrier cannot have seen the request."""
    if isinstance(error, http.ConnectTimeout | http.InvalidURL | http.MissingSchema | http.InvalidSchema):
        return True
    if not isinstance(error, http.ConnectionError):
        return False
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _seconds(value: str | None) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        return None
