"""Community services for a family's need: found by category, place, language and cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, hypot, radians

from sqlalchemy.orm import Session

from bot.storage.resources import Resource, find_center, list_active, list_by_ids

FRESH = timedelta(days=365)
"""An entry nobody has checked for longer is offered last, with the day it was checked."""

AT_A_TIME = 3
_KM_PER_DEGREE = 111.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a family looks for. `language` is a tag; with `only_language` others are left out.

    `postal_code` puts near ones first. `named` are keys of services asked for by name: they come before all others.
    """

    categories: tuple[str, ...]
    language: str = "en"
    only_language: bool = False
    only_free: bool = False
    postal_code: str | None = None
    named: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Three services at most, and whether there are more."""

    services: Sequence[Resource]
    more: bool


def search(session: Session, wanted: Wanted, seen: Collection[int], today: date) -> Found:
    """The next services that fit and were not shown yet.

    Those asked for by name first, then checked within a year, then by category in the order given, then those that speak the family's
    language, then near ones, then free ones.
    Only services offered now are in the list at all. What was searched is not written down anywhere.
    """
    center = find_center(session, wanted.postal_code) if wanted.postal_code else None
    listed = {service.id: service for service in list_by_ids(session, wanted.named)} if wanted.named else {}
    listed |= {service.id: service for service in list_active(session, wanted.categories)}
    fitting = [service for service in listed.values() if service.id not in seen and _fits(service, wanted)]
    fitting.sort(key=lambda service: _rank(service, wanted, center, today))
    return Found(fitting[:AT_A_TIME], len(fitting) > AT_A_TIME)


def is_fresh(service: Resource, today: date) -> bool:
    """Whether somebody has checked the entry within a year."""
    return service.assured_on is not None and today - service.assured_on <= FRESH


def speaks(service: Resource, language: str) -> bool:
    """Whether the service says that it serves people in this language."""
    spoken = {tag.strip().casefold() for tag in service.languages.split(",")}
    return language.casefold() in spoken or language.split("-")[0].casefold() in spoken


def _fits(service: Resource, wanted: Wanted) -> bool:
    if wanted.only_free and service.free is not True:
        return False
    return not wanted.only_language or speaks(service, wanted.language) or bool(service.interpretation)


def _rank(
    service: Resource, wanted: Wanted, center: tuple[float, float] | None, today: date
) -> tuple[float, ...]:
    language = 0 if speaks(service, wanted.language) else 1 if service.interpretation else 2
    kinds = wanted.categories
    return (
        service.id not in wanted.named,
        not is_fresh(service, today),
        kinds.index(service.category) if service.category in kinds else len(kinds),
        language,
        _distance(service, wanted.postal_code, center),
        service.free is not True,
        service.id,
    )


def _distance(service: Resource, postal_code: str | None, center: tuple[float, float] | None) -> float:
    """Kilometres from the middle of the postal code, rounded so that it does not outweigh the cost."""
    if postal_code is None:
        return 0
    if service.postal_code == postal_code:
        return 0
    if center is None or service.latitude is None or service.longitude is None:
        return 1000
    north = (service.latitude - center[0]) * _KM_PER_DEGREE
    east = (service.longitude - center[1]) * _KM_PER_DEGREE * cos(radians(center[0]))
    return max(1, round(hypot(north, east)))
