"""The circuit breaker of a carrier account: when all of it fails, texts wait instead of failing one by one.

Its state is a row, so all workers stop and go on together. Only what the account as a whole answers for counts:
refused credentials, 5xx, no connection, "too many requests". A text refused for itself never opens it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.model.errors import CarrierError, Scope
from bot.model.pace import Urgency
from bot.outbox.retrying import Backoff
from bot.storage.carrier_accounts import CarrierAccount, lock_account

log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 8
"""Failures after which the breaker opens. Refused credentials open it at once: they do not pass by themselves."""

BETWEEN_PROBES = Backoff(first=timedelta(seconds=2), longest=timedelta(minutes=5), attempts=0)
"""Pauses of an open breaker; it never gives up."""

BULK_PROBES_LATER = timedelta(seconds=2)
"""So much longer bulk waits with a probe, so that a reply that waits is the one that tries."""

PROBE_LOST_AFTER = timedelta(minutes=1)
"""After this long without a result the worker of a probe is taken for dead."""


def is_open(account: CarrierAccount) -> bool:
    """Whether nothing is handed to the account now, but for probes."""
    return account.opened_at is not None


def admits(account: CarrierAccount, urgency: Urgency, now: datetime) -> bool:
    """Whether a text of this urgency may be handed over now; changes nothing.

    Help in danger always tries. Of the others one at a time does, once the pause is over.
    """
    if not is_open(account) or urgency is Urgency.URGENT:
        return True
    if account.probed_at is not None and now - account.probed_at < PROBE_LOST_AFTER:
        return False
    return now >= probe_from(account, urgency)


def probe_from(account: CarrierAccount, urgency: Urgency) -> datetime:
    """From when a text of this urgency may try an open account."""
    moment = account.retry_at or account.opened_at
    assert moment is not None
    return moment + BULK_PROBES_LATER if urgency is Urgency.BULK else moment


def begin_probe(session: Session, name: str, urgency: Urgency, now: datetime) -> bool:
    """Take the right to try an open account, which only one text has; true also when it is closed by now."""
    account = lock_account(session, name)
    if account is None or not is_open(account):
        return True
    if not admits(account, urgency, now):
        return False
    account.probed_at = now
    log.info("carrier_probed", account=name, urgency=urgency.value)
    return True


def note_failure(
    session: Session, name: str, error: CarrierError, now: datetime, *, first: bool = False
) -> None:
    """Count a failure of the account; the last of a row, or a failed probe, opens it (again).

    `first`: the account took a text since the failure before this one, so that a new row begins. The texts of
    a lane that are on their way together are no row, however many of them fail.
    """
    account = lock_account(session, name) if error.scope is Scope.ACCOUNT else None
    if account is None:
        return
    account.failures = 1 if first else account.failures + 1
    if not is_open(account):
        if account.failures < FAILURES_IN_A_ROW and not error.permanent:
            return
        account.opened_at = now
        account.openings = 0
    elif account.probed_at is None:
        return  # it left before the breaker opened: no news
    account.openings += 1
    account.probed_at = None
    account.reason = str(error)
    pause = BETWEEN_PROBES.pause(sum(name.encode()), account.openings)
    account.retry_at = now + max(pause, timedelta(seconds=min(error.retry_after or 0, 300)))
    log.error("carrier_breaker_open", account=name, failures=account.failures, code=error.code)


def note_success(session: Session, name: str, now: datetime) -> None:
    """The account took a text, or refused it for its own sake: it is well."""
    account = lock_account(session, name)
    if account is None or not (account.failures or is_open(account)):
        return
    if account.opened_at is not None:
        closed_for = (now - account.opened_at).total_seconds()
        log.warning("carrier_breaker_closed", account=name, after_seconds=round(closed_for))
    account.failures = account.openings = 0
    account.opened_at = account.retry_at = account.probed_at = account.reason = None
