"""A draft that makes no sense is refused with the reason, and nothing is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.model.errors import BadInput, NotFound
from bot.school.broadcasts.drafts import load
from bot.storage.broadcasts import Broadcast
from bot.storage.staff import AuditEvent
from tests.broadcasts import District
from tests.conftest import MONDAY_MORNING

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [("  ", {}, "empty"), ("x" * 1001, {}, "1001 characters"), ("{name}", {}, "unknown field {name}"),
     ("{date}", {}, "which day"), ("Hi", {"category": "loud"}, "routine or urgent"),
     ("{child}", {"translations": {"es": "Hola"}}, "translation es has other fields"),
     ("Hi", {"translations": {"es": ""}}, "empty"),
     ("Hi", {"send_at": MONDAY_MORNING - HOUR}, "has passed"),
     ("Hi", {"expires_at": MONDAY_MORNING}, "worth nothing"),
     ("Hi", {"send_at": MONDAY_MORNING + 2 * HOUR, "expires_at": MONDAY_MORNING + HOUR}, "worth nothing"),
     ("Hi", {"author": "tch-2-002"}, "own classes")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    district: District, text: str, wanted: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadInput, match=why), district.database.write() as session:
        district.compose(session, text, **wanted)
    with district.database.read() as session:
        assert session.scalars(select(Broadcast)).all() == []


def test_a_draft_is_kept_with_its_author_and_audited(any_district: District) -> None:
    with any_district.database.write() as session:
        number = any_district.compose(session, " Hello. ", classes=["cls-2"], author="tch-2-002").id
    with any_district.database.read() as session:
        draft = load(session, number)
        assert (draft.text, draft.state, draft.author.family_name) == ("Hello.", "draft", "Washington")
        (event,) = session.scalars(select(AuditEvent)).all()
        assert (event.deed, event.subject_id, event.actor) == ("compose_broadcast", number, "operator")
        with pytest.raises(NotFound, match="no broadcast 99"):
            load(session, 99)
