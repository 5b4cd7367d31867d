"""The room of lines: who wrote lately, and everything said on one line."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import words
from bot.console.access import OFFICE, required_roles
from bot.console.family_card import read_card
from bot.console.identity import here
from bot.console.paging import page_number
from bot.console.services import ConsoleServices
from bot.console.texts import translate
from bot.console.thread import read_thread
from bot.model.errors import NotFound
from bot.school import case_work
from bot.storage.cases import Case
from bot.storage.conversations import Conversation
from bot.storage.staff import AuditEvent, record_audit
from bot.storage.threads import find_line, list_cases_of, list_lines

PAGE = 25


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the list of lines and the page of one."""

    @blueprint.get("/conversations", endpoint="list_conversations")
    @required_roles(*OFFICE)
    def list_conversations() -> ResponseReturnValue:
        return _show_list(services)

    @blueprint.get("/conversations/<key:conversation_id>", endpoint="show_conversation")
    @required_roles(*OFFICE)
    def show_conversation(conversation_id: int) -> ResponseReturnValue:
        return _show_line(services, conversation_id)

    @blueprint.post("/conversations/<key:conversation_id>/hand-back", endpoint="hand_back_line")
    @required_roles(*OFFICE)
    def hand_back_line(conversation_id: int) -> ResponseReturnValue:
        return _hand_back(services, conversation_id)


def _show_list(services: ConsoleServices) -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()[:100]
    number = page_number(request.args.get("page"))
    with services.database.read() as session:
        page = list_lines(session, asked, (number, PAGE))
        return render_template("console/conversations.html", page=page, number=number, asked=asked)


def _line(session: Session, conversation_id: int) -> Conversation:
    line = find_line(session, conversation_id)
    if line is None:
        raise NotFound(f"no conversation {conversation_id}")
    return line


def _show_line(services: ConsoleServices, conversation_id: int) -> ResponseReturnValue:
    with services.database.write() as session:
        _line(session, conversation_id)
        _audit(session, services, "read_conversation", conversation_id)
    with services.database.read() as session:
        line = _line(session, conversation_id)
        guardian = line.contact.guardian if line.contact else None
        return render_template(
            "console/conversation.html",
            line=line,
            card=read_card(session, line, guardian, here()),
            entries=read_thread(session, line, None),
            cases=list_cases_of(session, line.id),
            words=words,
            now=services.clock.now(),
        )


def _hand_back(services: ConsoleServices, conversation_id: int) -> ResponseReturnValue:
    with services.database.write() as session:
        line = _line(session, conversation_id)
        case = session.get(Case, line.case_id) if line.case_id is not None else None
        if case is not None:
            case_work.return_to_bot(session, case, here().username, services.clock.now())
        line.with_staff = False
        line.case_id = None
        _audit(session, services, "hand_back", conversation_id)
    flash(translate("The bot answers on this line again."), "success")
    return redirect(url_for("console.show_conversation", conversation_id=conversation_id))


def _audit(session: Session, services: ConsoleServices, deed: str, conversation_id: int) -> None:
    record_audit(session, AuditEvent(
        at=services.clock.now(), actor=here().username, deed=deed, subject_kind="conversation",
        subject_id=conversation_id, detail={},
    ))  # fmt: skip
