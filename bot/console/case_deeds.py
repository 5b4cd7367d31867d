"""What staff do in the room of a case. Every deed is a POST, is audited, and ends back at the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.access import EVERYBODY, required_roles
from bot.console.case import audit, line_of, show_page, visible_case
from bot.console.forms.case import AssignForm, CloseForm, NoteForm, ReplyForm
from bot.console.identity import here
from bot.console.services import ConsoleServices, StaffText
from bot.console.texts import N_, translate
from bot.console.words import DELIVERY
from bot.console.writing import filled_in, remember
from bot.model.delivery import DeliveryState
from bot.model.errors import Taken
from bot.school import case_work
from bot.school.cases import Promise
from bot.school.review_labels import note_false_alarm
from bot.storage.case_list import lock_case
from bot.storage.cases import Case
from bot.storage.staff import list_colleagues

Deed = Callable[[Session, Case, datetime], str]
"""Does something to a case and gives the message for the reader."""


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the deeds."""
    for name, view in (("reply", _reply), ("note", _note), ("assign", _assign), ("close", _close)):
        _mount(blueprint, services, name, view)
    for name, deed in _plain_deeds(services).items():
        _mount(blueprint, services, name, _pressing(name, deed))


def _mount(
    blueprint: Blueprint, services: ConsoleServices, name: str, view: Callable[[ConsoleServices, int], ResponseReturnValue]
) -> None:  # fmt: skip
    @blueprint.post(f"/cases/<key:case_id>/{name.replace('_', '-')}", endpoint=f"{name}_case")
    @required_roles(*EVERYBODY)
    def act(case_id: int) -> ResponseReturnValue:
        return view(services, case_id)


def _back(
    case_id: int, message: str, tone: str = "success", anchor: str | None = None
) -> ResponseReturnValue:
    flash(message, tone)
    return redirect(url_for("console.show_case", case_id=case_id, _anchor=anchor))


