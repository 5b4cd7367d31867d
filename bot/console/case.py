"""The room of one case: what the family said, what was done, and what can be done now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import words
from bot.console.access import EVERYBODY, required_roles
from bot.console.family_card import read_card
from bot.console.forms.case import AssignForm, CloseForm, NoteForm, ReplyForm
from bot.console.identity import here
from bot.console.services import ConsoleServices, StaffText
from bot.console.thread import read_thread
from bot.console.writing import empty, language_written
from bot.model.errors import NotFound
from bot.outbox.person_text import same_language
from bot.storage.broadcast_list import find_visible as find_broadcast
from bot.storage.case_list import find_visible
from bot.storage.cases import Case
from bot.storage.conversations import Conversation, Turn
from bot.storage.lost_answers import cases_with_lost_answer
from bot.storage.staff import AuditEvent, list_colleagues, record_audit
from bot.storage.threads import find_line, latest_marker


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the page of a case and the preview of a reply."""

    @blueprint.get("/cases/<key:case_id>", endpoint="show_case")
    @required_roles(*EVERYBODY)
    def show_case(case_id: int) -> ResponseReturnValue:
        with services.database.write() as session:
            case = visible_case(session, case_id)
            audit(session, services, "read_case", case)
        return show_page(services, case_id)

    @blueprint.get("/cases/<key:case_id>/pulse", endpoint="pulse_case")
    @required_roles(*EVERYBODY)
    def pulse_case(case_id: int) -> ResponseReturnValue:
        with services.database.read() as session:
            case = visible_case(session, case_id)
            return jsonify(marker=latest_marker(session, line_of(session, case), case.id))

    @blueprint.post("/cases/<key:case_id>/preview", endpoint="preview_reply")
    @required_roles(*EVERYBODY)
    def preview_reply(case_id: int) -> ResponseReturnValue:
        return _preview(services, case_id)


def visible_case(session: Session, case_id: int) -> Case:
    """The case, if there is one and this person may see it; else NotFound."""
    case = find_visible(session, case_id, here().viewer)
    if case is None:
        raise NotFound(f"no case {case_id} for this person")
    return case


def audit(session: Session, services: ConsoleServices, deed: str, case: Case) -> None:
    """Keep who did or read what."""
    record_audit(session, AuditEvent(
        at=services.clock.now(), actor=here().username, deed=deed, subject_kind="case", subject_id=case.id, detail={}
    ))  # fmt: skip


def line_of(session: Session, case: Case) -> Conversation | None:
    """The line a case came from."""
    return find_line(session, case.conversation_id) if case.conversation_id is not None else None


def show_page(
    services: ConsoleServices, case_id: int, *, reply: ReplyForm | None = None, note: NoteForm | None = None,
    closing: CloseForm | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """The page of a case; forms with mistakes are shown again as they were filled in."""
    with services.database.read() as session:
        case = visible_case(session, case_id)
        line = line_of(session, case)
        page = _facts(session, services, case, line)
        form = reply or empty(ReplyForm, services)
        written_in = language_written(services, form.written_in.data)
        text = StaffText(case.id, form.text.data or "", written_in, once="")
        page |= {
            "reply_form": form,
            "note_form": note or NoteForm(formdata=None),
            "close_form": closing or empty(CloseForm, services),
            "assign_form": _assign_form(session, case),
            **_leaving(session, services, line, text),
        }
        return render_template("console/case.html", **page), status


def _facts(
    session: Session, services: ConsoleServices, case: Case, line: Conversation | None
) -> dict[str, Any]:
    now = services.clock.now()
    turn = session.get(Turn, case.turn_id) if case.turn_id is not None else None
    return {
        "case": case,
        "lost": cases_with_lost_answer(session, [case.id]),
        "line": line,
        "broadcast": find_broadcast(session, case.broadcast_id, here().viewer) if case.broadcast_id else None,
        "card": read_card(session, line, case.guardian, here()),
        "entries": read_thread(session, line, case.id, since=_since(turn, case)),
        "understood": dict((turn.understood if turn else None) or {}),
        "marker": latest_marker(session, line, case.id),
        "silent": line is not None and line.with_staff,
        "words": words,
        "now": now,
        "person": here(),
    }


def _since(turn: Turn | None, case: Case) -> datetime | None:
    """Those who do not see all see of the line only what was said since their case began."""
    if here().viewer.sees_all:
        return None
    return min(case.opened_at, turn.message.received_at) if turn else case.opened_at


def _assign_form(session: Session, case: Case) -> AssignForm:
    people = [(person.id, f"{person.given_name} {person.family_name}") for person in list_colleagues(session)]
    if case.owner is not None and case.owner.id not in dict(people):
        people.insert(0, (case.owner.id, f"{case.owner.given_name} {case.owner.family_name}"))
    form = AssignForm(formdata=None, owner=case.owner_id, seen=case.owner_id)
    form.offer(people)
    return form


def _leaving(
    session: Session, services: ConsoleServices, line: Conversation | None, text: StaffText
) -> dict[str, Any]:
    """How the text would leave, and whether the family does not read the language it is written in."""
    if line is None:
        return {"leaving": None, "foreign": False}
    foreign = not same_language(text.written_in, line.language)
    return {"leaving": services.line.preview(session, line, text), "foreign": foreign}


def _preview(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()[:2000]
    with services.database.read() as session:
        case = visible_case(session, case_id)
        line = line_of(session, case)
        written_in = language_written(services, request.form.get("written_in"))
        facts = _leaving(session, services, line, StaffText(case.id, text, written_in, once=""))
        page = render_template("console/_leaving.html", line=line, text=text, words=words, **facts)
        return jsonify(html=page)
