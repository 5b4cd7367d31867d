"""Series, translations by people, replies and fallbacks as staff see them in the console."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from bot.storage.broadcast_series import BroadcastSeries
from bot.storage.broadcasts import BroadcastRecipient
from bot.storage.cases import Case
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.broadcasting import NEW, ROOM, newest, plain, stored, under_way, write
from tests.console.house import Cast, SignIn

WEEKLY = {"when": "later", "send_at": "2026-11-20T09:00", "repeat": "weekly", "fallback": "y"}


def the_series(database: Database) -> BroadcastSeries:
    with database.read() as session:
        return session.query(BroadcastSeries).order_by(BroadcastSeries.id.desc()).limit(1).one()


def test_a_repeated_one_shows_its_next_dates_and_one_is_left_out_and_all_are_stopped(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    rosa = signed_in("rosa")
    write(rosa, **WEEKLY, until="2026-12-18")
    draft = newest(sqlite_database)
    page = rosa.read(f"{ROOM}/{draft.id}")
    assert "Every week on the same day, until" in page and "2026-12-18" in page
    assert "Fri, Nov 20" in page and "Fri, Nov 27" in page and "Fri, Dec 4" in page and "Dec 11" not in page
    rosa.press(f"{ROOM}/{draft.id}/send", f"{ROOM}/{draft.id}")
    (moment, *_) = re.findall(r'name="moment" value="(2026-11-27[^"]*)"', rosa.read(f"{ROOM}/{draft.id}"))
    told = plain(rosa.press(f"{ROOM}/{draft.id}/skip", f"{ROOM}/{draft.id}", moment=moment))
    assert "This date is left out." in told and "Nov 27" not in told and "Dec 11" in told
    told = plain(rosa.press(f"{ROOM}/{draft.id}/stop-series", f"{ROOM}/{draft.id}"))
    assert "The series is stopped." in told and "The series is over." in told
    assert stored(sqlite_database, draft.id).state == "cancelled"
    told = plain(rosa.press(f"{ROOM}/{draft.id}/skip", f"{ROOM}/{draft.id}", moment=moment))
    assert "It has changed meanwhile." in told
    for nonsense in ("x", "2026-11-27"):
        answer = rosa.press(f"{ROOM}/{draft.id}/skip", f"{ROOM}/{draft.id}", moment=nonsense)
        assert answer.status_code == 404


def test_what_the_coming_ones_say_is_changed_by_who_began_it(
    signed_in: SignIn, sqlite_database: Database, cast: Cast
) -> None:
    rosa = signed_in("rosa")
    write(rosa, **WEEKLY)
    first = newest(sqlite_database).id
    rosa.press(f"{ROOM}/{first}/send", f"{ROOM}/{first}")
    assert f"like={first}&series=1" in plain(rosa.client.get(f"{ROOM}/{first}"))
    form = rosa.read(f"{NEW}?like={first}&series=1")
    assert "what the series says from its next date on" in form and 'name="send_at"' not in form
    write(rosa, text="New words.", series=str(first))
    second = newest(sqlite_database)
    rosa.press(f"{ROOM}/{second.id}/send", f"{ROOM}/{second.id}")
    found = stored(sqlite_database, second.id)
    assert found.series_id == the_series(sqlite_database).id and found.text == "New words."
    assert found.send_at and (
        found.send_at - (stored(sqlite_database, first).send_at or found.send_at)
    ) == timedelta(7)
    assert f"series={first}" not in signed_in("ada").read(f"{ROOM}/{first}")


def test_a_draft_of_a_running_series_stays_in_it_however_often_it_is_changed(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    write(rosa, **WEEKLY)
    first = newest(sqlite_database).id
    rosa.press(f"{ROOM}/{first}/send", f"{ROOM}/{first}")
    running = the_series(sqlite_database).id
    write(rosa, text="New words.", series=str(first))
    for words in ("Better words.", "The best words."):
        draft = newest(sqlite_database).id
        form = rosa.read(f"{NEW}?like={draft}")
        assert f'name="series" value="{draft}"' in form and 'name="send_at"' not in form
        write(rosa, text=words, series=str(draft), replaces=str(draft))
        assert stored(sqlite_database, draft).state == "cancelled"
    last = newest(sqlite_database)
    assert (last.series_id, last.text) == (running, "The best words.")
    assert the_series(sqlite_database).id == running


def test_repeating_needs_a_first_time_and_a_real_last_day(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    for fields, why in (
        ({"repeat": "weekly"}, "choose the day and the time of the first one"),
        ({**WEEKLY, "until": "soon"}, "This is no day"), ({"repeat": "hourly"}, "choose from the list"),
        ({**WEEKLY, "until": "2026-11-01"}, "no time from the first day on"),
    ):  # fmt: skip
        answer = write(rosa, **fields)
        assert answer.status_code == 422 and why in plain(answer)


def test_a_draft_that_is_changed_keeps_how_it_is_repeated(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    write(rosa, **WEEKLY, until="2026-12-18", on_closed="y", **{"translation-es": "No hay clases."})
    form = rosa.read(f"{NEW}?like={newest(sqlite_database).id}")
    assert '<option value="weekly" selected>' in form and 'value="2026-12-18"' in form
    assert 'name="on_closed" value="y" checked' in form and "No hay clases." in form


def test_a_translation_is_kept_with_who_wrote_it_and_shown_before_it_leaves(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    write(rosa, text="No school for {child}.", **{"translation-es": "{child} no tiene clases."})
    made = newest(sqlite_database)
    assert made.translations == {"es": "{child} no tiene clases."}
    assert made.translators == {"es": "Rosa Delgado"}
    page = rosa.read(f"{ROOM}/{made.id}")
    assert "written by" in page and "Rosa Delgado" in page
    assert "{child} no tiene clases." in page


def test_a_translation_with_other_fields_or_too_long_is_marked(
    signed_in: SignIn, sqlite_database: Database
) -> None:
    rosa = signed_in("rosa")
    for said, why in (
        ("No hay clases.", "the same fields in braces"), ("{niño}", "the same fields in braces"),
        ("{child} " + "x" * 1000, "longer than 1000"),
    ):  # fmt: skip
        answer = write(rosa, text="No school for {child}.", **{"translation-es": said})
        assert answer.status_code == 422 and why in plain(answer) and said in plain(answer)


def test_the_page_tells_what_came_back_and_cases_name_the_broadcast(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    key = under_way(sqlite_database, cast, clock)
    with sqlite_database.write() as session:
        for number, (kind, owner) in enumerate((("question", cast.rosa), ("unreached", cast.emma))):
            session.add(Case(
                reference=f"R-{number}", kind=kind, opened_at=clock.now(), due_at=clock.now(), owner_id=owner,
                broadcast_id=key, language="en", words="Who?",
            ))  # fmt: skip
    page = signed_in("ada").read(f"{ROOM}/{key}")
    assert "What came back" in page and "R-0" in page and "R-1" in page and "Not reached" in page
    with sqlite_database.read() as session:
        case = session.query(Case).filter_by(kind="unreached").one().id
    told = signed_in("ada").read(f"/console/cases/{case}")
    assert "After the broadcast" in told and "No school on Friday." in told and "What happened" in told
    assert "The bot answers" not in told  # nobody wrote: there is no line


def test_a_result_tells_who_was_texted_instead(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    fates = [("undelivered", "This is a landline."), ("delivered", None)]
    key = under_way(sqlite_database, cast, clock, fates=fates)
    with sqlite_database.write() as session:
        first, second = session.query(BroadcastRecipient).order_by(BroadcastRecipient.id)
        first.rescue, second.rescue_of = "other_guardian", first.id
    page = re.sub(r"\s+", " ", signed_in("ada").read(f"{ROOM}/{key}/recipients"))
    assert "This is a landline." in page and "another adult of the family was texted" in page
    assert "in the place of a number that could not be reached" in page


def test_a_teacher_is_not_shown_cases_of_others(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock, app: Flask
) -> None:
    key = under_way(sqlite_database, cast, clock, author_id=cast.emma)
    with sqlite_database.write() as session:
        session.add(Case(reference="R-9", kind="complaint", opened_at=clock.now(), due_at=clock.now(),
                         owner_id=cast.rosa, broadcast_id=key, language="en", words="Who?"))  # fmt: skip
    page = signed_in("emma").read(f"{ROOM}/{key}")
    assert "What came back" in page and "R-9" not in page
