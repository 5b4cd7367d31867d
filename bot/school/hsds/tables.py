"""Which column of which HSDS 3.0 table becomes which field (tabular data package, specification branch 3.0).

Columns of HSDS 3.1 are ignored. Phones of contacts are left alone: they may be personal.
"""

from __future__ import annotations

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
    Term,
)
from bot.school.tabular.cells import Cell, clock, day, language, number, text
from bot.school.tabular.markup import strip_markup
from bot.school.tabular.table import Column, Table


def plain(cell: Cell) -> str | None:
    """Text without markup."""
    return strip_markup(cell.value) or None


_ID = Column("id", text, required=True)
_SERVICE = Column("service_id", text)
_LOCATION = Column("location_id", text)
_SITE = Column("service_at_location_id", text)

SERVICES = Table(
    "services.csv",
    Service,
    {
        "id": _ID,
        "organization": Column("organization_id", text),
        "name": Column("name", plain, required=True),
        "description": Column("description", plain, otherwise=""),
        "url": Column("url", text),
        "status": Column("status", text, otherwise=""),
        "interpretation": Column("interpretation_services", plain),
        "application": Column("application_process", plain),
        "fees": Column("fees_description", plain),
        "eligibility": Column("eligibility_description", plain),
        "minimum_age": Column("minimum_age", number),
        "maximum_age": Column("maximum_age", number),
        "assured_on": Column("assured_date", day),
    },
    (
        "program_id", "alternate_name", "email", "wait_time", "fees", "accreditations", "assurer_email",
        "licenses", "alert", "last_modified",
    ),
    key="id",
)  # fmt: skip
ORGANIZATIONS = Table(
    "organizations.csv",
    Organization,
    {"id": _ID, "name": Column("name", plain, required=True)},
    (
        "alternate_name", "description", "email", "website", "tax_status", "tax_id", "year_incorporated",
        "legal_status", "logo", "uri", "parent_organization_id",
    ),
    key="id",
)  # fmt: skip
SITES = Table(
    "service_at_location.csv",
    Site,
    {
        "id": _ID,
        "service": Column("service_id", text, required=True),
        "location": Column("location_id", text, required=True),
    },
    ("description",),
    key="id",
)
LOCATIONS = Table(
    "locations.csv",
    Location,
    {
        "id": _ID,
        "type": Column("location_type", text, otherwise="physical"),
        "transportation": Column("transportation", plain),
        "latitude": Column("latitude", number),
        "longitude": Column("longitude", number),
    },
    (
        "url", "organization_id", "name", "alternate_name", "description", "external_identifier",
        "external_identifier_type",
    ),
    key="id",
)  # fmt: skip
ADDRESSES = Table(
    "addresses.csv",
    Address,
    {
        "id": _ID,
        "location": _LOCATION,
        "street": Column("address_1", text),
        "street_2": Column("address_2", text),
        "city": Column("city", text),
        "state": Column("state_province", text),
        "postal_code": Column("postal_code", text),
        "type": Column("address_type", text, otherwise="physical"),
    },
    ("attention", "region", "country"),
    key="id",
)
PHONES = Table(
    "phones.csv",
    Phone,
    {
        "id": _ID,
        "service": _SERVICE,
        "site": _SITE,
        "location": _LOCATION,
        "organization": Column("organization_id", text),
        "contact": Column("contact_id", text),
        "number": Column("number", text, required=True),
        "extension": Column("extension", text),
        "type": Column("type", text, otherwise="voice"),
    },
    ("description",),
    key="id",
)
LANGUAGES = Table(
    "languages.csv",
    Spoken,
    {
        "id": _ID,
        "service": _SERVICE,
        "location": _LOCATION,
        "phone": Column("phone_id", text),
        "name": Column("name", text),
        "code": Column("code", language),
    },
    ("note",),
    key="id",
)
COSTS = Table(
    "cost_options.csv",
    Cost,
    {
        "id": _ID,
        "service": Column("service_id", text, required=True),
        "valid_to": Column("valid_to", day),
        "amount": Column("amount", number),
    },
    ("valid_from", "option", "currency", "amount_description"),
    key="id",
)
DOCUMENTS = Table(
    "required_documents.csv",
    Document,
    {"id": _ID, "service": _SERVICE, "document": Column("document", plain, required=True)},
    ("uri",),
    key="id",
)
TERMS = Table(
    "taxonomy_terms.csv",
    Term,
    {"id": _ID, "code": Column("code", text, required=True)},
    ("name", "description", "parent_id", "taxonomy", "language", "taxonomy_id", "term_uri"),
    key="id",
)
ATTRIBUTES = Table(
    "attributes.csv",
    Attribute,
    {
        "id": _ID,
        "link": Column("link_id", text, required=True),
        "term": Column("taxonomy_term_id", text, required=True),
        "link_type": Column("link_type", text),
        "entity": Column("link_entity", text, otherwise="service"),
    },
    ("value", "label"),
    key="id",
)
SCHEDULES = Table(
    "schedules.csv",
    Schedule,
    {
        "id": _ID,
        "service": _SERVICE,
        "site": _SITE,
        "location": _LOCATION,
        "valid_from": Column("valid_from", day),
        "valid_to": Column("valid_to", day),
        "until": Column("until", day),
        "freq": Column("freq", text),
        "interval": Column("interval", number),
        "byday": Column("byday", text),
        "other": Column("byweekno", text),
        "opens_at": Column("opens_at", clock),
        "closes_at": Column("closes_at", clock),
    },
    (
        "dtstart", "timezone", "count", "wkst", "bymonthday", "byyearday", "description", "schedule_link",
        "attending_type", "notes",
    ),
    key="id",
)  # fmt: skip
