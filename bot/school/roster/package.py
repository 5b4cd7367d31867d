"""A folder with a roster package → its records, and what the manifest says each file is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.model.errors import BadInput
from bot.school.roster import tables
from bot.school.roster.records import (
    BirthRow,
    ClassRow,
    ContactRow,
    EnrollmentRow,
    OrgRow,
    RoleRow,
    UserRow,
)
from bot.school.tabular.problems import Findings
from bot.school.tabular.reader import read_sheet
from bot.school.tabular.table import Records, T, Table, read_table


@dataclass(frozen=True, slots=True)
class Package:
    """All that was read. `modes`: file stem → bulk, delta or absent; `hashes`: file name → SHA-256."""

    orgs: Records[OrgRow]
    users: Records[UserRow]
    roles: Records[RoleRow]
    classes: Records[ClassRow]
    enrollments: Records[EnrollmentRow]
    births: Records[BirthRow]
    contacts: Records[ContactRow]
    modes: Mapping[str, str]
    hashes: Mapping[str, str]

    @property
    def torn(self) -> bool:
        """Whether a file of it breaks off."""
        files: tuple[Records[Any], ...] = (
            self.orgs, self.users, self.roles, self.classes, self.enrollments, self.births, self.contacts,
        )  # fmt: skip
        return not all(file.whole for file in files)

    def complete(self, records: Records[T], stem: str) -> bool:
        """True when what is missing from this file has left the district (bulk, and readable to its end)."""
        return records.read and records.whole and self.modes.get(stem, "bulk") == "bulk"


def read_package(folder: Path, findings: Findings, region: str = "US") -> Package:
    """The package in `folder` with its companion feed. BadInput when there is no usable users.csv, or the
    manifest breaks off."""
    modes = _read_manifest(folder, findings)

    def read(table: Table[T]) -> Records[T]:
        if modes.get(table.file.removesuffix(".csv")) != "absent":
            return read_table(table, folder, findings, region)
        if (folder / table.file).is_file():
            findings.add("file-unlisted", table.file)
        return Records()

    users = read(tables.USERS)
    if not users.read:
        raise BadInput(
            f"{folder / tables.USERS.file}: a roster needs this file. Export it again.{findings.told()}"
        )
    for looked_at in (tables.SESSIONS, tables.COURSES):
        read(looked_at)
    companion = folder / "companion"
    return Package(
        orgs=read(tables.ORGS),
        users=users,
        roles=read(tables.ROLES),
        classes=read(tables.CLASSES),
        enrollments=read(tables.ENROLLMENTS),
        births=read(tables.DEMOGRAPHICS),
        contacts=read_table(tables.CONTACTS, companion if companion.is_dir() else folder, findings, region),
        modes=modes,
        hashes=_hash_files(folder),
    )


def _read_manifest(folder: Path, findings: Findings) -> dict[str, str]:
    path = folder / "manifest.csv"
    sheet = read_sheet(path, ("propertyName", "value"), findings) if path.is_file() else None
    if sheet is None:
        findings.add("manifest-missing", path.name)
        return {}
    if not sheet.whole:
        raise BadInput(f"{path} breaks off: nobody can tell which files are complete.{findings.told()}")
    modes: dict[str, str] = {}
    for row in sheet.rows:
        kind, _, stem = row.cells.get("propertyName", "").partition(".")
        mode = row.cells.get("value", "").casefold()
        if kind != "file":
            continue
        modes[stem] = mode
        if mode not in {"bulk", "delta", "absent"}:
            findings.add("vocabulary", path.name, row.line, "value", mode)
        elif mode != "absent" and not (folder / f"{stem}.csv").is_file():
            findings.add("file-missing", f"{stem}.csv")
    return modes


def _hash_files(folder: Path) -> dict[str, str]:
    files = sorted(folder.glob("*.csv")) + sorted(folder.glob("companion/*.csv"))
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }
