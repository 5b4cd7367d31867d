"""A roster of one school, one teacher and two families, to be bent by a test."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)

_HEADERS = {
    "orgs": "sourcedId name type parentSourcedId",
    "users": "sourcedId status enabledUser givenName familyName email sms phone agentSourcedIds grades primaryOrgSourcedId "
    "metadata.timeZone",
    "roles": "sourcedId status userSourcedId roleType role endDate orgSourcedId",
    "classes": "sourcedId status title classType schoolSourcedId",
    "enrollments": "sourcedId status classSourcedId schoolSourcedId userSourcedId role primary endDate",
    "demographics": "sourcedId birthDate",
    "companion/contacts": "studentSourcedId guardianSourcedId relationship contactOrder custody mayReceiveRecords noContact "
    "language interpreterNeeded channel consent",
}


class SmallRoster:
    """Rows by table and id; change them, then `write`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modes: dict[str, str] = {}
        self.tables: dict[str, dict[str, dict[str, str]]] = {name: {} for name in _HEADERS}
        self.put("orgs", "dist", name="Río Vista", type="district")
        self.put("orgs", "sch", name="Alder Creek", type="school", parentSourcedId="dist")
        self.person("tch", "teacher", givenName="Minh", familyName="Trần")
        self.person("gua-1", "parent", givenName="Ana", familyName="Ruiz", sms="+15105550101")
        self.person("gua-2", "parent", givenName="Luis", familyName="Ruiz", sms="+15105550102")
        self.person(
            "stu-1",
            "student",
            givenName="Mateo",
            familyName="Ruiz",
            agentSourcedIds="gua-1,gua-2",
            grades="03",
        )
        self.put("classes", "cls", title="Homeroom", classType="homeroom", schoolSourcedId="sch")
        self.enroll("tch", "teacher")
        self.enroll("stu-1", "student")
        self.know("stu-1", "gua-1")
        self.know("stu-1", "gua-2")

    def put(self, table: str, key: str, **cells: str) -> None:
        """Add a row, or change cells of the one that is there."""
        row = self.tables[table].setdefault(key, {"sourcedId": key})
        row.update(cells)

    def person(self, key: str, role: str, **cells: str) -> None:
        """A user with one role."""
        self.put("users", key, enabledUser="true", primaryOrgSourcedId="sch", **cells)
        self.put("roles", f"role-{key}", userSourcedId=key, roleType="primary", role=role, orgSourcedId="sch")

    def enroll(self, key: str, role: str, klass: str = "cls") -> None:
        """A user in a class."""
        cells = {"classSourcedId": klass, "schoolSourcedId": "sch", "userSourcedId": key, "role": role}
        self.put(
            "enrollments", f"enr-{klass}-{key}", **cells, primary="true" if role == "teacher" else "false"
        )

    def know(self, student: str, guardian: str, **cells: str) -> None:
        """A row of the companion feed."""
        usual = {
            "language": "es",
            "channel": "sms",
            "consent": "granted",
            "mayReceiveRecords": "true",
            "noContact": "false",
        }
        row = self.tables["companion/contacts"].setdefault(
            f"{student} {guardian}", {"studentSourcedId": student, "guardianSourcedId": guardian, **usual}
        )
        row.update(cells)

    def drop(self, *keys: str) -> None:
        """Remove every row of these users."""
        for name, rows in self.tables.items():
            for key in list(rows):
                if set(keys) & {key, rows[key].get("userSourcedId"), *key.split()}:
                    del self.tables[name][key]

    def write(self, *without: str) -> Path:
        """The package on disk, without some tables; every file complete unless `modes` says otherwise."""
        (self.folder / "companion").mkdir(parents=True, exist_ok=True)
        manifest = [["propertyName", "value"], ["manifest.version", "1.0"], ["oneroster.version", "1.2"]]
        for name, header in _HEADERS.items():
            path = self.folder / f"{name}.csv"
            path.unlink(missing_ok=True)
            if name not in without:
                columns = header.split()
                rows = [[row.get(column, "") for column in columns] for row in self.tables[name].values()]
                _write(path, [columns, *rows])
                if "/" not in name:
                    manifest.append([f"file.{name}", self.modes.get(name, "bulk")])
        _write(self.folder / "manifest.csv", manifest)
        return self.folder


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
