"""Environment → one frozen, validated object. Only bot/app.py reads it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.model.pace import read_senders
from bot.school import written_values as written
from bot.school.closed_days import read_closed_days

ROOT = Path(__file__).resolve().parent.parent
Words = Annotated[tuple[str, ...], NoDecode]
_CHECKS = {"quiet_hours": written.parse_window, "office_hours": written.parse_opening, "database_url": written.check_database,
           "trusted_proxy": written.check_ip_address}  # fmt: skip


class Settings(BaseSettings):
    """Everything a district decides for a running Homeline. docs/operations.md explains each line."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    database_url: str = Field(
        "sqlite:///var/homeline.db",
        alias="DATABASE_URL",
        description="Where everything is kept: SQLite, or PostgreSQL (postgresql://…) for one process or many.",
    )
    role: Literal["all", "web", "worker", "clock"] = Field(
        "all",
        alias="HOMELINE_ROLE",
        description="What this process does: everything, or with PostgreSQL web, worker or clock alone.",
    )
    mode: Literal["development", "production"] = Field(
        "production",
        alias="HOMELINE_MODE",
        description="development adds the simulator and a development carrier.",
    )
    demo: bool = Field(
        False,
        alias="HOMELINE_DEMO",
        description="1: an empty database is filled with the demo district at start. Development only.",
    )
    secret_key: SecretStr | None = Field(
        None,
        alias="SECRET_KEY",
        description="Signs console sessions. At least 32 characters. Required in production.",
    )
    public_base_url: str = Field(
        "http://127.0.0.1:8000",
        alias="PUBLIC_BASE_URL",
        description="The address under which the carrier reaches this server; signatures are checked against it.",
    )
    host: str = Field("127.0.0.1", alias="HOMELINE_HOST", description="The address the server listens on.")
    port: int = Field(8000, alias="PORT", ge=1, le=65535, description="The port the server listens on.")
    trusted_proxy: str | None = Field(
        None,
        alias="HOMELINE_TRUSTED_PROXY",
        description="The address of the reverse proxy whose X-Forwarded-For and -Proto are believed.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="HOMELINE_LOG_LEVEL", description="How much is logged. Numbers and texts never are."
    )

    twilio_account_sid: str | None = Field(
        None, alias="TWILIO_ACCOUNT_SID", description="The Twilio account (AC…)."
    )
    twilio_auth_token: SecretStr | None = Field(
        None,
        alias="TWILIO_AUTH_TOKEN",
        description="Checks signatures. Several, separated by commas, while a token is being rotated.",
    )
    twilio_api_key: str | None = Field(
        None, alias="TWILIO_API_KEY", description="An API key (SK…) for sending, instead of the auth token."
    )
    twilio_api_secret: SecretStr | None = Field(
        None, alias="TWILIO_API_SECRET", description="The secret of TWILIO_API_KEY."
    )
    twilio_from: str | None = Field(
        None,
        alias="TWILIO_FROM",
        description="The number texts are sent from (E.164), or several: comma list. `+15105550100=12/s` has a rate of its own.",
    )
    twilio_messaging_service_sid: str | None = Field(
        None,
        alias="TWILIO_MESSAGING_SERVICE_SID",
        description="A messaging service (MG…) to send through instead of one number.",
    )
    twilio_api_base: str | None = Field(
        None, alias="TWILIO_API_BASE", description="Another host for every Twilio REST call: test carriers."
    )

    translation_providers: Words = Field(
        (),
        alias="TRANSLATION_PROVIDERS",
        description="Providers asked in this order for people's free text. Empty: none.",
    )
    nlu_url: str | None = Field(
        None,
        alias="NLU_URL",
        description="A `rasa run --enable-api` server to ask instead of the model in this process.",
    )
    models: Path = Field(
        ROOT / "models", alias="HOMELINE_MODELS", description="The folder of the trained archives."
    )

    school_timezone: str = Field(
        "America/Los_Angeles",
        alias="SCHOOL_TIMEZONE",
        description="The zone of the schools (IANA name). All times are shown in it.",
    )
    district: str = Field(
        "Río Vista Unified School District",
        alias="DISTRICT_NAME",
        description="How the district calls itself in texts.",
    )
    office_phone: str = Field(
        "+1 510 555 0150", alias="OFFICE_PHONE", description="The telephone number families may call."
    )
    quiet_hours: str = Field(
        "20:00-08:00",
        alias="QUIET_HOURS",
        description="No unasked texts between these times of day; the same time twice: none are quiet.",
    )
    office_hours: str = Field(
        "08:00-16:00",
        alias="OFFICE_HOURS",
        description="When staff answer, Monday to Friday. Due times count in these hours.",
    )
    answer_within_hours: int = Field(
        16,
        alias="ANSWER_WITHIN_HOURS",
        ge=1,
        le=400,
        description="Office hours within which a case is to be answered.",
    )
    reminders: Words = Field(
        ("3d", "1d", "2h"),
        alias="CONFERENCE_REMINDERS",
        description="How long before a conference reminders go out (d, h, m).",
    )
    closed_days: Words = Field(
        (),
        alias="CLOSED_DAYS",
        description="Days nobody answers: 2026-11-11, or a range 2026-11-23..2026-11-27; comma list.",
    )
    on_call: Words = Field(
        (), alias="ON_CALL_NUMBERS", description="Numbers (E.164, comma list) alerted at once in a crisis."
    )
    trial_numbers: Words = Field(
        (),
        alias="TRIAL_NUMBERS",
        description="Trial mode: only these numbers (E.164, comma list) get texts they did not ask for. Empty: no trial.",
    )
    broadcast_approval_above: int = Field(
        200, alias="BROADCAST_APPROVAL_ABOVE", ge=0,
        description="A broadcast to more recipients than this needs a second person's approval; an urgent one always.",
    )  # fmt: skip
    broadcast_undo_seconds: int = Field(
        30, alias="BROADCAST_UNDO_SECONDS", ge=10, le=120,
        description="Nothing of a broadcast leaves within this time, so that it can still be cancelled whole.",
    )  # fmt: skip
    sms_segments_per_second: float | None = Field(
        None,
        alias="SMS_SEGMENTS_PER_SECOND",
        ge=0,
        description="SMS segments a second the carrier takes from one number. 0: no limit.",
    )
    sms_daily_segments: int | None = Field(
        None,
        alias="SMS_DAILY_SEGMENTS",
        ge=0,
        description="SMS segments a day from one number; routine broadcasts wait for the next day. 0: no limit.",
    )
    broadcast_replies_to_author: bool = Field(
        True, alias="BROADCAST_REPLIES_TO_AUTHOR",
        description="Questions within 48 hours of a broadcast go to who wrote it. 0: to the office, as any other.",
    )  # fmt: skip
    sms_segment_price: Decimal = Field(
        Decimal(0),
        alias="SMS_SEGMENT_PRICE",
        ge=0,
        description="What one SMS segment costs in dollars, for estimates. 0: no estimate is shown.",
    )
    rtl_marks: bool = Field(
        True,
        alias="RTL_MARKS",
        description="Wrap names and numbers in direction marks in right-to-left texts.",
    )

    turn_workers: int = Field(
        2, alias="HOMELINE_TURN_WORKERS", ge=1, le=32, description="Texts understood at the same time."
    )
    send_workers: int = Field(
        16,
        alias="HOMELINE_SEND_WORKERS",
        ge=1,
        le=64,
        description="Texts handed to the carrier at the same time.",
    )
    web_threads: int = Field(
        8, alias="HOMELINE_WEB_THREADS", ge=2, le=64, description="Web requests answered at the same time."
    )
    lease_seconds: int = Field(
        40,
        alias="HOMELINE_LEASE_SECONDS",
        ge=2,
        le=600,
        description="After this long without a result, another process may take over a piece of work.",
    )
    reconcile_after_seconds: float = Field(
        30.0,
        alias="HOMELINE_RECONCILE_AFTER_SECONDS",
        ge=0,
        le=3600,
        description="How long the carrier's list may lag before it is believed.",
    )

    @field_validator(
        "translation_providers", "reminders", "on_call", "trial_numbers", "closed_days", mode="before"
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(w.strip() for w in value.split(",") if w.strip()) if isinstance(value, str) else value

    @field_validator("school_timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("is not a known time zone; use an IANA name such as America/Chicago") from error
        return value

    @field_validator("twilio_from")
    @classmethod
    def _numbers(cls, value: str | None) -> str | None:
        read_senders(value or "")
        return value

    @field_validator("quiet_hours", "office_hours", "database_url", "trusted_proxy")
    @classmethod
    def _written_right(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            _CHECKS[str(info.field_name)](value)
        return value

    @field_validator("trial_numbers", "on_call")
    @classmethod
    def _telephones(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        written.check_numbers(value)
        return value

    @field_validator("closed_days")
    @classmethod
    def _days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        read_closed_days(value)
        return value

    @field_validator("reminders")
    @classmethod
    def _distances(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            written.parse_distance(word)
        return value

    @field_validator("public_base_url", "twilio_api_base", "nlu_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            written.check_web_address(value)
        return value.rstrip("/") if value else value

    @property
    def zone(self) -> ZoneInfo:
        """The school's zone."""
        return ZoneInfo(self.school_timezone)

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The auth tokens signatures may be made with, newest first."""
        raw = self.twilio_auth_token.get_secret_value() if self.twilio_auth_token else ""
        return tuple(token.strip() for token in raw.split(",") if token.strip())

    def by_environment_name(self) -> dict[str, str]:
        """The settings that are set, as the environment would give them: for parts found by scanning."""
        found: dict[str, str] = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            if isinstance(value, bool):
                value = "1" if value else "0"
            if value not in (None, ""):
                found[str(field.alias)] = ",".join(value) if isinstance(value, tuple) else str(value)
        return found
