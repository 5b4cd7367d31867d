"""The door of the console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from bot.console.login import safe_next
from bot.storage.session import Database
from bot.storage.staff import Account, AuditEvent, find_account
from tests.conftest import FixedClock
from tests.console.house import PASSWORD, Browser, SignIn


def account(database: Database, username: str) -> Account:
    with database.read() as session:
        found = find_account(session, username)
        assert found is not None
        session.expunge(found)
        return found


def test_a_clerk_signs_in_and_finds_the_cases(browser: Browser) -> None:
    answer = browser.sign_in("rosa")
    assert answer.headers["Location"] == "/console/"
    assert "Rosa Delgado" in browser.read("/console/")


def test_the_user_name_may_be_typed_in_capitals(browser: Browser) -> None:
    assert browser.sign_in(" ROSA ").status_code == 302


def test_a_stranger_is_sent_to_the_door_and_back_to_the_page_asked_for(browser: Browser) -> None:
    answer = browser.client.get("/console/conversations?q=bus")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/console/log-in?next=")
    landed = browser.sign_in("rosa", next="/console/conversations?q=bus")
    assert landed.headers["Location"] == "/console/conversations?q=bus"


def test_what_is_sent_after_the_session_ended_elsewhere_is_shown_again_with_a_way_back(
    signed_in: SignIn, case: int, sqlite_database: Database
) -> None:
    rosa, page = signed_in("rosa"), f"/console/cases/{case}"
    token = rosa.token(page)
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "rosa")).one().session_epoch += 1
    data = {"csrf_token": token, "text": "My long answer", "once": "12345678"}
    answer = rosa.client.post(f"{page}/reply", data=data)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 401 and "You are no longer signed in" in told and "My long answer" in told
    assert f'href="/console/log-in?next={page}"' in told
    data = {"csrf_token": token, "text": "No school.", "translation-es": "No hay clases."}
    told = rosa.client.post("/console/broadcasts/new", data=data).get_data(as_text=True)
    assert "No school." in told and "No hay clases." in told and "next=/console/broadcasts/new" in told
    assert rosa.sign_in("rosa", next=f"{page}/reply").headers["Location"] == page


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/console", "//evil.example/console", "/console//evil.example", "/console/../admin",
     "/console\\evil", "/simulator", "javascript:alert(1)", "/console/\r\nSet-Cookie: a=b", "", None],
)  # fmt: skip
def test_the_log_in_never_leads_out_of_the_console(app: Flask, target: str | None) -> None:
    with app.test_request_context():
        assert safe_next(target) == "/console/"


def test_unknown_wrong_resting_and_closed_accounts_get_the_same_words(
    browser: Browser, sqlite_database: Database, clock: FixedClock
) -> None:
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "ada")).one().active = False
    pages = [
        browser.sign_in("nobody-at-all").get_data(as_text=True),
        browser.sign_in("rosa", "wrong").get_data(as_text=True),
    ]
    pages.append(browser.sign_in("ada").get_data(as_text=True))
    for _ in range(4):
        browser.sign_in("rosa", "wrong")
    pages.append(browser.sign_in("rosa").get_data(as_text=True))
    told = [page.split('role="alert">')[1].split("</p>")[0] for page in pages]
    assert len(set(told)) == 1


def test_after_five_wrong_passwords_the_right_one_must_wait_fifteen_minutes(
    browser: Browser, clock: FixedClock
) -> None:
    for _ in range(5):
        assert browser.sign_in("rosa", "wrong").status_code == 422
    clock.advance(timedelta(minutes=14, seconds=59))
    assert browser.sign_in("rosa").status_code == 422
    clock.advance(timedelta(seconds=1))
    assert browser.sign_in("rosa").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(browser: Browser, sqlite_database: Database) -> None:
    for _ in range(4):
        browser.sign_in("rosa", "wrong")
    assert browser.sign_in("rosa").status_code == 302
    found = account(sqlite_database, "rosa")
    assert (found.failed_logins, found.locked_until) == (0, None)


def test_an_unknown_name_costs_a_hash_like_a_known_one(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.console import passwords

    checked: list[str] = []

    def counting(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return False

    monkeypatch.setattr(passwords, "_verify", counting)
    browser.sign_in("nobody-at-all")
    browser.sign_in("rosa")
    assert len(checked) == 2 and all(hash_.startswith("$argon2id$") for hash_ in checked)


def test_an_old_cheap_hash_is_renewed_at_the_log_in(browser: Browser, sqlite_database: Database) -> None:
    before = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "rosa")).one().password_hash = before
    browser.sign_in("rosa")
    assert account(sqlite_database, "rosa").password_hash != before
    assert Browser(browser.client.application.test_client()).sign_in("rosa").status_code == 302


def test_more_than_twenty_tries_a_minute_on_a_name_are_refused_and_other_names_are_not(
    browser: Browser, app: Flask
) -> None:
    answers = [browser.sign_in((" nobody ", "Nobody")[number % 2]).status_code for number in range(21)]
    assert answers[:20] == [422] * 20
    assert answers[20] == 429
    assert browser.sign_in("rosa").status_code == 302  # a colleague behind the same address


def test_a_flood_of_names_from_one_address_is_refused_before_any_password_is_looked_at(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.console import login, passwords

    checked: list[str] = []

    def counting(password_hash: str, password: str) -> bool:
        checked.append(password)
        return False

    monkeypatch.setattr(passwords, "_verify", counting)
    monkeypatch.setattr(login, "TRIES_FROM_AN_ADDRESS", "7 per minute")
    answers = [browser.sign_in(f"nobody{number}").status_code for number in range(9)]
    assert answers == [422] * 7 + [429] * 2
    assert len(checked) == 7


def test_a_whole_school_may_sign_in_behind_one_address() -> None:
    from bot.console import login

    assert login.TRIES_FROM_AN_ADDRESS == "200 per minute"


def test_a_form_without_its_token_is_refused_and_does_nothing(browser: Browser) -> None:
    answer = browser.client.post("/console/log-in", data={"username": "rosa", "password": "a quiet river 7"})
    assert answer.status_code == 400
    assert "open too long" in answer.get_data(as_text=True)
    assert browser.client.get("/console/").status_code == 302


def test_what_was_in_the_session_before_the_log_in_does_not_survive_it(browser: Browser) -> None:
    with browser.client.session_transaction() as planted:
        planted["planted"] = "by a stranger"
        planted["_user_id"] = "1:0"
    browser.sign_in("rosa")
    with browser.client.session_transaction() as session:
        assert "planted" not in session


def test_a_session_without_its_beginning_counts_for_nothing(browser: Browser) -> None:
    with browser.client.session_transaction() as planted:
        planted["_user_id"] = "1:0"
    assert browser.client.get("/console/").status_code == 302


def test_signing_out_ends_copied_cookies_too(signed_in: SignIn, app: Flask) -> None:
    rosa = signed_in("rosa")
    cookie = rosa.client.get_cookie("session")
    assert cookie is not None
    rosa.press("/console/log-out", "/console/")
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/console/").status_code == 302


def test_what_a_page_asks_late_does_not_disturb_who_signs_in_anew(
    signed_in: SignIn, app: Flask, case: int
) -> None:
    """The old page's script asks with the cookie of before or of after; its answer may come last of all."""
    rosa, page = signed_in("rosa"), f"/console/cases/{case}"
    before = rosa.client.get_cookie("session")
    typed = {"csrf_token": rosa.token(page), "text": "One more thing"}
    rosa.client.post("/console/log-out", data={"csrf_token": typed["csrf_token"]})
    after = rosa.client.get_cookie("session")
    for cookie in (before, after):
        assert cookie is not None
        late = app.test_client()
        late.set_cookie("session", cookie.value)
        for asked in (
            late.post(f"{page}/preview", data=typed, headers={"Accept": "application/json"}),
            late.get(f"{page}/pulse", headers={"Accept": "application/json"}),
        ):
            assert asked.status_code != 200
            assert "Set-Cookie" not in asked.headers


