"""The REST side of the development carrier: /2010-04-01/Accounts/…/Messages, create, list, fetch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from bot.outbox.segments import count_segments
from bot.simulator.carrier import Carrier
from bot.simulator.carrier_ledger import Entry, Search
from bot.simulator.carrier_problems import PROBLEMS, Order

PREFIX = "/simulator/carrier"
VERSION = "2010-04-01"
MESSAGES = f"/{VERSION}/Accounts/<account_sid>/Messages"
Answer = tuple[Response, int]


class Dropped(Exception):
    """The carrier hangs up without an answer."""


def create_blueprint(carrier: Carrier, url_prefix: str | None = PREFIX) -> Blueprint:
    """The carrier's routes. TWILIO_API_BASE of its clients is the server's address plus the prefix."""
    blueprint = Blueprint("carrier", __name__, url_prefix=url_prefix)
    guard = _guarded(carrier)
    blueprint.add_url_rule(f"{MESSAGES}.json", "create", guard(_create(carrier)), methods=["POST"])
    blueprint.add_url_rule(f"{MESSAGES}.json", "list", guard(_list(carrier)), methods=["GET"])
    blueprint.add_url_rule(f"{MESSAGES}/<sid>.json", "fetch", guard(_fetch(carrier)), methods=["GET"])
    return blueprint


def describe(entry: Entry, account_sid: str) -> dict[str, Any]:
    """A text as the API shows it."""
    uri = f"/{VERSION}/Accounts/{account_sid}/Messages/{entry.sid}"
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "body": entry.body,
        "date_created": _rfc2822(entry.created),
        "date_sent": _rfc2822(entry.sent),
        "date_updated": _rfc2822(entry.updated),
        "direction": entry.direction,
        "error_code": entry.error_code,
        "error_message": None,
        "from": entry.sender,
        "messaging_service_sid": entry.service,
        "num_media": "0",
        "num_segments": "0" if entry.status == "accepted" else str(count_segments(entry.body)),
        "price": None,
        "price_unit": "USD",
        "sid": entry.sid,
        "status": entry.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": entry.recipient,
        "uri": f"{uri}.json",
    }


def _create(carrier: Carrier) -> Callable[[str], Answer]:
    def create(account_sid: str) -> Answer:
        if carrier.mischief.latency_seconds:
            time.sleep(carrier.mischief.latency_seconds)
        order = _order(request.form)
        trouble = carrier.trouble(order.recipient)
        if trouble in ("5xx", "429"):
            return problem(20500 if trouble == "5xx" else 20429)
        taken = carrier.take(order)
        if isinstance(taken, int):
            return problem(taken)
        if trouble == "5xx after taking":
            return problem(20500)
        if trouble == "hang":
            time.sleep(carrier.mischief.hang_seconds)
        if trouble in ("hang", "drop"):
            raise Dropped
        return jsonify(describe(taken, account_sid)), 201

    return create


def _list(carrier: Carrier) -> Callable[[str], Answer]:
    def list_messages(account_sid: str) -> Answer:
        size = min(max(request.args.get("PageSize", 50, type=int), 1), 1000)
        page = request.args.get("Page", 0, type=int)
        search = _search(request.args, size + 1)
        if search is None:
            return problem(20404)
        if carrier.mischief.list_lag_seconds:
            search = replace(search, created_until=time.time() - carrier.mischief.list_lag_seconds)
        found = carrier.ledger.search(search)
        shown = found[:size]
        base = f"/{VERSION}/Accounts/{account_sid}/Messages.json"
        kept = {k: v for k, v in request.args.items() if k not in ("Page", "PageToken", "PageSize")}
        following = {
            **kept,
            "PageSize": size,
            "Page": page + 1,
            "PageToken": f"PA{shown[-1].id if shown else 0}",
        }
        return jsonify(
            messages=[describe(entry, account_sid) for entry in shown],
            start=page * size,
            end=page * size + max(len(shown) - 1, 0),
            page=page,
            page_size=size,
            uri=f"{base}?{urlencode(request.args)}",
            first_page_uri=f"{base}?{urlencode({**kept, 'PageSize': size, 'Page': 0})}",
            next_page_uri=f"{base}?{urlencode(following)}" if len(found) > size else None,
            previous_page_uri=None,
        ), 200

    return list_messages


def _fetch(carrier: Carrier) -> Callable[..., Answer]:
    def fetch(account_sid: str, sid: str) -> Answer:
        entry = carrier.ledger.get(sid)
        return problem(20404) if entry is None else (jsonify(describe(entry, account_sid)), 200)

    return fetch


def problem(code: int) -> Answer:
    """A refusal in Twilio's form."""
    status, message = PROBLEMS[code]
    more = f"https://www.twilio.com/docs/errors/{code}"
    return jsonify(code=code, message=message, more_info=more, status=status), status


def _guarded(carrier: Carrier) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    def guard(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def guarded(account_sid: str, **rest: str) -> Answer:
            given = request.authorization
            if given is None or not carrier.account.admits(given.username or "", given.password or ""):
                return problem(20003)
            if account_sid != carrier.account.account_sid:
                return problem(20404)
            return view(account_sid, **rest)

        return guarded

    return guard


def _order(form: Mapping[str, str]) -> Order:
    return Order(
        sender=form.get("From", ""),
        service=form.get("MessagingServiceSid", ""),
        recipient=form.get("To", ""),
        body=form.get("Body", ""),
        callback=form.get("StatusCallback", ""),
    )


def _search(args: Mapping[str, str], limit: int) -> Search | None:
    try:
        token = args.get("PageToken", "").removeprefix("PA")
        return Search(
            recipient=args.get("To"),
            sender=args.get("From"),
            sent_from=_seconds(args.get("DateSent>")),
            sent_until=_seconds(args.get("DateSent<")),
            before_id=int(token) if token else None,
            limit=limit,
        )
    except ValueError:
        return None


def _seconds(value: str | None) -> float | None:
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _rfc2822(seconds: float | None) -> str | None:
    return None if seconds is None else format_datetime(datetime.fromtimestamp(seconds, UTC))
