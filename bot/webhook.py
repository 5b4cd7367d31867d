"""The channels' routes: verify, parse, store, answer. No network, no model, no translation before the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from flask import Blueprint, Response, request

from bot.channels.raw_target import raw_target
from bot.inbox.landing import land
from bot.model.errors import BadInput, BadSignature
from bot.model.ports import Channel, Clock, JobQueue
from bot.outbox.statuses import apply_status, dated
from bot.storage.session import Database

log = structlog.get_logger(__name__)
LARGEST_FORM = 64 * 1024


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """The parts of a request that a channel looks at."""

    target: str
    headers: Mapping[str, str]
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class WebhookServices:
    """What the routes need. Days are those of the school's zone."""

    database: Database
    queue: JobQueue
    clock: Clock
    channels: Mapping[str, Channel]
    zone: ZoneInfo


def create_blueprint(services: WebhookServices) -> Blueprint:
    """Two routes a channel that has any: messages in, and what became of messages out."""
    blueprint = Blueprint("webhook", __name__)
    for channel in services.channels.values():
        if channel.message_path:
            _mount_messages(blueprint, services, channel)
        if channel.status_path:
            _mount_statuses(blueprint, services, channel)
    blueprint.register_error_handler(BadSignature, _refuse)
    blueprint.register_error_handler(BadInput, _complain)
    return blueprint


def _mount_messages(blueprint: Blueprint, services: WebhookServices, channel: Channel) -> None:
    def receive() -> Response:
        incoming = _verified(channel)
        message = channel.parse_message(incoming, services.clock.now())
        with services.database.write() as session:
            turn_id = land(session, message, services.queue)
        log.info("message_landed", channel=channel.name, turn_id=turn_id, repeat=turn_id is None)
        return Response(channel.acknowledgement, content_type="text/xml; charset=utf-8")

    blueprint.add_url_rule(channel.message_path, f"{channel.name}_messages", receive, methods=["POST"])


def _mount_statuses(blueprint: Blueprint, services: WebhookServices, channel: Channel) -> None:
    def receive() -> Response:
        incoming = _verified(channel)
        report = dated(channel.parse_status(incoming, services.clock.now()), services.zone)
        with services.database.write() as session:
            apply_status(session, report)
        # Not 204: the server closes the connection after an answer that has no length.
        return Response("", content_type="text/plain; charset=utf-8")

    blueprint.add_url_rule(channel.status_path, f"{channel.name}_status", receive, methods=["POST"])


def _verified(channel: Channel) -> WebhookRequest:
    request.max_content_length = LARGEST_FORM
    incoming = WebhookRequest(
        target=raw_target(request.environ),
        headers=dict(request.headers),
        fields=tuple(request.form.items(multi=True)),
    )
    channel.verify(incoming)
    return incoming


def _refuse(error: Exception) -> tuple[str, int]:
    log.warning("webhook_refused", path=request.path, reason=str(error))
    return "The signature does not fit this request.", 403


def _complain(error: Exception) -> tuple[str, int]:
    log.warning("webhook_unusable", path=request.path, reason=str(error))
    return "A required field is missing.", 400
