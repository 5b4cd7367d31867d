"""What must hold afterwards, judged at the carrier's ledger: who got what, how often, and in which order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.model.delivery import FINAL_STATES
from bot.school.broadcasts.reasons import in_words
from chaos.checks import Check, none_of
from chaos.district import District
from chaos.eyes import Eyes
from chaos.families import STOP, Text

MARK = "Drill 7731"
TEXT = f"{MARK}: the photographer takes pictures of {{child}} on Friday at nine."
TAKEN = "select sid, recipient, body, status, id from messages where direction = 'outbound-api' order by id"


def carrier_checks(eyes: Eyes, district: District, stoppers: Sequence[str]) -> Sequence[Check]:
    """The carrier's ledger alone: every eligible telephone once, none twice, nobody who must not be texted."""
    got = Counter(line for _, line, body, *_ in eyes.carrier(TAKEN) if MARK in body)
    eligible = {*district.reached, *district.lost} - {*stoppers}
    barred = {*district.stopped, *district.no_contact}
    return [
        Check("eligible telephones with exactly one text", len(eligible),
              sum(got[line] == 1 for line in eligible), [line for line in eligible if got[line] != 1]),
        none_of("telephones with the broadcast twice", [line for line, count in got.items() if count > 1]),
        none_of("texts to who said STOP or must not be contacted", [line for line in barred if got[line]]),
        none_of("texts to anybody else", [line for line in got if line not in eligible | {*stoppers} | barred]),
        none_of("texts after the confirmation of a STOP", _after_stop(eyes, stoppers)),
    ]  # fmt: skip


def _after_stop(eyes: Eyes, stoppers: Sequence[str]) -> Sequence[str]:
    """Telephones that got something after the confirmation, or no confirmation, or two."""
    confirmed = {row[0] for row in eyes.product("select provider_id from deliveries where kind = 'consent'")}
    sids: dict[str, list[str]] = defaultdict(list)
    for sid, line, *_ in eyes.carrier(TAKEN):
        sids[line].append(sid)
    return [line for line in stoppers if [n for n, sid in enumerate(sids[line]) if sid in confirmed]
            != [len(sids[line]) - 1]]  # fmt: skip


def broadcast_checks(eyes: Eyes, number: int, district: District, told: str) -> Sequence[Check]:
    """The rows and what the command says of the broadcast, beside the ledger."""
    final = ", ".join(f"'{state.value}'" for state in sorted(FINAL_STATES))
    ours = eyes.product("select id, state, provider_id, recipient from deliveries order by id")
    sids = {row[2] for row in ours if row[2]}
    ledger = eyes.carrier(TAKEN)
    status = {row[0]: row[3] for row in ledger}
    differs = [row[0] for row in ours if row[2] and status.get(row[2]) != row[1]]
    refused = [(row[0], row[1]) for row in ours
               if row[3] in district.refused and row[1] != district.refused[row[3]]]  # fmt: skip
    return [
        none_of("deliveries not in a final state", eyes.product(f"select id from deliveries where state not in ({final})")),
        none_of("deliveries whose state is not the carrier's", differs),
        none_of("texts in the ledger that no delivery knows", [row[0] for row in ledger if row[0] not in sids]),
        Check("deliveries with a carrier's id, and such ids", len(sids), sum(bool(row[2]) for row in ours)),
        none_of("refused telephones with another end than the refusal", refused),
        none_of("counts of `broadcast status` that are not the ledger's", _differing(eyes, number, district, told)),
    ]  # fmt: skip


def _differing(eyes: Eyes, number: int, district: District, told: str) -> Sequence[str]:
    must, said = _counts_by_ledger(eyes, number, district), counts_told(told)
    return [f"{word}: {said.get(word, 0)} instead of {must.get(word, 0)}" for word in sorted({*must, *said})
            if must.get(word, 0) != said.get(word, 0)]  # fmt: skip


def _counts_by_ledger(eyes: Eyes, number: int, district: District) -> dict[str, int]:
    """The counts as they must be: statuses from the ledger, refusals and who is left out from the plan.

    Who said STOP meanwhile and is missing in the ledger was suppressed, or left out when the list was made.
    """
    states = Counter(str(row[3]) for row in eyes.carrier(TAKEN) if MARK in row[2])
    counts = states + Counter(district.refused.values())
    counts += Counter({f"skipped: {in_words(reason)}": count for reason, count in district.skipped.items()})
    missing = district.recipients - sum(counts.values())
    late = eyes.product(
        "select count(*) from broadcast_recipients where broadcast_id = :n and reason = 'stopped'", n=number
    )
    left_out = int(late[0][0]) - len(district.stopped)
    counts += Counter({f"skipped: {in_words('stopped')}": left_out, "suppressed": missing - left_out})
    return dict(sorted({**counts, "recipients": district.recipients}.items()))


def counts_told(told: str) -> dict[str, int]:
    """What `broadcast status` prints, by word."""
    counts = {}
    for line in told.splitlines():
        if found := re.fullmatch(r"(\d+) recipients?( so far)?", line):
            counts[f"recipients{found[2] or ''}"] = int(found[1])
        elif found := re.fullmatch(r"  skipped: (\d+)\. (.*)", line):
            counts[f"skipped: {found[2]}"] = int(found[1])
        elif found := re.fullmatch(r"  (\w+): (\d+)", line):
            counts[found[1]] = int(found[2])
    return dict(sorted(counts.items()))


TURNS = "select m.provider_id, t.id, t.status from messages m join turns t on t.message_id = m.id"
REPLIES = """select m.provider_id, d.recipient, d.provider_id from deliveries d join turns t on t.id = d.turn_id
             join messages m on m.id = t.message_id where d.kind in ('reply', 'consent') order by d.id"""


def turn_checks(eyes: Eyes, texts: Sequence[Text]) -> Sequence[Check]:
    """Every text is one turn that was answered, and each telephone read its answers in the order it asked."""
    turns = Counter(row[0] for row in eyes.product(TURNS) if row[2] == "done")
    place = {row[0]: row[4] for row in eyes.carrier(TAKEN)}
    answers: dict[str, list[str]] = defaultdict(list)
    for asked, _, sid in eyes.product(REPLIES):
        answers[asked].append(sid)
    lines: dict[str, list[int]] = defaultdict(list)
    for one in texts:
        lines[one.sender] += [place.get(sid, 0) for sid in answers[one.sid]]
    talked = [one for one in texts if one.body != STOP]
    return [
        Check("texts of families, each one turn that is done", len(texts), sum(turns[one.sid] == 1 for one in texts),
              [one.sid for one in texts if turns[one.sid] != 1]),
        Check("texts answered", len(talked), sum(bool(answers[one.sid]) for one in talked),
              [one.sid for one in talked if not answers[one.sid]]),
        none_of("answers that the carrier does not have", [s for one in texts for s in answers[one.sid] if s not in place]),
        none_of("telephones that read answers out of order", [line for line, ids in lines.items() if ids != sorted(ids)]),
        none_of("turns beyond the texts", [sid for sid in turns if sid not in {one.sid for one in texts}]),
    ]  # fmt: skip
