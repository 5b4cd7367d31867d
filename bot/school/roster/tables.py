"""Which column of which file becomes which field: OneRoster 1.1 and 1.2, and the companion feed.

Column lists: 1EdTech OneRoster CSV Binding 1.2.1 (2023) and CSV Tables 1.1.1; 1.1 and 1.2 differ only in
columns that may be absent, so one table serves both.
"""

from __future__ import annotations

from bot.school.roster.records import (
    GUARDIAN_ROLES,
    STAFF_ROLES,
    BirthRow,
    CheckedRow,
    ClassRow,
    ContactRow,
    EnrollmentRow,
    OrgRow,
    RoleRow,
    UserRow,
)
from bot.school.tabular.cells import (
    day,
    flag,
    forbidding,
    grade,
    identifier,
    language,
    listed,
    number,
    phone,
    text,
    word,
    zone,
)
from bot.school.tabular.table import Column, Table

_ID = Column("sourcedId", identifier, required=True)
_STATUS = Column("status", word("active", "tobedeleted", "inactive"))
_STAMP = ("dateLastModified",)
_ROLE = word("student", *GUARDIAN_ROLES, *STAFF_ROLES, extensible=True)
_ORG_TYPE = word("department", "school", "district", "local", "state", "national", extensible=True)
_CLASS_TYPE = word("homeroom", "scheduled", extensible=True)
_PLACE = word("administrator", "proctor", "student", "teacher", extensible=True)

ORGS = Table(
    "orgs.csv",
    OrgRow,
    {
        "source_id": _ID,
        "status": _STATUS,
        "name": Column("name", text, required=True),
        "type": Column("type", _ORG_TYPE),
        "parent": Column("parentSourcedId", identifier),
    },
    (*_STAMP, "identifier"),
)

# Of several names the legal one is used with guardians: a preferred name may be one the child
# does not use at home. Passwords and identifiers are known columns, and never read.
USERS = Table(
    "users.csv",
    UserRow,
    {
        "source_id": _ID,
        "status": _STATUS,
        "enabled": Column("enabledUser", flag, otherwise=True),
        "role": Column("role", _ROLE),
        "orgs": Column("orgSourcedIds", listed, otherwise=()),
        "primary_org": Column("primaryOrgSourcedId", identifier),
        "given_name": Column("givenName", text, otherwise=""),
        "family_name": Column("familyName", text, otherwise=""),
        "email": Column("email", text),
        "sms": Column("sms", phone),
        "phone": Column("phone", phone),
        "agents": Column("agentSourcedIds", listed, otherwise=()),
        "grade": Column("grades", grade),
        "language": Column("metadata.homeLanguage", language),
        "zone": Column("metadata.timeZone", zone),
    },
    (
        *_STAMP, "username", "userIds", "middleName", "identifier", "password", "userMasterIdentifier",
        "resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "pronouns",
    ),
)  # fmt: skip

ROLES = Table(
    "roles.csv",
    RoleRow,
    {
        "source_id": _ID,
        "status": _STATUS,
        "user": Column("userSourcedId", identifier, required=True),
        "kind": Column("roleType", word("primary", "secondary")),
        "role": Column("role", _ROLE),
        "org": Column("orgSourcedId", identifier),
        "ends_on": Column("endDate", day),
    },
    (*_STAMP, "beginDate", "userProfileSourcedId"),
)

CLASSES = Table(
    "classes.csv",
    ClassRow,
    {
        "source_id": _ID,
        "status": _STATUS,
        "title": Column("title", text, required=True),
        "class_type": Column("classType", _CLASS_TYPE, otherwise="scheduled"),
        "school": Column("schoolSourcedId", identifier, required=True),
    },
    (
        *_STAMP, "grades", "courseSourcedId", "classCode", "location", "termSourcedIds", "subjects",
        "subjectCodes", "periods",
    ),
)  # fmt: skip

ENROLLMENTS = Table(
    "enrollments.csv",
    EnrollmentRow,
    {
        "source_id": _ID,
        "status": _STATUS,
        "klass": Column("classSourcedId", identifier, required=True),
        "school": Column("schoolSourcedId", identifier),
        "user": Column("userSourcedId", identifier, required=True),
        "role": Column("role", _PLACE, required=True),
        "primary": Column("primary", flag, otherwise=False),
        "begins_on": Column("beginDate", day),
        "ends_on": Column("endDate", day),
    },
    _STAMP,
)

DEMOGRAPHICS = Table(
    "demographics.csv",
    BirthRow,
    {"source_id": _ID, "born_on": Column("birthDate", day)},
    (
        *_STAMP, "status", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth",
        "publicSchoolResidenceStatus",
    ),
)  # fmt: skip

CONTACTS = Table(
    "contacts.csv",
    ContactRow,
    {
        "student": Column("studentSourcedId", identifier, required=True),
        "guardian": Column("guardianSourcedId", identifier, required=True),
        "relationship": Column("relationship", text),
        "order": Column("contactOrder", number),
        "lives_with": Column("livesWith", flag),
        "custody": Column("custody", text),
        "may_pick_up": Column("mayPickUp", flag),
        "may_receive_records": Column("mayReceiveRecords", flag, otherwise=False),
        "no_contact": Column("noContact", forbidding),
        "language": Column("language", language),
        "interpreter": Column("interpreterNeeded", flag),
        "channel": Column("channel", word("sms", "whatsapp", "voice", "none")),
        "consent": Column("consent", word("granted", "revoked", "not-asked")),
    },
    key="",
)

# Looked at because the office hears of their faults here first; no feature needs what is in them.
SESSIONS = Table(
    "academicSessions.csv",
    CheckedRow,
    {"source_id": _ID},
    (*_STAMP, "status", "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
)
COURSES = Table(
    "courses.csv",
    CheckedRow,
    {"source_id": _ID},
    (
        *_STAMP, "status", "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects",
        "subjectCodes",
    ),
)  # fmt: skip
