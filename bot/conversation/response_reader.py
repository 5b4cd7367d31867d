"""Reads the `responses:` of a flow file."""

from __future__ import annotations

import re

from bot.conversation.definitions import Slot
from bot.conversation.entries import Entry, value_fits
from bot.conversation.faults import unknown
from bot.conversation.flow_file import LinedMap
from bot.conversation.wording_checks import malformed_braces
from bot.model.dialogue import Response, SlotValue

MOST_BUTTONS = 9
"""Choices are answered by one digit."""

_PAYLOAD = re.compile(r"/SetSlots\((?P<slot>\w+)=(?P<value>[^()]*)\)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def read_response(name: str, written: object, entry: Entry, slots: dict[str, Slot]) -> Response:
    """The response under `name`: its one text, and its buttons."""
    if not name.startswith("utter_"):
        entry.fault("the name of a response must begin with `utter_`", name)
    if not isinstance(written, list) or len(written) != 1 or not isinstance(written[0], LinedMap):
        entry.fault("a response is a list of exactly one `text`", name)
        return Response(name, "", file=entry.place.file)
    variant = entry.inside(written[0])
    variant.allow(("text", "buttons", "comment", "metadata"), "a response")
    text = variant.text("text")
    if not text:
        variant.fault("a response needs a `text`", "text")
    if malformed_braces(text):
        variant.fault("a variable in a response is a plain name in braces: `{child}`", "text")
    buttons = _read_buttons(name, variant, slots)
    return Response(name, text, buttons, entry.place.file, variant.text("comment"))


def _read_buttons(response: str, entry: Entry, slots: dict[str, Slot]) -> tuple[tuple[str, SlotValue], ...]:
    buttons = entry.parts("buttons", "title/payload")
    if len(buttons) > MOST_BUTTONS:
        entry.fault(f"{len(buttons)} buttons: at most {MOST_BUTTONS} can be answered by one digit", "buttons")
    return tuple(_read_button(response, button, slots) for button in buttons)


def _read_button(response: str, button: Entry, slots: dict[str, Slot]) -> tuple[str, SlotValue]:
    button.allow(("title", "payload"), "a button")
    title, payload = button.text("title"), button.text("payload")
    if not title or "{" in title:
        button.fault("a button needs a `title` without variables", "title")
    found = _PAYLOAD.fullmatch(payload)
    if found is None:
        button.fault(f"the payload `{payload}` is not of the form /SetSlots(slot=value)", "payload")
        return title, None
    slot = slots.get(found["slot"])
    if slot is None:
        button.fault(unknown("slot", found["slot"], slots), "payload")
        return title, None
    if response != f"utter_ask_{slot.name}":
        button.fault(f"a button of `{response}` cannot fill the slot `{slot.name}`", "payload")
    value = _payload_value(found["value"].strip(), slot)
    if value is None or not value_fits(value, slot.type, slot.values):
        button.fault(f"the slot `{slot.name}` ({slot.type}) cannot hold {found['value']!r}", "payload")
    return title, value


def _payload_value(written: str, slot: Slot) -> SlotValue:
    text = written.strip("\"'")
    if slot.type == "bool":
        return {"true": True, "false": False}.get(text.lower())
    if slot.type in ("int", "float") or (
        slot.type == "categorical" and not value_fits(text, slot.type, slot.values)
    ):
        return (float(text) if "." in text else int(text)) if _NUMBER.fullmatch(text) else text
    return text
