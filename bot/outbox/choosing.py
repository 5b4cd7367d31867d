"""From which number a line gets its texts: always the same, and the one it wrote to if it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from bot.storage.deliveries import last_senders
from bot.storage.delivery_rows import DeliveryRow
from bot.storage.sender_numbers import (
    SenderNumber,
    addresses_written_to,
    keep_senders,
    kept_senders,
    list_senders,
    lock_senders,
    shun_sender,
)


def choose_senders(
    session: Session,
    senders: Sequence[SenderNumber],
    rows: Sequence[DeliveryRow],
    may_take: Callable[[SenderNumber], bool],
) -> Mapping[int, SenderNumber]:
    """The sender of each row by its id; rows of channels without senders are left out.

    A line that is new goes to the sender with the fewest lines for its rate among those that `may_take` it.
    """
    pools: dict[str, list[SenderNumber]] = defaultdict(list)
    for sender in senders:
        pools[sender.channel].append(sender)
    chosen: dict[int, SenderNumber] = {}
    for channel, pool in pools.items():
        theirs = [row for row in rows if row.channel == channel]
        if len(pool) == 1:  # nothing to choose; should there be more one day, deliveries tell who knows it
            chosen |= {row.id: pool[0] for row in theirs}
            continue
        by_line = _by_line(session, channel, pool, sorted({row.recipient for row in theirs}), may_take)
        chosen |= {row.id: by_line[row.recipient] for row in theirs}
    return chosen


def move_line(session: Session, channel: str, line: str, away_from: str) -> SenderNumber | None:
    """Give a line another number of the pool for good, because there is no way to it from this one.

    The new one, already locked; None when there is none besides. The line does not come back to the old one,
    not even when it writes to it.
    """
    senders = list_senders(session, [channel])
    lock_senders(session, [sender.id for sender in senders])
    old = next((sender for sender in senders if sender.address == away_from), None)
    others = [sender for sender in senders if sender.address != away_from]
    if old is None or not others:
        return None
    new = min(others, key=_load)
    kept = kept_senders(session, channel, [line]).get(line)
    if kept is not None and kept.sender_id == old.id:
        old.lines = max(0, old.lines - 1)
    new.lines += 1
    keep_senders(session, channel, {line: new.id})
    shun_sender(session, channel, line, old.id)
    return new


def _by_line(
    session: Session,
    channel: str,
    pool: Sequence[SenderNumber],
    lines: Sequence[str],
    may_take: Callable[[SenderNumber], bool],
) -> Mapping[str, SenderNumber]:
    known = _known(session, channel, pool, lines)
    if len(known) < len(lines):
        lock_senders(session, [sender.id for sender in pool])
        known = _known(session, channel, pool, lines)  # another worker may have been faster
        fresh = [line for line in lines if line not in known]
        given = _used_before(session, channel, pool, fresh)
        for line in fresh:
            able = [sender for sender in pool if may_take(sender)] or pool
            sender = given.get(line) or min(able, key=_load)
            sender.lines += 1
            given[line] = sender
        keep_senders(session, channel, {line: sender.id for line, sender in given.items()})
        known = {**known, **given}
    return known


def _load(sender: SenderNumber) -> tuple[float, int]:
    return sender.lines / (sender.rate or 1.0), sender.id


def _used_before(
    session: Session, channel: str, pool: Sequence[SenderNumber], lines: Sequence[str]
) -> dict[str, SenderNumber]:
    """The senders these lines had their last texts from, when there was only one to choose."""
    by_address = {sender.address: sender for sender in pool}
    last = last_senders(session, channel, lines)
    return {line: by_address[address] for line, address in last.items() if address in by_address}


def _known(
    session: Session, channel: str, pool: Sequence[SenderNumber], lines: Sequence[str]
) -> Mapping[str, SenderNumber]:
    by_address = {sender.address: sender for sender in pool}
    by_id = {sender.id: sender for sender in pool}
    written_to = addresses_written_to(session, channel, lines)
    kept = kept_senders(session, channel, lines)
    found: dict[str, SenderNumber] = {}
    for line in lines:
        sender, given = by_address.get(written_to.get(line, "")), kept.get(line)
        if given is not None and (sender is None or sender.id == given.not_from_id):
            sender = by_id.get(given.sender_id)
        if sender is not None:
            found[line] = sender
    return found
