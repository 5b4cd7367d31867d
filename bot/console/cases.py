"""The room where staff begin: the list of cases."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from bot.console import words
from bot.console.access import EVERYBODY, required_roles
from bot.console.identity import here
from bot.console.paging import Pages, page_number
from bot.console.services import ConsoleServices
from bot.storage import case_list
from bot.storage.case_list import CaseFilter
from bot.storage.lost_answers import cases_with_lost_answer

PAGE = 25


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the list and the counts it keeps fresh."""

    @blueprint.get("/", endpoint="list_cases")
    @required_roles(*EVERYBODY)
    def list_cases() -> ResponseReturnValue:
        return _show_list(services)

    @blueprint.get("/cases/counts", endpoint="count_cases")
    @required_roles(*EVERYBODY)
    def count_cases() -> ResponseReturnValue:
        with services.database.read() as session:
            return jsonify(dict(case_list.count_tabs(session, here().viewer, services.clock.now())))


def wanted_filter() -> CaseFilter:
    """What the address of the page asks for; what makes no sense is left out."""
    tab = request.args.get("tab", "open")
    kind = request.args.get("kind", "")
    return CaseFilter(
        tab=tab if tab in case_list.TABS else "open",
        kind=kind if kind in words.KINDS else "",
        language=request.args.get("language", "")[:20],
        words=request.args.get("q", "").strip()[:100],
    )


def _show_list(services: ConsoleServices) -> ResponseReturnValue:
    wanted, viewer, now = wanted_filter(), here().viewer, services.clock.now()
    number = page_number(request.args.get("page"))
    with services.database.read() as session:
        found = case_list.list_cases(session, wanted, viewer, now, (number, PAGE))
        if not found.cases and found.total:
            number = Pages(1, found.total, PAGE).count
            found = case_list.list_cases(session, wanted, viewer, now, (number, PAGE))
        counts = case_list.count_tabs(session, viewer, now)
        languages = case_list.list_languages(session, wanted, viewer, now)
        return render_template(
            "console/cases.html",
            cases=found.cases,
            lost=cases_with_lost_answer(session, [case.id for case in found.cases]),
            pages=Pages(number, found.total, PAGE),
            counts=counts,
            wanted=wanted,
            languages=languages,
            words=words,
            now=now,
            narrowed=bool(wanted.kind or wanted.language or wanted.words),
        )
