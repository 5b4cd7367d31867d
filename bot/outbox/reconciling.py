"""Was it sent or not? The carrier's own list decides, not a guess."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.messages import CarrierRecord

CLOCK_SKEW = timedelta(minutes=2)
"""How far the carrier's clock may be behind ours."""

_LOOKALIKES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)


class Verdict(StrEnum):
    """What the list says."""

    FOUND = "found"
    ABSENT = "absent"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict, and the carrier's record when there is one."""

    verdict: Verdict
    record: CarrierRecord | None = None


def look_for(
    body: str, since: datetime, records: Sequence[CarrierRecord], attached: Collection[str]
) -> Finding:
    """Find our text among what the carrier lists to its recipient.

    Records that belong to other deliveries (`attached`) and those from before `since` are no evidence.
    A record without a text (an account may have the carrier forget them) could be ours: undecided.
    """
    open_records = [
        r for r in records if r.provider_id not in attached and r.created_at >= since - CLOCK_SKEW
    ]
    for record in open_records:
        if same_text(record.body, body):
            return Finding(Verdict.FOUND, record)
    if any(not record.body for record in open_records):
        return Finding(Verdict.UNDECIDED)
    return Finding(Verdict.ABSENT)


def same_text(listed: str, ours: str) -> bool:
    """True when the carrier's copy is our text.

    Carriers trim it, replace typographic signs by plain ones, and put a sentence before it on trial accounts.
    """
    copy, text = _plain(listed), _plain(ours)
    return bool(text) and (copy == text or copy.endswith(f" - {text}"))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES))
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())