def _reply(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
    form = filled_in(ReplyForm, services)
    if not form.validate_on_submit():
        return show_page(services, case_id, reply=form, status=422)
    with services.database.write() as session:
        case = visible_case(session, case_id)
        message, tone = _text_family(session, services, case, _written(form, case))
        audit(session, services, "replied", case)
    return _back(case_id, message, tone, "latest")


def _text_family(session: Session, services: ConsoleServices, case: Case, text: StaffText) -> tuple[str, str]:
    """Queue what was written; what to tell the writer about it, and in which tone."""
    line = line_of(session, case)
    if line is None:
        return translate("This case came without a telephone number, so nothing was sent."), "danger"
    person = here()
    lock_case(session, case.id)
    delivery = services.line.send(session, line, text)
    if delivery is None:
        return translate("This text was on its way already; it was not sent twice."), "info"
    state, said, now = DeliveryState(delivery.state), (text.text, delivery.id), services.clock.now()
    if state is DeliveryState.SUPPRESSED:
        case_work.record_barred_reply(session, case, person.username, said, now)
        return translate(DELIVERY[state].words), "danger"
    case_work.record_reply(session, case, person.username, said, now)
    if state is DeliveryState.QUEUED:
        return translate("Your reply is on its way."), "success"
    return translate(DELIVERY[state].words), "success"


def _written(form: ReplyForm | CloseForm, case: Case) -> StaffText:
    return StaffText(case.id, form.text.data or "", remember(form), once=form.once.data or "")


def _note(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        return show_page(services, case_id, note=form, status=422)
    with services.database.write() as session:
        case = visible_case(session, case_id)
        case_work.add_note(session, case, here().username, form.text.data or "", services.clock.now())
        audit(session, services, "noted", case)
    return _back(case_id, translate("Your note is kept. Only staff can see it."), anchor="latest")


def _assign(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
    form = AssignForm()
    with services.database.write() as session:
        case = visible_case(session, case_id)
        people = {
            person.id: f"{person.given_name} {person.family_name}" for person in list_colleagues(session)
        }
        form.offer(list(people.items()))
        if not form.validate_on_submit():
            return _back(case_id, translate("Please choose somebody from the list."), "danger")
        if form.owner.data != case.owner_id:
            if form.seen.data != case.owner_id:
                raise Taken(f"case {case.reference} was assigned to somebody else in the meantime")
            case_work.assign(session, case, form.owner.data, here().username, services.clock.now())
            audit(session, services, "assigned", case)
    told = translate("%(name)s looks after this case now.", name=people[form.owner.data])
    if (
        not here().viewer.sees_all and form.owner.data != here().staff_id
    ):  # it is out of this person's sight now
        flash(told, "success")
        return redirect(url_for("console.list_cases"))
    return _back(case_id, told)


def _close(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
    form = filled_in(CloseForm, services)
    if not form.validate_on_submit():
        return show_page(services, case_id, closing=form, status=422)
    with services.database.write() as session:
        lock_case(session, case_id)  # before it is read: two who close it come one after the other
        case = visible_case(session, case_id)
        reference, late = case.reference, _came_too_late(session, services, case, form)
        if not late:
            if form.text.data:
                flash(*_text_family(session, services, case, _written(form, case)))
            case_work.close(session, case, here().username, services.clock.now())
            audit(session, services, "closed", case)
    if late:
        return _closed_meanwhile(services, case_id)
    flash(translate("Case %(reference)s is closed.", reference=reference), "success")
    return redirect(url_for("console.list_cases"))


def _came_too_late(session: Session, services: ConsoleServices, case: Case, form: CloseForm) -> bool:
    """Whether somebody else closed the case while this last text was written. Not the second press of a button."""
    line = line_of(session, case)
    if case.status != "closed" or not form.text.data or line is None:
        return False
    return not services.line.knows(session, line, _written(form, case))


def _closed_meanwhile(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
    """The case as it stands now, with the text that was not sent in the box for an answer."""
    flash(N_("This case was closed meanwhile, and your text was not sent. "
             "It stands under “Answer” below: send it from there if the family is still to get it."), "danger")  # fmt: skip
    return show_page(services, case_id, reply=filled_in(ReplyForm, services), status=409)


def _pressing(name: str, deed: Deed) -> Callable[[ConsoleServices, int], ResponseReturnValue]:
    def press(services: ConsoleServices, case_id: int) -> ResponseReturnValue:
        with services.database.write() as session:
            case = visible_case(session, case_id)
            message = deed(session, case, services.clock.now())
            audit(session, services, name, case)
        return _back(case_id, translate(message))

    return press


def _plain_deeds(services: ConsoleServices) -> dict[str, Deed]:
    promise = Promise(services.policy, services.zone)

    def reopen(session: Session, case: Case, now: datetime) -> str:
        case_work.reopen(session, case, promise, here().username, now)
        return N_("The case is open again.")

    def take_over(session: Session, case: Case, now: datetime) -> str:
        case_work.take_line(session, case, here().username, now)
        return N_("You speak on this line now; the bot keeps silent.")

    def hand_back(session: Session, case: Case, now: datetime) -> str:
        case_work.return_to_bot(session, case, here().username, now)
        return N_("The bot answers on this line again.")

    def acknowledge(session: Session, case: Case, now: datetime) -> str:
        first = case_work.acknowledge(session, case, here().username, now)
        return N_("Thank you. Your colleagues see that you are dealing with it.") if first else N_(
            "A colleague saw the alarm before you. The names are in the thread."
        )  # fmt: skip

    def false_alarm(session: Session, case: Case, now: datetime) -> str:
        if not note_false_alarm(session, case, here().username, now):
            return N_("This was said before; nothing has changed.")
        return N_("Noted: nobody is in danger. The bot can learn from it; see the room Review.")

    return {
        "reopen": reopen, "take_over": take_over, "hand_back": hand_back, "acknowledge": acknowledge,
        "false_alarm": false_alarm,
    }  # fmt: skip
