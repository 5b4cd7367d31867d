"""Reads the settings from the environment, from `.env` and from secret files, and says what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlalchemy.engine import make_url

from bot.model.errors import BadSetting
from bot.settings import Settings


def load_settings(environment: Mapping[str, str] | None = None, *, dotenv: Path | None = None) -> Settings:
    """Read the environment (and `.env`, which it overrides). BadSetting names every fault at once."""
    values: dict[str, str] = {}
    if dotenv is not None and dotenv.exists():
        values |= {k: v for k, v in dotenv_values(dotenv).items() if v is not None}
    values |= dict(os.environ if environment is None else environment)
    known = {str(field.alias): name for name, field in Settings.model_fields.items()}
    _read_secret_files(values, known)
    unknown = sorted(
        n for n in values if n.startswith("HOMELINE_") and n not in known and not n.endswith("_PYTHON")
    )
    faults = [f"{name}: there is no such setting; see docs/operations.md" for name in unknown]
    given = {name: values[name] for name in known if values.get(name, "") != ""}
    try:
        settings = _Bare(**cast(Any, given))
    except ValidationError as error:
        faults += [
            f"{e['loc'][0]}: {e['msg'].removeprefix('Value error, ')} (it is {_shown(e)})"
            for e in error.errors()
        ]
        raise BadSetting("\n".join(faults)) from None
    if faults:
        raise BadSetting("\n".join(faults))
    return settings


class _Bare(Settings):
    """Settings from the given values alone: the environment was read already."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _read_secret_files(values: dict[str, str], known: Mapping[str, str]) -> None:
    for name in [n for n in values if n.endswith("_FILE") and n.removesuffix("_FILE") in known]:
        try:
            values[name.removesuffix("_FILE")] = Path(values[name]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it holds no text"
            raise BadSetting(f"{name}: the file {values[name]!r} cannot be read ({why})") from error


def _shown(error: Any) -> str:
    name = str(error["loc"][0])
    return (
        "not shown" if any(word in name for word in ("SECRET", "TOKEN", "DATABASE")) else repr(error["input"])
    )


LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serving_faults(settings: Settings) -> list[str]:
    """What keeps these settings from serving families: each line names the setting and the remedy."""
    faults = _production_faults(settings) if settings.mode == "production" else _development_faults(settings)
    sid = settings.twilio_account_sid
    if sid and not (sid.startswith("AC") and len(sid) == 34):
        faults.append(f"TWILIO_ACCOUNT_SID: begins with AC and has 34 characters; this one has {len(sid)}")
    if bool(settings.twilio_api_key) != bool(settings.twilio_api_secret):
        faults.append("TWILIO_API_KEY, TWILIO_API_SECRET: set both or neither")
    if settings.role != "all" and settings.database_url.startswith("sqlite"):
        faults.append(
            f"HOMELINE_ROLE: {settings.role} shares its database with other processes, and SQLite is for one process "
            "alone; set DATABASE_URL to a PostgreSQL (postgresql://…), or HOMELINE_ROLE=all"
        )
    return faults


def missing_folder(settings: Settings) -> str | None:
    """What is wrong when a district's SQLite file should be in a folder that is not there: a slip of the pen, or a disk
    that is not mounted, must not begin an empty district. The folder of the usual file is made."""
    url = make_url(settings.database_url)
    usual = settings.database_url == Settings.model_fields["database_url"].default
    if settings.mode != "production" or usual or url.get_backend_name() != "sqlite" or not url.database:
        return None
    folder = Path(url.database).parent
    return (
        None
        if folder.is_dir()
        else f"DATABASE_URL: there is no folder {folder}; make it, or correct the path"
    )


def _production_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.secret_key is None or len(settings.secret_key.get_secret_value()) < 32:
        faults.append(
            "SECRET_KEY: production needs one of at least 32 characters; make it with `openssl rand -hex 32`"
        )
    if not settings.twilio_account_sid or not settings.auth_tokens:
        faults.append(
            "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN: production needs both (HOMELINE_MODE=development does not)"
        )
    if not (settings.twilio_from or settings.twilio_messaging_service_sid):
        faults.append("TWILIO_FROM: set it, or TWILIO_MESSAGING_SERVICE_SID")
    if not settings.public_base_url.startswith("https://"):
        faults.append("PUBLIC_BASE_URL: set the https address under which the carrier reaches this server")
    if (missing := missing_folder(settings)) is not None:
        faults.append(missing)
    if settings.demo:
        faults.append(
            "HOMELINE_DEMO: the demo's passwords are published; it is for HOMELINE_MODE=development only"
        )
    return faults


def _development_faults(settings: Settings) -> list[str]:
    faults = []
    own_carrier = (settings.twilio_api_base or settings.public_base_url).startswith(settings.public_base_url)
    if settings.role != "all" and own_carrier:
        faults.append(
            f"TWILIO_API_BASE: the carrier inside the product serves one process; a {settings.role} needs it as a "
            "process of its own, and `make cluster` starts one"
        )
    if settings.host in LOOPBACK:
        return faults
    return [
        *faults,
        f"HOMELINE_HOST: development has open doors and stays on 127.0.0.1; {settings.host} needs HOMELINE_MODE=production",
    ]
