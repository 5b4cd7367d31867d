"""The room of texts that did not arrive: which, why, what is being done, and one more try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import lost_words, words
from bot.console.access import OFFICE, required_roles
from bot.console.identity import here
from bot.console.keys import key_or_none
from bot.console.paging import Pages, page_number
from bot.console.services import ConsoleServices
from bot.console.texts import N_, translate, translate_count
from bot.model.errors import NotFound
from bot.outbox.gate import Gate
from bot.outbox.resending import Bar, Barred, send_again
from bot.school.quiet_hours import midnight
from bot.storage.deliveries import Delivery
from bot.storage.lost_deliveries import (
    LostQuery,
    count_lost,
    count_reasons,
    families_of,
    later_tries,
    list_lost,
)
from bot.storage.people import Guardian
from bot.storage.staff import AuditEvent, record_audit

PAGE = 25
LOOK_BACK = timedelta(days=30)
"""How far the list goes back when no day is asked for."""

FILTERS = ("tab", "kind", "reason", "day")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asks for; empty fields do not narrow."""

    tab: str
    kind: str
    reason: str
    day: date | None

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.kind or self.reason or self.day)

    def query(self, now: datetime, zone: ZoneInfo) -> LostQuery:
        """The same for the tables."""
        kinds = lost_words.KINDS[self.kind][1] if self.kind else ()
        query = LostQuery(now - LOOK_BACK, kinds=kinds, reason=self.reason, tried_again=self.tab == "again")
        if self.day is None:
            return query
        begins, ends = (midnight(self.day + timedelta(days=n), zone) for n in (0, 1))
        return replace(query, since=begins, until=ends)


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the list. `bar`: what keeps another try from leaving, in words; `later`: the try under way."""

    text: Delivery
    guardian: Guardian | None
    later: Delivery | None
    bar: str | None


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the list and the button."""

    @blueprint.get("/not-arrived", endpoint="list_lost")
    @required_roles(*OFFICE)
    def show() -> ResponseReturnValue:
        return _show_list(services)

    @blueprint.post("/not-arrived/again", endpoint="send_lost")
    @required_roles(*OFFICE)
    def again() -> ResponseReturnValue:
        return _send(services)


def wanted_list(given: Mapping[str, str]) -> Wanted:
    """What the address of the page asks for; what makes no sense is left out."""
    tab, kind = given.get("tab", "lost"), given.get("kind", "")
    return Wanted(
        tab=tab if tab in lost_words.TABS else "lost",
        kind=kind if kind in lost_words.KINDS else "",
        reason=given.get("reason", "")[:300],
        day=_day(given.get("day", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def _show_list(services: ConsoleServices) -> ResponseReturnValue:
    wanted, now = wanted_list(request.args), services.clock.now()
    query = wanted.query(now, services.zone)
    with services.database.read() as session:
        counts = {
            tab: count_lost(session, replace(query, tried_again=tab == "again")) for tab in lost_words.TABS
        }
        number = min(page_number(request.args.get("page")), Pages(1, counts[wanted.tab], PAGE).count)
        return render_template(
            "console/lost.html",
            rows=_rows(session, services, replace(query, limit=PAGE, offset=(number - 1) * PAGE)),
            pages=Pages(number, counts[wanted.tab], PAGE),
            counts=counts,
            reasons=count_reasons(session, replace(query, reason="")),
            wanted=wanted,
            place={name: value for name, value in _place(request.args).items() if name != "page"},
            today=now.astimezone(services.zone).date(),
            words=lost_words,
            kinds=words.DELIVERY_KINDS,
        )


def _rows(session: Session, services: ConsoleServices, query: LostQuery) -> Sequence[Row]:
    texts = list_lost(session, query)
    families, later = families_of(session, texts), later_tries(session, texts)
    bars = _line_bars(session, services, texts)
    now = services.clock.now()
    return [
        Row(
            text,
            families.get(text.id),
            later.get(text.id),
            lost_words.BARS[Bar.STALE] if text.expires_at and text.expires_at <= now else bars.get(text.id),
        )
        for text in texts
    ]


def _line_bars(session: Session, services: ConsoleServices, texts: Sequence[Delivery]) -> Mapping[int, str]:
    """What keeps texts of their kind from their lines, in words, by the text's id."""
    gate = Gate.of(services.policy, services.zone)
    found: dict[int, str] = {}
    for kind in {text.kind for text in texts}:
        mine = [text for text in texts if text.kind == kind]
        barred = gate.bars(session, {(text.channel, text.recipient) for text in mine}, kind)
        for text in mine:
            why = barred.get((text.channel, text.recipient))
            if why is not None:
                found[text.id] = lost_words.LINE_BARS.get(why, why)
    return found


def _send(services: ConsoleServices) -> ResponseReturnValue:
    """Send one, or those that are marked. Each stands alone: what bars one is said and keeps back no other."""
    one, unclear = request.form.get("one", ""), request.form.get("unclear", "")
    given = [one or unclear] if one or unclear else request.form.getlist("marked")[:PAGE]
    keys = [key for key in map(key_or_none, given) if key is not None]
    sent, barred = 0, Counter[str]()
    for key in dict.fromkeys(keys):
        why = _send_one(services, key, although_unclear=bool(unclear))
        sent, barred = sent + (why is None), barred + Counter([why] if why else [])
    _say(sent, barred)
    return redirect(url_for("console.list_lost", **_place(request.form)))


def _say(sent: int, barred: Mapping[str, int]) -> None:
    if sent:
        told = translate_count(
            "%(count)s text is sent again. During the hours of rest it waits for their end.",
            "%(count)s texts are sent again. During the hours of rest they wait for their end.",
            sent,
        )
        flash(told, "success")
    for bar, count in barred.items():
        told = translate_count("%(count)s text was not sent.", "%(count)s texts were not sent.", count)
        flash(f"{told} {translate(bar)}", "danger")
    if not sent and not barred:
        flash(N_("Mark at least one text first."), "danger")


def _send_one(services: ConsoleServices, key: int, *, although_unclear: bool) -> str | None:
    """Queue one more try. None, or what bars it in words."""
    now = services.clock.now()
    with services.database.write() as session:
        text = session.get(Delivery, key)
        if text is None:
            raise NotFound(f"no delivery {key}")
        gate = Gate.of(services.policy, services.zone)
        bars = gate.bars(session, [(text.channel, text.recipient)], text.kind)
        for why in bars.values():
            return lost_words.LINE_BARS.get(why, why)
        try:
            new = send_again(session, key, now, although_unclear=although_unclear)
        except Barred as error:
            return lost_words.BARS[error.bar]
        record_audit(session, AuditEvent(
            at=now, actor=here().username, deed="send_again", subject_kind="delivery", subject_id=key,
            detail={"as": new.id} | ({"although_unclear": True} if although_unclear else {}),
        ))  # fmt: skip
    return None


def _place(given: Mapping[str, str]) -> dict[str, Any]:
    """Where on the list the reader was."""
    return {name: given[name] for name in (*FILTERS, "page") if given.get(name)}
