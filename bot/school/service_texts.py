"""A community service as a text message can say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import phonenumbers

from bot.model.dialogue import Phrase, Say, Text, Verbatim
from bot.school.opening_times import HoursToday, Today, hours_on
from bot.school.resources import is_fresh, speaks
from bot.storage.resources import Resource

LONGEST = 800
PHRASE_LENGTH = 35
"""Characters of one message with several services, without the question below; a phrase counts as so many."""


def service_say(service: Resource, language: str, today: date) -> Say:
    """One service as one message: its name, number and address, then what is known of hours, language and cost."""
    lines: list[Text] = [Verbatim(service.name)]
    lines += [Verbatim(fact) for fact in (_dialled(service.phone), service.address) if fact]
    lines.append(_hours(hours_on(service.hours, today)))
    lines.append(_language(service, language))
    if service.free is not None:
        lines.append(Phrase("utter_service_free" if service.free else "utter_service_not_free"))
    if not is_fresh(service, today) and service.assured_on is not None:
        lines.append(Phrase("utter_service_last_checked", {"checked_on": service.assured_on}))
    return Say(tuple(lines))


def services_together(services: Sequence[Resource], language: str, today: date) -> tuple[Text, ...] | None:
    """Several services as the lines of one message, a blank line between; None when that would be too long."""
    lines: list[Text] = []
    for service in services:
        name, *rest = service_say(service, language, today).texts
        lines += [Verbatim(f"\n{service.name}") if lines else name, *rest]
    length = sum(len(line.text) if isinstance(line, Verbatim) else PHRASE_LENGTH for line in lines)
    return tuple(lines) if lines and length <= LONGEST else None


def _dialled(number: str | None) -> str | None:
    """A number as people read and dial it ("+1 510-555-0160"); as it stands where it is no full number."""
    try:
        parsed = phonenumbers.parse(number or "")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _hours(hours: HoursToday) -> Phrase:
    if hours.state is Today.OPEN and hours.opens_at is not None and hours.closes_at is not None:
        return Phrase("utter_service_open", {"opens_at": hours.opens_at, "closes_at": hours.closes_at})
    return Phrase(f"utter_service_hours_{hours.state}")


def _language(service: Resource, language: str) -> Phrase:
    if speaks(service, language):
        return Phrase("utter_service_speaks")
    return Phrase("utter_service_interpreter" if service.interpretation else "utter_service_other_language")
