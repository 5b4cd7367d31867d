"""The cast: families of the sample district, as the roster loader would leave them in the database.

Names, numbers and circumstances are those of the sample roster (invented data, CC0 1.0).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.storage.conversations import Conversation, Message, Turn
from bot.storage.people import (
    Contact,
    Enrollment,
    Guardian,
    Guardianship,
    Org,
    SchoolClass,
    StaffMember,
    Student,
)

ANGEL = "+19165550196"  # Ángel Quiñones, Spanish, one child; the other guardian must not be contacted
GUADALUPE_R = "+19255550160"  # that other guardian
HODAN = "+17875550194"  # Hodan Warsame, Somali, one child
DANDRE = "+15105550178"  # D'Andre Reed, English, one child with one teacher
EMMA = "+15105550119"  # Emma Brooks, English, two children
OLIVIA = "+13415550190"  # Olivia Brooks, English, may not receive the records of the same two
SHARED = "+14155550132"  # three guardians of two families on one telephone
LOPEZ = "+13415550140"  # Ángel López Martínez, Spanish, whose child is 18
STRANGER = "+15105550123"  # nobody knows this number

LANGUAGES = {ANGEL: "es", GUADALUPE_R: "es", HODAN: "so", LOPEZ: "es"}

_SCHOOLS = {
    "sch-1": "Alder Creek Elementary",
    "sch-2": "Bayview Middle School",
    "sch-3": "Cesar Chavez High School",
}
_STAFF = (
    ("staff-admin", "Robin", "Okafor", "districtAdministrator", None),
    ("staff-1-pr", "Terry", "Nguyen", "principal", "sch-1"),
    ("staff-1-co", "Casey", "Park", "counselor", "sch-1"),
    ("tch-1-005", "Liam", "Williams", "teacher", "sch-1"),
    ("staff-2-pr", "Ana", "Flores", "principal", "sch-2"),
    ("staff-2-co", "Sam", "Rivera", "counselor", "sch-2"),
    ("tch-2-002", "Emma", "Washington", "teacher", "sch-2"),
    ("tch-2-003", "Ava", "Brooks", "teacher", "sch-2"),
    ("staff-3-pr", "Noor", "Haddad", "principal", "sch-3"),
    ("tch-3-004", "Noah", "Reed", "teacher", "sch-3"),
)
_GUARDIANS = (
    ("grd-00006-1", "Ángel", "Quiñones", ANGEL, "es"),
    ("grd-00006-2", "Guadalupe", "Rodríguez", GUADALUPE_R, "es"),
    ("grd-00025-1", "Hodan", "Warsame", HODAN, "so"),
    ("grd-00002-1", "D'Andre", "Reed", DANDRE, "en"),
    ("grd-00005-1", "Emma", "Brooks", EMMA, "en"),
    ("grd-00005-2", "Olivia", "Brooks", OLIVIA, "en"),
    ("grd-00008-1", "Ava", "Smith-Jones", SHARED, "en"),
    ("grd-00008-2", "Liam", "Washington", SHARED, "en"),
    ("grd-00012-1", "Guadalupe", "Hernández", SHARED, "es"),
    ("grd-00013-1", "Ángel", "López Martínez", LOPEZ, "es"),
)
_STUDENTS = (
    ("stu-000008", "Sofía", "Rodríguez", "sch-2", date(2015, 2, 3), ("grd-00006-1", "grd-00006-2")),
    ("stu-000038", "Ifrah", "Warsame", "sch-2", date(2014, 5, 9), ("grd-00025-1",)),
    ("stu-000002", "Mason", "Smith-Jones", "sch-1", date(2018, 6, 26), ("grd-00002-1",)),
    ("stu-000006", "Ava", "Brooks", "sch-3", date(2011, 4, 1), ("grd-00005-1", "grd-00005-2")),
    ("stu-000007", "Jayden", "Brooks", "sch-3", date(2010, 3, 1), ("grd-00005-1", "grd-00005-2")),
    ("stu-000011", "Mason", "Washington", "sch-1", date(2019, 1, 8), ("grd-00008-1", "grd-00008-2")),
    ("stu-000019", "Lucía", "Hernández", "sch-3", date(2010, 9, 9), ("grd-00012-1",)),
    ("stu-000020", "Ángel", "Hernández", "sch-1", date(2021, 2, 2), ("grd-00012-1",)),
    ("stu-000021", "José", "López Martínez", "sch-3", date(2008, 3, 15), ("grd-00013-1",)),
)
_CLASSES = (
    ("Homeroom 03", "sch-1", "tch-1-005", ("stu-000002", "stu-000011", "stu-000020")),
    ("Math 07", "sch-2", "tch-2-002", ("stu-000008", "stu-000038")),
    ("Science 07", "sch-2", "tch-2-003", ("stu-000008",)),
    ("English 10", "sch-3", "tch-3-004", ("stu-000006", "stu-000007", "stu-000019", "stu-000021")),
)


@dataclass(frozen=True)
class Cast:
    """Everybody by the roster's key."""

    schools: dict[str, Org] = field(default_factory=dict)
    staff: dict[str, StaffMember] = field(default_factory=dict)
    guardians: dict[str, Guardian] = field(default_factory=dict)
    students: dict[str, Student] = field(default_factory=dict)


