"""What the roster knows of consent goes into the ledger, once; a family's own STOP is never overruled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.school.consent import Will, start, stop
from bot.school.roster.contacts import SMS
from bot.school.roster.run import Run
from bot.school.tabular.problems import Tally
from bot.storage.consents import ConsentEvent, verdicts_so_far
from bot.storage.people import Contact

GRANTED = "granted"
REVOKED = "revoked"
SOURCE = "roster"


@dataclass(frozen=True, slots=True)
class _Word:
    """What the companion feed says for one guardian's contact."""

    guardian: str
    contact: Contact
    verdict: str
    line: int


class _Ledger:
    """The ledger so far: the last event of each address, and the roster's last word on each contact."""

    def __init__(self, run: Run) -> None:
        self.last: dict[str, ConsentEvent] = {}
        self.from_roster: dict[tuple[str, int | None], str] = {}
        for event in verdicts_so_far(run.session, SMS):
            self.last[event.address] = event
            if event.source == SOURCE:
                self.from_roster[event.address, event.contact_id] = event.verdict

    def stopped_by_family(self, address: str) -> bool:
        last = self.last.get(address)
        return last is not None and last.verdict == REVOKED and last.source != SOURCE

    def holds(self, word: _Word) -> bool:
        """True when this very word stands already and nothing of the roster's came after it."""
        last = self.last.get(word.contact.address)
        if self.from_roster.get((word.contact.address, word.contact.id)) != word.verdict or last is None:
            return False
        return last.source != SOURCE or last.verdict == word.verdict


def write_consents(run: Run) -> Tally:
    """An event for every contact whose consent the roster states anew. Revoked wins on a shared number."""
    ledger = _Ledger(run)
    new = same = 0
    for words in _by_address(run).values():
        verdict = REVOKED if any(word.verdict == REVOKED for word in words) else GRANTED
        for word in words:
            if word.verdict != verdict:
                run.findings.add("consent-shared", "contacts.csv", word.line, "consent", word.guardian)
            elif ledger.holds(word):
                same += 1
            elif verdict == GRANTED and ledger.stopped_by_family(word.contact.address):
                run.findings.add("consent-stopped", "contacts.csv", word.line, "consent", word.guardian)
            else:
                _write(run, word)
                new += 1
    run.session.flush()
    return Tally(new=new, same=same)


def _by_address(run: Run) -> Mapping[str, list[_Word]]:
    found: dict[str, list[_Word]] = defaultdict(list)
    for (guardian, channel, address), contact in run.shelves.contacts.rows.items():
        said = [row for row in run.facts_of.get(guardian, ()) if row.consent in {GRANTED, REVOKED}]
        if channel == SMS and contact.active and said:
            verdict = REVOKED if any(row.consent == REVOKED for row in said) else GRANTED
            found[address].append(_Word(guardian, contact, verdict, said[0].line))
    return found


def _write(run: Run, word: _Word) -> None:
    """A grant is one more row; a revocation also withdraws what waits to be sent."""
    will = Will(
        wording=f"contacts.csv: consent {word.verdict}",
        language=word.contact.language,
        source=SOURCE,
        actor="roster import",
        contact_id=word.contact.id,
    )
    write = stop if word.verdict == REVOKED else start
    write(run.session, SMS, word.contact.address, will, run.now)
