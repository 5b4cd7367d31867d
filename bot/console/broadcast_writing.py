"""The room where a broadcast is written. It is kept as a draft, which then shows what it would do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import broadcast_words, moments
from bot.console.access import EVERYBODY, required_roles
from bot.console.broadcast_view import visible_broadcast
from bot.console.forms.broadcast import BroadcastForm
from bot.console.forms.broadcast_parts import RULES
from bot.console.identity import here
from bot.console.keys import key_or_none
from bot.console.services import ConsoleServices
from bot.console.writing import keep_language, usual_language, writing_languages
from bot.model.errors import BadInput, Taken
from bot.school.broadcasts.audience import Audience
from bot.school.broadcasts.choices import SCHOOL, Choices, classes_to_offer, read_choices
from bot.school.broadcasts.course import cancel
from bot.school.broadcasts.drafts import NewBroadcast, compose
from bot.school.broadcasts.recurrence import Calendar, Repeats
from bot.school.broadcasts.saved import save_audience
from bot.storage.broadcast_series import BroadcastSeries
from bot.storage.broadcasts import Broadcast
from bot.storage.people import SchoolClass, StaffMember

PARTS = ("schools", "grades", "classes", "groups", "languages")


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the form."""

    @blueprint.get("/broadcasts/new", endpoint="write_broadcast")
    @required_roles(*EVERYBODY)
    def write_broadcast() -> ResponseReturnValue:
        with services.database.read() as session:
            choices = read_choices(session, _author(session))
            return _page(session, services, choices, _first(session, services, choices))

    @blueprint.post("/broadcasts/new", endpoint="compose_broadcast")
    @required_roles(*EVERYBODY)
    def compose_broadcast() -> ResponseReturnValue:
        return _compose(services)


def _author(session: Session) -> StaffMember:
    """Who writes. An account without a person of the roster behind it cannot: 403."""
    person = here()
    author = session.get(StaffMember, person.staff_id) if person.staff_id is not None else None
    if author is None or not author.active:
        abort(403)
    return author


def _first(session: Session, services: ConsoleServices, choices: Choices) -> BroadcastForm:
    """The form as it is shown first: empty, or filled from a broadcast one wants to change or write again."""
    like = key_or_none(request.args.get("like"))
    values: dict[str, Any] = {
        "written_in": usual_language(services), "category": "routine", "when": "now", "one_per": "household",
    }  # fmt: skip
    translations: dict[str, str] = {}
    if like is not None:
        model = visible_broadcast(session, like)
        values |= _values(model, services) | _series_values(session, model)
        translations = model.translations
        if values["saved"] in {str(key) for key in choices.saved}:
            values |= {part: [] for part in PARTS} | {"who": ""}
        else:
            parts = [part for part in PARTS if part != "schools" or choices.reach != SCHOOL]
            values |= {"saved": "", "who": "chosen" if any(values[part] for part in parts) else "all"}
    form = BroadcastForm(formdata=None, **values)
    form.offer_translations(choices.languages, translations)
    return form


