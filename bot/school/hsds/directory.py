"""The tables of a directory joined: everything that belongs to one service, most specific first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.model.errors import BadInput
from bot.school.hsds import tables
from bot.school.hsds.records import (
    Address,
    Attribute,
    Cost,
    Document,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    Site,
    Spoken,
)
from bot.school.tabular.problems import Findings
from bot.school.tabular.table import T, Table, read_table

R = TypeVar("R")
_LINKS = ("site", "service", "location", "organization", "phone")


@dataclass(frozen=True, slots=True)
class Entry:
    """One service with all that belongs to it."""

    service: Service
    organization: Organization | None
    location: Location | None
    address: Address | None
    phones: tuple[Phone, ...]
    languages: tuple[Spoken, ...]
    costs: tuple[Cost, ...]
    documents: tuple[Document, ...]
    schedules: tuple[Schedule, ...]
    categories: tuple[str, ...]


class Directory:
    """A directory read from its folder (or from `csv/` in it). BadInput without services, or when a file breaks off."""

    def __init__(self, folder: Path, findings: Findings) -> None:
        self._folder = folder / "csv" if (folder / "csv").is_dir() else folder
        self._findings = findings
        self.services = self._read(tables.SERVICES)
        if not self.services:
            raise BadInput(
                f"{self._folder / 'services.csv'}: no services in it. A directory needs them.{findings.told()}"
            )
        self._organizations = {row.id: row for row in self._read(tables.ORGANIZATIONS)}
        self._sites = _by(self._read(tables.SITES), "service")
        self._locations = {row.id: row for row in self._read(tables.LOCATIONS)}
        self._addresses = _by(self._read(tables.ADDRESSES), "location")
        self._phones = [row for row in self._read(tables.PHONES) if not row.contact]
        self._spoken = self._read(tables.LANGUAGES)
        self._costs = _by(self._read(tables.COSTS), "service")
        self._documents = _by(self._read(tables.DOCUMENTS), "service")
        self._schedules = self._read(tables.SCHEDULES)
        self._codes = {row.id: row.code for row in self._read(tables.TERMS)}
        self._attributes = _by(self._attributes_of_services(), "link")

    def _read(self, table: Table[T]) -> tuple[T, ...]:
        read = read_table(table, self._folder, self._findings)
        if not read.whole:
            raise BadInput(f"{table.file} breaks off. Nothing was changed.{self._findings.told()}")
        return read.rows

    def entries(self) -> Iterable[Entry]:
        """Every service, joined."""
        by_place = {kind: _by(self._phones, kind) for kind in ("site", "service", "location", "organization")}
        spoken = {kind: _by(self._spoken, kind) for kind in ("service", "location", "phone")}
        schedules = {kind: _by(self._schedules, kind) for kind in ("site", "service", "location")}
        for service in self.services:
            sites = self._sites[service.id]
            location = self._location(sites)
            keys = {
                "site": [site.id for site in sites],
                "service": [service.id],
                "location": [location.id] if location else [],
                "organization": [service.organization] if service.organization else [],
            }
            phones = tuple(_collect(by_place, keys))
            keys["phone"] = [phone.id for phone in phones]
            yield Entry(
                service=service,
                organization=self._organization(service),
                location=location,
                address=self._address(location),
                phones=phones,
                languages=tuple(_collect(spoken, keys)),
                costs=tuple(self._costs[service.id]),
                documents=tuple(self._documents[service.id]),
                schedules=_most_specific(schedules, keys),
                categories=self._categories(service),
            )

    def _organization(self, service: Service) -> Organization | None:
        found = self._organizations.get(service.organization or "")
        if found is None:
            missing = service.organization or ""
            self._findings.add("organization", "services.csv", service.line, "organization_id", missing)
        return found

    def _location(self, sites: list[Site]) -> Location | None:
        """The first physical place. A service without one keeps its address to itself."""
        for site in sites:
            location = self._locations.get(site.location)
            if location is None:
                file = tables.SITES.file
                self._findings.add("link-dangling", file, site.line, "location_id", site.location)
            elif location.type == "physical":
                return location
        return None

    def _address(self, location: Location | None) -> Address | None:
        rows = self._addresses[location.id] if location else []
        return next((row for row in rows if row.type == "physical"), None)

    def _attributes_of_services(self) -> list[Attribute]:
        """Attributes hang on any table; only those that link a service with a known term say its category."""
        known = {service.id for service in self.services}
        found = []
        for row in self._read(tables.ATTRIBUTES):
            if row.entity not in {"service", "services"}:
                continue
            if row.link in known and row.term in self._codes:
                found.append(row)
            else:
                column, value = ("taxonomy_term_id", row.term) if row.link in known else ("link_id", row.link)
                self._findings.add("link-dangling", "attributes.csv", row.line, column, value)
        return found

    def _categories(self, service: Service) -> tuple[str, ...]:
        """Category codes, those marked as such first; eligibility and target groups arrive the same way."""
        rows = self._attributes[service.id]
        marked = [row for row in rows if row.link_type == "service_category"]
        return tuple(self._codes[row.term] for row in marked or rows)


def _by(rows: Iterable[R], field: str) -> dict[str, list[R]]:
    found: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        key: Hashable = getattr(row, field)
        if isinstance(key, str):
            found[key].append(row)
    return found


def _collect(places: dict[str, dict[str, list[Any]]], keys: dict[str, list[str]]) -> list[Any]:
    """All rows that hang on any of the places, each once, the most specific place first."""
    found: dict[str, Any] = {}
    for kind in _LINKS:
        for key in keys.get(kind, ()) if kind in places else ():
            found.update({row.id: row for row in places[kind].get(key, ()) if row.id not in found})
    return list(found.values())


def _most_specific(
    places: dict[str, dict[str, list[Schedule]]], keys: dict[str, list[str]]
) -> tuple[Schedule, ...]:
    for kind in _LINKS:
        rows = [row for key in keys.get(kind, ()) if kind in places for row in places[kind].get(key, ())]
        if rows:
            return tuple(rows)
    return ()
