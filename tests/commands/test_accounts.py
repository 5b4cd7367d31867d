"""`accounts`: a district gives its own staff access to the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.console.identity import SignedIn
from bot.console.passwords import check_log_in
from bot.storage.staff import Account, AuditEvent, find_account
from tests.commands.conftest import Operator

GOOD = "four quiet river stones"
TWICE = f"{GOOD}\n{GOOD}\n"


def enter(operator: Operator, username: str, password: str = GOOD) -> SignedIn | None:
    return check_log_in(operator.home.database, username, password, operator.home.clock.now())


def account(operator: Operator, username: str) -> Account | None:
    with operator.home.database.read() as session:
        return find_account(session, username)


def test_a_new_account_signs_in_with_the_password_that_was_typed_and_never_shown(operator: Operator) -> None:
    shown = operator.says(
        "accounts", "add", "emma", "--role", "teacher", "--staff-source-id", "t-1", typed=TWICE
    )
    assert GOOD not in shown and "emma may sign in as teacher" in shown
    person = enter(operator, "emma")
    assert person is not None and (person.name, person.roles) == ("Emma Washington", frozenset({"teacher"}))


def test_a_password_may_come_from_a_file_and_an_account_have_two_roles(
    operator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{GOOD}\n", encoding="utf-8")
    operator.says("accounts", "add", "ada", "--role", "admin", "--role", "office", "--password-file", file)
    person = enter(operator, "ada")
    assert person is not None and person.roles == {"office", "admin"}
    found = account(operator, "ada")
    assert found is not None and found.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("words", "why"),
    [(("a", "--role", "office"), "a user name has 2 to 120"), (("a b", "--role", "office"), "a user name has"),
     (("ROSA", "--role", "office"), "already"), (("emma", "--role", "teacher"), "name that person"),
     (("emma", "--role", "office", "--staff-source-id", "t-9"), "Load the roster first"),
     (("ben", "--role", "teacher", "--staff-source-id", "t-2"), "no active member of staff"),
     (("emma", "--role", "king"), "is not one of"), (("emma",), "--role")],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused_before_a_password_is_asked_for(
    operator: Operator, words: tuple[str, ...], why: str
) -> None:
    operator.says("accounts", "add", "rosa", "--role", "office", typed=TWICE)
    told = operator.refuses("accounts", "add", *words)
    assert why in told and "Password" not in told
    with operator.home.database.read() as session:
        assert session.scalars(select(Account.username)).all() == ["rosa"]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "it must have 12 to 400"),
        ("x" * 401, "it must have 12 to 400"),
        ("rosa rosa rosa", "user name"),
    ],
)
def test_a_weak_password_is_refused_with_the_rule(operator: Operator, password: str, why: str) -> None:
    told = operator.refuses("accounts", "add", "rosa", "--role", "office", typed=f"{password}\n{password}\n")
    assert why in told and password not in told
    assert account(operator, "rosa") is None


def test_two_different_passwords_are_asked_for_again(operator: Operator) -> None:
    operator.says("accounts", "add", "rosa", "--role", "office", typed=f"{GOOD}\nanother one here\n{TWICE}")
    assert enter(operator, "rosa") is not None


def test_an_empty_or_unreadable_password_file_is_refused(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "password"
    for content, why in ((b"", "has 0 characters"), (b"\xff\xfe\x00", "not UTF-8")):
        file.write_bytes(content)
        assert why in operator.refuses("accounts", "add", "rosa", "--role", "office", "--password-file", file)


def test_a_disabled_account_cannot_sign_in_until_it_is_enabled_and_its_sessions_end(
    operator: Operator,
) -> None:
    operator.says("accounts", "add", "rosa", "--role", "office", typed=TWICE)
    operator.says("accounts", "disable", "Rosa")
    assert enter(operator, "rosa") is None
    found = account(operator, "rosa")
    assert found is not None and found.session_epoch == 1
    assert "rosa  office  -  DISABLED" in operator.says("accounts", "list")
    operator.says("accounts", "enable", "rosa")
    assert enter(operator, "rosa") is not None


def test_a_new_password_replaces_the_old_one_ends_sessions_and_the_rest_after_wrong_tries(
    operator: Operator,
) -> None:
    operator.says("accounts", "add", "rosa", "--role", "office", typed=TWICE)
    for _ in range(6):
        enter(operator, "rosa", "wrong")
    operator.says("accounts", "password", "rosa", typed="another quiet river\nanother quiet river\n")
    found = account(operator, "rosa")
    assert found is not None and found.session_epoch == 1
    assert enter(operator, "rosa") is None
    assert enter(operator, "rosa", "another quiet river") is not None


def test_the_list_names_the_person_behind_an_account(operator: Operator) -> None:
    operator.says("accounts", "add", "emma", "--role", "teacher", "--staff-source-id", "t-1", typed=TWICE)
    assert operator.says("accounts", "list") == "emma  teacher  Emma Washington (t-1)\n"


@pytest.mark.parametrize("deed", ["disable", "enable", "password"])
def test_nobodys_account_cannot_be_changed(operator: Operator, deed: str) -> None:
    assert "There is no account 'nobody'" in operator.refuses("accounts", deed, "nobody")


def test_what_operators_do_is_in_the_audit_trail(operator: Operator) -> None:
    operator.says("accounts", "add", "rosa", "--role", "office", typed=TWICE)
    operator.says("accounts", "password", "rosa", typed=TWICE)
    operator.says("accounts", "disable", "rosa")
    operator.says("accounts", "enable", "rosa")
    with operator.home.database.read() as session:
        trail = [(event.actor, event.deed) for event in session.scalars(select(AuditEvent))]
    deeds = ("account_added", "password_set", "account_disabled", "account_enabled")
    assert trail == [("operator", deed) for deed in deeds]


def test_a_database_without_its_tables_is_named_with_the_remedy(bare: Operator) -> None:
    assert "db upgrade" in bare.refuses("accounts", "list")