def populate(session: Session) -> Cast:
    """Write the cast into an empty database."""
    cast = Cast()
    for key, name in {"dist-1": "Río Vista Unified School District", **_SCHOOLS}.items():
        cast.schools[key] = Org(source_id=key, name=name, type="district" if key == "dist-1" else "school")
    session.add_all(cast.schools.values())
    session.flush()
    for key, given, family, role, school in _STAFF:
        school_id = cast.schools[school].id if school else cast.schools["dist-1"].id
        cast.staff[key] = StaffMember(
            source_id=key, given_name=given, family_name=family, role=role, school_id=school_id, active=True
        )
    session.add_all(cast.staff.values())
    session.flush()
    _add_families(session, cast)
    _add_classes(session, cast)
    return cast


def _add_families(session: Session, cast: Cast) -> None:
    for key, given, family, _, language in _GUARDIANS:
        cast.guardians[key] = Guardian(
            source_id=key, given_name=given, family_name=family, language=language, active=True
        )
    for key, given, family, school, born, _ in _STUDENTS:
        cast.students[key] = Student(source_id=key, given_name=given, family_name=family, birth_date=born, active=True,
                                     school_id=cast.schools[school].id)  # fmt: skip
    session.add_all([*cast.guardians.values(), *cast.students.values()])
    session.flush()
    for key, _, _, phone, language in _GUARDIANS:
        guardian_id = cast.guardians[key].id
        session.add(
            Contact(guardian_id=guardian_id, channel="sms", address=phone, language=language, active=True)
        )
    for key, _, _, _, _, guardians in _STUDENTS:
        for order, guardian_key in enumerate(guardians, 1):
            session.add(
                Guardianship(
                    guardian_id=cast.guardians[guardian_key].id,
                    student_id=cast.students[key].id,
                    contact_order=order,
                    no_contact=guardian_key == "grd-00006-2",
                    may_receive_records=guardian_key != "grd-00005-2",
                )
            )


def _add_classes(session: Session, cast: Cast) -> None:
    sections = [
        SchoolClass(source_id=f"cls-{number}", title=title, school_id=cast.schools[school].id)
        for number, (title, school, _, _) in enumerate(_CLASSES, 1)
    ]
    session.add_all(sections)
    session.flush()
    for section, (_, _, teacher, students) in zip(sections, _CLASSES, strict=True):
        session.add(Enrollment(class_id=section.id, staff_id=cast.staff[teacher].id, primary_teacher=True))
        session.add_all(Enrollment(class_id=section.id, student_id=cast.students[key].id) for key in students)
    session.flush()


def converse(session: Session, phone: str, now: datetime, *, language: str | None = None) -> Conversation:
    """A conversation on a line, its speaker settled as the inbox would."""
    contacts = session.query(Contact).filter_by(channel="sms", address=phone).all()
    conversation = Conversation(
        channel="sms",
        address=phone,
        our_address="+15105550100",
        language=language or LANGUAGES.get(phone, "en"),
        contact_id=contacts[0].id if len(contacts) == 1 else None,
        state={},
        with_staff=False,
        last_inbound_at=now,
        created_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation


def say(
    session: Session, conversation: Conversation, text: str, now: datetime, *, opt_out: str | None = None
) -> Turn:
    """A message on a conversation, and its turn."""
    number = session.query(Message).count() + 1
    message = Message(channel=conversation.channel, provider_id=f"SM{number:032d}", sender=conversation.address,
                      recipient=conversation.our_address, body=text, media=[], received_at=now,
                      conversation_id=conversation.id, opt_out_type=opt_out)  # fmt: skip
    session.add(message)
    session.flush()
    turn = Turn(message_id=message.id, line=f"sms:{conversation.address}", status="claimed", created_at=now)
    session.add(turn)
    session.flush()
    return turn