def test_signing_out_is_not_done_by_following_a_link(signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    assert rosa.client.get("/console/log-out").status_code == 404
    assert rosa.client.get("/console/").status_code == 200


def test_a_session_ends_after_twelve_hours(signed_in: SignIn, clock: FixedClock) -> None:
    rosa = signed_in("rosa")
    clock.advance(timedelta(hours=12))
    assert rosa.client.get("/console/").status_code == 302


def test_closing_an_account_ends_its_sessions(signed_in: SignIn, sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    with sqlite_database.write() as session:
        session.scalars(select(Account).where(Account.username == "rosa")).one().active = False
    assert rosa.client.get("/console/").status_code == 302


def test_log_ins_and_log_outs_are_kept_in_the_audit_trail(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    signed_in("rosa").press("/console/log-out", "/console/")
    with sqlite_database.read() as session:
        deeds = session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)).all()
    assert deeds == ["log_in_tried", "logged_in", "logged_out"]


def test_a_signed_in_person_is_not_asked_again(signed_in: SignIn) -> None:
    assert signed_in("rosa").client.get("/console/log-in").headers["Location"] == "/console/"


def test_the_door_speaks_the_language_chosen_there_and_keeps_it(browser: Browser) -> None:
    browser.client.get("/console/log-in?language=ar")
    page = browser.read("/console/log-in")
    assert '<html lang="ar" dir="rtl">' in page
    browser.sign_in("rosa")
    assert '<html lang="ar" dir="rtl">' in browser.read("/console/")


def test_the_language_chosen_at_the_top_is_kept_with_the_account(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    page = rosa.press("/console/language", "/console/", language="es", next="/console/?tab=mine")
    assert '<html lang="es" dir="ltr">' in page.get_data(as_text=True)
    assert account(sqlite_database, "rosa").language == "es"
