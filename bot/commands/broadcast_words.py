"""How the commands tell of broadcasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.school.broadcasts.counts import Counts
from bot.school.broadcasts.duration import Duration
from bot.school.broadcasts.households import Household
from bot.school.broadcasts.outlook import Outlook
from bot.school.broadcasts.preview import LanguageShare, Preview
from bot.school.broadcasts.reasons import in_words
from bot.school.resting import NEVER_AWAKE
from bot.school.trial import TRIAL
from bot.storage.broadcast_outcomes import Outcome
from bot.storage.broadcasts import Broadcast

LONGEST_EXCERPT = 60


def told_preview(seen: Preview, zone: ZoneInfo) -> str:
    """Recipients, languages, price, the next dates of a series, who sleeps or is left out, what keeps it from leaving."""
    lines = [_counted(seen.recipients, "recipient"), _both_ways(seen.outlook)]
    lines += [_share(share) for share in seen.languages]
    if seen.languages:
        about = "" if seen.exact else "about "
        price = "" if seen.price is None else f", {about}${seen.price:.2f}"
        lines.append(f"{about}{_counted(seen.segments, 'segment')}{price}")
    if seen.duration is not None:
        lines.append(told_duration(seen.duration))
    lines += _outlook(seen.outlook, zone)
    lines += [f"left out: {number}. {in_words(reason)}" for reason, number in sorted(seen.left_out.items())]
    lines += [f"problem: {problem}" for problem in seen.problems]
    if seen.dates:
        lines.append(f"next: {', '.join(told_moment(moment, zone) for moment in seen.dates)}")
    if seen.needs_approval:
        lines.append("A second person has to approve it.")
    return "\n".join(lines)


def told_duration(duration: Duration) -> str:
    """How long it takes, at which rate."""
    numbers = f"from {_counted(duration.numbers, 'number')}"
    if duration.days > 1:
        return f"leaves over {duration.days} days: the daily limit of what is sent {numbers}"
    minutes = _counted(duration.minutes, "minute")
    return f"about {minutes} at {duration.rate:.3g} segments a second {numbers}"


def told_left_out(households: Sequence[Household]) -> Sequence[str]:
    """Those who would get nothing, a line each."""
    return [
        f"  {one.name}  {', '.join(child.name for child in one.children) or '-'}  {one.language}  {in_words(one.reason)}"
        for one in households
    ]


def _both_ways(outlook: Outlook) -> str:
    return f"  one a telephone: {outlook.per_household}, one a child: {outlook.per_child}"


def _outlook(outlook: Outlook, zone: ZoneInfo) -> Sequence[str]:
    lines = []
    for group in outlook.sleepers:
        if group.until is None:
            lines.append(f"asleep: {group.count}. {NEVER_AWAKE}")
            continue
        late = "" if group.in_time else "; it is worth nothing by then and will not reach them"
        lines.append(f"asleep: {group.count} until {group.until.astimezone(zone):%Y-%m-%d %H:%M}{late}")
    if outlook.in_trial is not None:
        lines.append(f"trial mode: {outlook.in_trial} of them would get it. {TRIAL}")
    return lines


def told_counts(counts: Counts) -> str:
    """The counts, one line a kind."""
    lines = [f"{_counted(counts.recipients, 'recipient')}{'' if counts.complete else ' so far'}"]
    if counts.pending:
        lines.append(f"  pending: {counts.pending}")
    lines += [f"  {state}: {number}" for state, number in sorted(counts.deliveries.items())]
    lines += [f"  skipped: {number}. {in_words(reason)}" for reason, number in sorted(counts.skipped.items())]
    return "\n".join(lines)


def told_row(row: Broadcast, audience: str, zone: ZoneInfo) -> str:
    """One broadcast in a line."""
    author = f"{row.author.given_name} {row.author.family_name}"
    leaves = told_moment(row.send_at, zone) if row.send_at else "-"
    waits = row.state == "scheduled" and row.needs_approval and row.approved_at is None
    state = f"{row.state}, waits for approval" if waits else row.state
    text = " ".join(row.text.split())
    excerpt = text if len(text) <= LONGEST_EXCERPT else f"{text[: LONGEST_EXCERPT - 1]}…"
    return f"{row.id}  {state}  {leaves}  {row.category}  {author}  [{audience}]  {excerpt}"


def told_moment(moment: datetime, zone: ZoneInfo) -> str:
    """A time as the commands take it: "2026-11-17 09:00", in the school's zone."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def told_recipients(page: Sequence[Outcome]) -> str:
    """What became of it for each recipient, with the reason in plain words."""
    return "\n".join(
        f"{outcome.recipient.line}  {outcome.recipient.language}  {', '.join(outcome.recipient.children) or '-'}"
        f"  {outcome.state}  {in_words(outcome.reason)}".rstrip()
        for outcome in page
    )


def _share(share: LanguageShare) -> str:
    how = (
        "translated" if share.translated else ("not translated, with a note" if share.noted else "as written")
    )
    parts = _counted(share.segments, "segment")
    return f"  {share.language}: {share.recipients}, {parts}, {how}\n    {_indented(share.sample)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _indented(body: str) -> str:
    return body.replace("\n", "\n    ")
