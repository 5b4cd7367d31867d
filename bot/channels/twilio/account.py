"""What the Twilio channels must know of the account they use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.errors import BadSetting
from bot.model.pace import SenderLimits, read_senders

TWILIO_API = "https://api.twilio.com"

SEGMENTS_PER_SECOND = 3.75
DAILY_SEGMENTS = 6000
"""What the smallest registered campaigns in the United States get: Low-Volume, a day's 2,000 segments to
T-Mobile, which serves about a third of the telephones (Twilio Help, "Rate Limits and Message Queues")."""


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """One Twilio account. Either `sender` (E.164) or `messaging_service` sends; the service wins.

    `senders` are all it may send from, with their limits; `sender` is the first number, for texts that name none.

    `auth_tokens` verify webhooks (several while a token is rotated); the first also signs REST calls,
    unless an API key is given. `public_base_url` is where Twilio reaches us, `api_base` where we reach Twilio.
    """

    account_sid: str
    auth_tokens: tuple[str, ...]
    public_base_url: str
    sender: str = ""
    messaging_service: str = ""
    api_key: str = ""
    api_secret: str = ""
    api_base: str = TWILIO_API
    senders: tuple[SenderLimits, ...] = ()

    @property
    def name(self) -> str:
        """What logs and pages call it: no secret, and enough to tell two apart."""
        return f"twilio-{self.account_sid[-6:]}"

    @property
    def credentials(self) -> tuple[str, str]:
        """User name and password of REST calls."""
        if self.api_key:
            return self.api_key, self.api_secret
        return self.account_sid, self.auth_tokens[0]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that must never reach a log."""
        return tuple(value for value in (*self.auth_tokens, self.api_secret) if value)


def account_from(values: Mapping[str, str]) -> TwilioAccount:
    """The account in the settings. BadSetting names each setting that is missing."""
    tokens = tuple(t.strip() for t in values.get("TWILIO_AUTH_TOKEN", "").split(",") if t.strip())
    senders = _senders(values)
    service = values.get("TWILIO_MESSAGING_SERVICE_SID", "")
    account = TwilioAccount(
        account_sid=values.get("TWILIO_ACCOUNT_SID", ""),
        auth_tokens=tokens,
        public_base_url=values.get("PUBLIC_BASE_URL", "").rstrip("/"),
        sender=senders[0].address if senders and not service else "",
        messaging_service=service,
        api_key=values.get("TWILIO_API_KEY", ""),
        api_secret=values.get("TWILIO_API_SECRET", ""),
        api_base=(values.get("TWILIO_API_BASE") or TWILIO_API).rstrip("/"),
        senders=senders,
    )
    faults = _missing(account)
    if faults:
        raise BadSetting("\n".join(faults))
    return account


def _senders(values: Mapping[str, str]) -> tuple[SenderLimits, ...]:
    """The service as one sender (Twilio chooses among its numbers), else each number of the list.

    Where no limits are set, those of the smallest campaigns hold at Twilio, and none at a test carrier.
    """
    at_twilio = (values.get("TWILIO_API_BASE") or TWILIO_API).rstrip("/") == TWILIO_API
    rate = float(values.get("SMS_SEGMENTS_PER_SECOND", SEGMENTS_PER_SECOND if at_twilio else 0))
    daily = int(values.get("SMS_DAILY_SEGMENTS", DAILY_SEGMENTS if at_twilio else 0))
    service = values.get("TWILIO_MESSAGING_SERVICE_SID", "")
    if service:
        return (SenderLimits(service, rate, daily),)
    try:
        return read_senders(values.get("TWILIO_FROM", ""), rate, daily)
    except ValueError as error:
        raise BadSetting(f"TWILIO_FROM: {error}") from error


def _missing(account: TwilioAccount) -> list[str]:
    needed = {
        "TWILIO_ACCOUNT_SID: set the account's id (it begins with AC)": account.account_sid,
        "TWILIO_AUTH_TOKEN: set the account's auth token": account.auth_tokens,
        "PUBLIC_BASE_URL: set the address under which Twilio reaches this server": account.public_base_url,
        "TWILIO_FROM: set it, or TWILIO_MESSAGING_SERVICE_SID": account.sender or account.messaging_service,
    }
    faults = [line for line, value in needed.items() if not value]
    if bool(account.api_key) != bool(account.api_secret):
        faults.append("TWILIO_API_KEY, TWILIO_API_SECRET: set both or neither")
    return faults
