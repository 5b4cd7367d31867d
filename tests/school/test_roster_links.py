"""Who is guardian of whom, what they may know, and what they agreed to."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.school.consent import Will, is_stopped, stop
from bot.school.roster.loading import RosterReport, load_roster
from bot.storage.consents import ConsentEvent
from bot.storage.people import Contact, Guardian, Guardianship, StaffMember
from bot.storage.session import Database
from tests.school.small_roster import NOW, SmallRoster

ANA, LUIS = "+15105550101", "+15105550102"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def roster(tmp_path: Path) -> SmallRoster:
    return SmallRoster(tmp_path / "roster")


def load(database: Database, folder: Path, days: int = 0) -> RosterReport:
    with database.write() as session:
        return load_roster(session, folder, NOW + timedelta(days=days))


def rules(report: RosterReport) -> set[str]:
    return {problem.rule for problem in report.problems}


def links(database: Database) -> dict[str, Guardianship]:
    with database.read() as session:
        found = {link.guardian.source_id: link for link in session.scalars(select(Guardianship))}
        session.expunge_all()
        return found


def verdicts(database: Database, address: str) -> list[str]:
    with database.read() as session:
        query = select(ConsentEvent.verdict).where(ConsentEvent.address == address).order_by(ConsentEvent.id)
        return list(session.scalars(query))


def test_the_students_may_stand_on_the_guardians_row_instead(database: Database, roster: SmallRoster) -> None:
    roster.put("users", "stu-1", agentSourcedIds="gua-1")
    roster.put("users", "gua-2", agentSourcedIds="stu-1")
    assert load(database, roster.write()).errors == ()
    assert set(links(database)) == {"gua-1", "gua-2"}


def test_links_to_oneself_to_strangers_and_to_staff_are_left_out_and_reported(
    database: Database, roster: SmallRoster
) -> None:
    roster.put("users", "stu-1", agentSourcedIds="stu-1,gua-1,gua-2,nobody,tch")
    report = load(database, roster.write())
    assert {"guardian-self", "reference-guardian", "guardian-role"} <= rules(report)
    assert set(links(database)) == {"gua-1", "gua-2"}


def test_a_teacher_with_a_parents_role_is_both(database: Database, roster: SmallRoster) -> None:
    roster.put("users", "stu-1", agentSourcedIds="gua-1,gua-2,tch")
    roster.put("users", "tch", sms="+15105550103")
    roster.put(
        "roles", "role-2", userSourcedId="tch", roleType="secondary", role="parent", orgSourcedId="sch"
    )
    roster.know("stu-1", "tch", language="vi")
    load(database, roster.write())
    with database.read() as session:
        both = session.scalars(select(Guardian).where(Guardian.source_id == "tch")).one()
        assert (both.given_name, both.language) == ("Minh", "vi")
        assert session.scalars(select(StaffMember)).one().role == "teacher"


def test_who_has_no_role_is_taken_for_the_guardian_they_are_listed_as(
    database: Database, roster: SmallRoster
) -> None:
    del roster.tables["roles"]["role-gua-2"]
    report = load(database, roster.write())
    assert "role-missing" in rules(report)
    assert links(database)["gua-2"].relationship_kind == "guardian"


def test_oneroster_1_1_says_role_and_schools_on_the_users_row(database: Database, tmp_path: Path) -> None:
    (tmp_path / "orgs.csv").write_text("sourcedId,name,type\nsch,Alder Creek,school\n", encoding="utf-8")
    (tmp_path / "users.csv").write_text(
        "sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,sms,agentSourcedIds\n"
        'p,true,"sch,other",parent,Ana,Ruiz,+15105550101,\n'
        "s,true,sch,student,Mateo,Ruiz,,p\n"
        "a,true,sch,administrator,Robin,Okafor,,\n",
        encoding="utf-8",
    )
    report = load(database, tmp_path)
    assert rules(report) == {"manifest-missing", "custody-unknown"}
    assert set(links(database)) == {"p"}
    with database.read() as session:
        member = session.scalars(select(StaffMember)).one()
        assert member.role == "administrator" and member.school is not None


def test_until_custody_is_known_records_are_withheld(database: Database, roster: SmallRoster) -> None:
    report = load(database, roster.write("companion/contacts"))
    assert "custody-unknown" in rules(report)
    assert [link.may_receive_records for link in links(database).values()] == [False, False]


def test_an_unreadable_prohibition_still_prohibits(database: Database, roster: SmallRoster) -> None:
    roster.know("stu-1", "gua-2", noContact="see file")
    report = load(database, roster.write())
    assert "flag" in rules(report)
    assert links(database)["gua-2"].no_contact
    with database.read() as session:
        contact = session.scalars(select(Contact).where(Contact.address == LUIS)).one()
        assert not contact.active


def test_rows_of_the_companion_feed_about_nobody_are_reported(
    database: Database, roster: SmallRoster
) -> None:
    roster.person("gua-3", "parent", givenName="Eva", familyName="Paz")
    roster.know("stu-1", "gua-3")
    roster.know("stu-9", "gua-1")
    roster.know("stu-1", "gua-9")
    report = load(database, roster.write())
    assert {"contact-unlinked", "reference-student", "reference-guardian"} <= rules(report)
    assert set(links(database)) == {"gua-1", "gua-2"}


def test_languages_that_differ_between_children_are_reported_and_the_first_holds(
    database: Database, roster: SmallRoster
) -> None:
    roster.person("stu-2", "student", givenName="Lucía", familyName="Ruiz", agentSourcedIds="gua-1")
    roster.know("stu-2", "gua-1", language="en")
    report = load(database, roster.write())
    assert [p.value for p in report.problems if p.rule == "language-differs"] == ["es, en"]
    with database.read() as session:
        assert session.scalars(select(Guardian.language).where(Guardian.source_id == "gua-1")).one() == "es"


def test_a_language_the_family_chose_on_its_line_is_kept(database: Database, roster: SmallRoster) -> None:
    load(database, roster.write())
    with database.write() as session:
        session.scalars(select(Contact).where(Contact.address == ANA)).one().language = "mam"
    roster.know("stu-1", "gua-1", language="en")
    roster.know("stu-1", "gua-2", language="en")
    load(database, roster.write())
    with database.read() as session:
        rows = session.execute(select(Contact.address, Contact.language))
        assert {address: language for address, language in rows} == {ANA: "mam", LUIS: "en"}


@pytest.mark.parametrize("channel", ["voice", "none"])
def test_who_wants_no_texts_gets_no_contact_for_them(
    database: Database, roster: SmallRoster, channel: str
) -> None:
    load(database, roster.write())
    roster.know("stu-1", "gua-2", channel=channel)
    load(database, roster.write())
    with database.read() as session:
        assert session.scalars(select(Contact.address).where(Contact.active)).all() == [ANA]


def test_consent_taken_back_by_the_roster_is_written_once(database: Database, roster: SmallRoster) -> None:
    load(database, roster.write())
    roster.know("stu-1", "gua-1", consent="revoked")
    for day in (1, 2):
        load(database, roster.write(), day)
    assert verdicts(database, ANA) == ["granted", "revoked"]
    assert verdicts(database, LUIS) == ["granted"]
    roster.know("stu-1", "gua-1", consent="granted")
    load(database, roster.write(), 3)
    assert verdicts(database, ANA) == ["granted", "revoked", "granted"]


def test_the_roster_never_overrules_a_familys_own_stop(database: Database, roster: SmallRoster) -> None:
    roster.know("stu-1", "gua-1", consent="not-asked")
    load(database, roster.write())
    for address in (ANA, LUIS):
        with database.write() as session:
            stop(session, "sms", address, Will("ALTO", "es", "message", address), NOW)
    roster.know("stu-1", "gua-1", consent="granted")
    report = load(database, roster.write(), 1)
    assert "consent-stopped" in rules(report)  # for Ana's new grant; Luis's old one is not repeated at all
    with database.read() as session:
        assert is_stopped(session, "sms", ANA) and is_stopped(session, "sms", LUIS)


def test_on_a_shared_number_revoked_wins(database: Database, roster: SmallRoster) -> None:
    roster.put("users", "gua-2", sms=ANA)
    roster.know("stu-1", "gua-1", consent="revoked")
    report = load(database, roster.write())
    assert "consent-shared" in rules(report)
    assert verdicts(database, ANA) == ["revoked"]
    with database.read() as session:
        assert len(session.scalars(select(Contact).where(Contact.address == ANA, Contact.active)).all()) == 2


def test_classes_and_enrollments_that_refer_to_nothing_are_reported(
    database: Database, roster: SmallRoster
) -> None:
    roster.put("classes", "lost", title="Art", schoolSourcedId="nowhere")
    roster.put("enrollments", "e1", classSourcedId="cls", userSourcedId="nobody", role="student")
    roster.put("enrollments", "e2", classSourcedId="cls", userSourcedId="gua-1", role="student")
    roster.put("enrollments", "e3", classSourcedId="cls", userSourcedId="stu-1", role="student")
    roster.put("enrollments", "e4", classSourcedId="cls", userSourcedId="tch", role="proctor")
    roster.put("enrollments", "enr-cls-tch", schoolSourcedId="dist")
    roster.put("roles", "r9", userSourcedId="nobody", role="parent")
    report = load(database, roster.write())
    expected = {"reference-org", "reference-user", "enrollment-role", "row-again", "class-school"}
    assert expected <= rules(report)
    assert (report.counts["classes"].present, report.counts["enrollments"].present) == (1, 2)


def test_a_file_the_manifest_calls_absent_is_not_read(database: Database, roster: SmallRoster) -> None:
    roster.modes = {"enrollments": "absent", "demographics": "sometimes"}
    report = load(database, roster.write())
    assert {"file-unlisted", "vocabulary"} <= rules(report)
    assert report.counts["enrollments"].present == 0


@pytest.fixture
def barred(database: Database, roster: SmallRoster) -> SmallRoster:
    """A roster that is stored, with an order against Luis."""
    roster.know("stu-1", "gua-2", noContact="true")
    load(database, roster.write())
    return roster


def _without_column(folder: Path, file: str, column: str) -> None:
    """Take a column out of a file that was written."""
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    gone = rows[0].index(column)
    with (folder / file).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(row[:gone] + row[gone + 1 :] for row in rows)


def test_a_blank_lifts_no_order_and_a_plain_no_does(database: Database, barred: SmallRoster) -> None:
    barred.know("stu-1", "gua-2", noContact="")
    load(database, barred.write(), 1)
    assert [link.no_contact for link in links(database).values()] == [False, True]
    barred.know("stu-1", "gua-2", noContact="false")
    load(database, barred.write(), 2)
    assert [link.no_contact for link in links(database).values()] == [False, False]


def test_a_feed_without_the_column_of_orders_lifts_none_and_is_reported(
    database: Database, barred: SmallRoster
) -> None:
    folder = barred.write()
    _without_column(folder, "companion/contacts.csv", "noContact")
    assert "column-absent" in rules(load(database, folder, 1))
    assert [link.no_contact for link in links(database).values()] == [False, True]


@pytest.mark.parametrize("said", [("false", "true"), ("true", "false"), ("", "true")])
def test_of_two_rows_about_the_same_two_the_one_that_forbids_wins(
    database: Database, roster: SmallRoster, said: tuple[str, str]
) -> None:
    roster.know("stu-1", "gua-2", noContact=said[0])
    again = dict(roster.tables["companion/contacts"]["stu-1 gua-2"], noContact=said[1])
    roster.tables["companion/contacts"]["again"] = again
    report = load(database, roster.write())
    assert {"order-again", "row-again"} <= rules(report)
    assert links(database)["gua-2"].no_contact


@pytest.mark.parametrize("broken", ["stu-1,gua-2,one,more", "stu-1,"])
def test_a_new_link_whose_row_cannot_be_read_is_barred_until_it_is_mended(
    database: Database, roster: SmallRoster, broken: str
) -> None:
    folder = roster.write()
    feed = folder / "companion" / "contacts.csv"
    feed.write_text(feed.read_text("utf-8").replace("stu-1,gua-2", broken), "utf-8")
    assert "order-unread" in rules(load(database, folder))
    assert links(database)["gua-2"].no_contact and not links(database)["gua-1"].no_contact
    load(database, roster.write(), 1)
    assert not links(database)["gua-2"].no_contact
