"""The rows of an HSDS 3.0 tabular package, as far as a family bot needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Service:
    """services.csv"""

    line: int
    id: str
    organization: str | None
    name: str
    description: str
    url: str | None
    status: str
    interpretation: str | None
    application: str | None
    fees: str | None
    eligibility: str | None
    minimum_age: float | None
    maximum_age: float | None
    assured_on: date | None


@dataclass(frozen=True, slots=True)
class Organization:
    """organizations.csv"""

    line: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """service_at_location.csv"""

    line: int
    id: str
    service: str
    location: str


@dataclass(frozen=True, slots=True)
class Location:
    """locations.csv"""

    line: int
    id: str
    type: str
    transportation: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Address:
    """addresses.csv"""

    line: int
    id: str
    location: str | None
    street: str | None
    street_2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    type: str


@dataclass(frozen=True, slots=True)
class Phone:
    """phones.csv"""

    line: int
    id: str
    service: str | None
    site: str | None
    location: str | None
    organization: str | None
    contact: str | None
    number: str
    extension: str | None
    type: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """languages.csv"""

    line: int
    id: str
    service: str | None
    location: str | None
    phone: str | None
    name: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Cost:
    """cost_options.csv"""

    line: int
    id: str
    service: str
    valid_to: date | None
    amount: float | None


@dataclass(frozen=True, slots=True)
class Document:
    """required_documents.csv"""

    line: int
    id: str
    service: str | None
    document: str


@dataclass(frozen=True, slots=True)
class Term:
    """taxonomy_terms.csv"""

    line: int
    id: str
    code: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """attributes.csv"""

    line: int
    id: str
    link: str
    term: str
    link_type: str | None
    entity: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """schedules.csv"""

    line: int
    id: str
    service: str | None
    site: str | None
    location: str | None
    valid_from: date | None
    valid_to: date | None
    until: date | None
    freq: str | None
    interval: float | None
    byday: str | None
    other: str | None
    opens_at: time | None
    closes_at: time | None
