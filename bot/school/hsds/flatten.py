"""One joined entry → the values of a Resource and of its opening hours: what a text can say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.school.hsds.directory import Entry
from bot.school.hsds.records import Address, Phone, Schedule
from bot.school.tabular.languages import find_tag
from bot.school.tabular.phones import read_phone
from bot.school.tabular.problems import Findings

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
_VOICE = ("voice", "", "hotline", "cell")


def flatten(entry: Entry, today: date, findings: Findings, region: str) -> dict[str, Any]:
    """The columns of the resource, without its hours."""
    service, place, address = entry.service, entry.location, entry.address
    latitude, longitude = _position(entry, findings)
    return {
        "source_id": service.id,
        "organization": entry.organization.name if entry.organization else service.name,
        "name": service.name,
        "description": service.description,
        "category": _category(entry, findings),
        "status": _status(entry, findings),
        "phone": _phone(entry, findings, region),
        "url": service.url,
        "address": _street(address),
        "city": address.city if address else None,
        "postal_code": address.postal_code if address else None,
        "latitude": latitude,
        "longitude": longitude,
        "transportation": place.transportation if place else None,
        "languages": ",".join(_languages(entry)),
        "interpretation": service.interpretation,
        "free": _free(entry, today),
        "fees": service.fees,
        "eligibility": service.eligibility,
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "application": service.application,
        "documents": "; ".join(row.document for row in entry.documents) or None,
        "assured_on": service.assured_on,
    }


def opening_hours(entry: Entry, findings: Findings) -> list[dict[str, Any]]:
    """The hours that can be understood; none means unknown, never closed."""
    return list(_hours(entry, findings))


def _hours(entry: Entry, findings: Findings) -> Iterator[dict[str, Any]]:
    for row in entry.schedules:
        freq = (row.freq or "").upper()
        if freq not in {"WEEKLY", "MONTHLY"} or (row.interval or 1) != 1 or row.other:
            findings.add("schedule", "schedules.csv", row.line, "freq", freq)
            continue
        yield {
            "freq": freq,
            "byday": row.byday.upper().replace(" ", "") if row.byday else None,
            "opens_at": row.opens_at,
            "closes_at": row.closes_at,
            "valid_from": row.valid_from,
            "valid_to": _ends_on(row),
        }


def _street(address: Address | None) -> str | None:
    parts = (address.street, address.street_2) if address else ()
    return ", ".join(part for part in parts if part) or None


def _ends_on(row: Schedule) -> date | None:
    return min((day for day in (row.valid_to, row.until) if day), default=None)


def _status(entry: Entry, findings: Findings) -> str:
    """Lower case; a word that is not known counts as inactive, so that nobody is sent there."""
    status = entry.service.status.casefold()
    if status in STATUSES:
        return status
    findings.add("status", "services.csv", entry.service.line, "status", entry.service.status)
    return "inactive"


def _category(entry: Entry, findings: Findings) -> str:
    if entry.categories:
        return entry.categories[0]
    findings.add("category", "attributes.csv", None, "link_id", entry.service.id)
    return "other"


def _position(entry: Entry, findings: Findings) -> tuple[float | None, float | None]:
    place = entry.location
    if place is None or place.latitude is None or place.longitude is None:
        return None, None
    if abs(place.latitude) > 90 or abs(place.longitude) > 180:
        both = f"{place.latitude} {place.longitude}"
        findings.add("position", "locations.csv", place.line, "latitude", both)
        return None, None
    return place.latitude, place.longitude


def _phone(entry: Entry, findings: Findings, region: str) -> str | None:
    """One number to call, E.164 where it is a full number; short codes (211, 988) stay as they are."""
    ranked = sorted(entry.phones, key=lambda row: row.type.casefold() not in _VOICE)
    found = next((row for row in ranked if row.type.casefold() not in {"fax", "tty", "pager"}), None)
    return _dialled(found, findings, region) if found else None


def _dialled(row: Phone, findings: Findings, region: str) -> str | None:
    text = row.number.strip(" \"'“”")
    if text.isdecimal() and 3 <= len(text) <= 6:
        return text
    number, rule = read_phone(text, region)
    if number is None:
        findings.add(rule or "phone", "phones.csv", row.line, "number", row.number)
        return None
    return f"{number} ext. {row.extension}" if row.extension else number


def _languages(entry: Entry) -> list[str]:
    """Tags, each once; a row that gives only the language's name is looked up by it."""
    tags = [row.code or find_tag(row.name or "")[0] for row in entry.languages]
    return list(dict.fromkeys(tag for tag in tags if tag))


def _free(entry: Entry, today: date) -> bool | None:
    """True when everything asked today is 0, False when something is more, None when nobody says."""
    current = [row.amount for row in entry.costs if row.valid_to is None or row.valid_to >= today]
    amounts = [amount for amount in current if amount is not None]
    return all(amount == 0 for amount in amounts) if amounts else None