def _series_values(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    """What the form shows of how a draft is repeated, or of the series that is to say something else."""
    series = session.get(BroadcastSeries, broadcast.series_id) if broadcast.series_id is not None else None
    if series is None:
        return {}
    goes_on = series.state == "live" and series.author_id == here().staff_id
    if goes_on and (request.args.get("series") or _is_own_draft(broadcast)):
        return {"series": str(broadcast.id)}
    if not _is_own_draft(broadcast):
        return {}
    bare, _, until = series.rule.partition(";UNTIL=")
    name = next((name for name, rule in RULES.items() if rule == bare), "once")
    return {"repeat": name, "until": f"{until[:4]}-{until[4:6]}-{until[6:8]}" if until else "",
            "on_closed": not series.skip_closed}  # fmt: skip


def _values(broadcast: Broadcast, services: ConsoleServices) -> dict[str, Any]:
    audience = Audience.from_json(broadcast.audience)
    values: dict[str, Any] = {
        "text": broadcast.text,
        "written_in": broadcast.language,
        "category": broadcast.category,
        "fallback": broadcast.fallback,
        "one_per": broadcast.one_per,
        "saved": str(broadcast.saved_audience_id or ""),
        "about_on": broadcast.about_on.isoformat() if broadcast.about_on else "",
        **{name: list(keys) for name, keys in audience.as_json().items()},
    }
    if _is_own_draft(broadcast):
        values["replaces"] = str(broadcast.id)
        if broadcast.send_at is not None and broadcast.send_at > services.clock.now():
            values |= {"when": "later", "send_at": moments.field_value(broadcast.send_at, services.zone)}
        if broadcast.expires_at is not None:
            values["expires_at"] = moments.field_value(broadcast.expires_at, services.zone)
    return values


def _compose(services: ConsoleServices) -> ResponseReturnValue:
    form = BroadcastForm(written_in=usual_language(services))
    with services.database.write() as session:
        author = _author(session)
        choices = read_choices(session, author)
        form.settle(services.zone, services.clock.now())
        tags = choices.languages
        form.offer_translations(tags, {tag: request.form.get(f"translation-{tag}", "") for tag in tags})
        _offer(session, services, choices, form)
        if request.form.get("show"):
            return _page(session, services, choices, form)
        whole = form.check_translations(form.text.data or "", str(form.written_in.data))
        if not (form.validate() and whole):
            return _page(session, services, choices, form), 422
        keep_language(form.written_in.data)
        try:
            with session.begin_nested():  # what is refused leaves no saved audience behind either
                wanted = _saved(session, services, author, _wanted(form, choices, author), form.save_as.data)
                wanted = _with_series(session, services, form, wanted)
                made = compose(session, author, wanted, here().username, services.clock.now())
        except (BadInput, Taken) as error:
            return _page(session, services, choices, form, refused=str(error)), 422
        _drop_replaced(session, services, form.replaces.data)
        return redirect(url_for("console.show_broadcast", broadcast_id=made.id))


def _with_series(
    session: Session, services: ConsoleServices, form: BroadcastForm, wanted: NewBroadcast
) -> NewBroadcast:
    """What is repeated, or what a series that goes on says from its next time on."""
    calendar = Calendar(services.zone, services.policy.closed_days)
    model = key_or_none(form.series.data)
    if model is not None:
        series_id = visible_broadcast(session, model).series_id
        repeats = Repeats("", calendar)
        return replace(wanted, series_id=series_id, repeats=repeats, send_at=None, expires_at=None)
    repeats = Repeats(form.rule, calendar, not form.on_closed.data)
    return replace(wanted, repeats=repeats) if form.rule else wanted


def _saved(
    session: Session, services: ConsoleServices, author: StaffMember, wanted: NewBroadcast, name: str | None
) -> NewBroadcast:
    """The same, for an audience that is kept under a name now, where one was given."""
    if not name:
        return wanted
    save_audience(session, name, wanted.audience, author, actor=here().username, now=services.clock.now())
    return replace(wanted, audience=Audience(), saved=name)


def _wanted(form: BroadcastForm, choices: Choices, author: StaffMember) -> NewBroadcast:
    translations = form.written_translations(str(form.written_in.data))
    saved = choices.saved[int(form.saved.data)].name if form.saved.data else None
    schools = tuple(choices.schools) if choices.reach == SCHOOL else tuple(form.schools.data or ())
    parts = Audience(
        schools, tuple(form.grades.data or ()), tuple(form.classes.data or ()), tuple(form.languages.data or ()),
        tuple(form.groups.data or ()),
    )  # fmt: skip
    return NewBroadcast(
        text=form.text.data or "",
        language=str(form.written_in.data),
        audience=Audience() if saved else parts,
        saved=saved,
        one_per=str(form.one_per.data),
        category=str(form.category.data),
        about_on=form.about_day,
        send_at=form.leaves_at,
        expires_at=form.ends_at,
        translations=translations,
        translators=dict.fromkeys(translations, f"{author.given_name} {author.family_name}"),
        fallback=bool(form.fallback.data),
    )  # fmt: skip


def _drop_replaced(session: Session, services: ConsoleServices, replaced: str | None) -> None:
    """A draft that was changed: the new one stands in its place."""
    key = key_or_none(replaced)
    old = session.get(Broadcast, key) if key is not None else None
    if old is not None and _is_own_draft(old):
        cancel(session, old.id, here().username, services.clock.now())


def _is_own_draft(broadcast: Broadcast) -> bool:
    return broadcast.state == "draft" and broadcast.author_id == here().staff_id


def _offer(
    session: Session, services: ConsoleServices, choices: Choices, form: BroadcastForm
) -> list[SchoolClass]:
    classes = list(classes_to_offer(session, choices, form.schools.data or (), named=form.classes.data or ()))
    form.offer(choices, [(row.id, row.title) for row in classes], writing_languages(services))
    return classes


def _page(
    session: Session, services: ConsoleServices, choices: Choices, form: BroadcastForm, *, refused: str = ""
) -> str:
    classes = _offer(session, services, choices, form)
    return render_template(
        "console/broadcast_new.html", sheet=form, choices=choices, classes=classes, words=broadcast_words,
        refused=refused, zone=services.zone.key,
    )  # fmt: skip
