"""When to ask a family whether it wants another language: after two texts in it, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.model.utterance import Utterance
from bot.storage.conversations import Conversation

TEXTS = 2
"""Whole sentences in a row in another language, after which the family is asked."""

_OTHER_MATTERS = frozenset({"crisis", "opt_out", "change_language"})
"""Intents in whose turn nobody is asked about languages."""


@dataclass(frozen=True, slots=True)
class LanguageWatch:
    """What one adult of a line writes in besides the stored language, and what the line's adults were asked.

    `texts` counts sentences in a row in `tag`. `asked` holds (contact, tag): each is asked once and never again.
    """

    contact: int | None = None
    tag: str | None = None
    texts: int = 0
    asked: frozenset[tuple[int, str]] = frozenset()


def read_watch(conversation: Conversation) -> LanguageWatch:
    """What is known of a line; an empty watch for a new one."""
    written: Mapping[str, Any] = conversation.language_watch or {}
    asked = frozenset((int(contact), str(tag)) for contact, tag in written.get("asked", ()))
    return LanguageWatch(written.get("contact"), written.get("tag"), int(written.get("texts", 0)), asked)


def watch_language(conversation: Conversation, utterance: Utterance, spoken: Sequence[str]) -> None:
    """Count a text. Only whole sentences count: answers, numbers, command words, short and mixed texts prove nothing.

    Nothing is counted where nobody's preference is stored: such a line is answered in the language it writes.
    """
    plain = utterance.plainly_in
    if plain is None or conversation.contact_id is None or not _is_sentence(utterance):
        return
    watch, contact = read_watch(conversation), conversation.contact_id
    other = _spoken_form(plain, spoken)
    if _same(plain, conversation.language) or other is None:
        counted = replace(watch, contact=contact, tag=None, texts=0)
    elif (watch.contact, watch.tag) == (contact, other):
        counted = replace(watch, texts=watch.texts + 1)
    else:
        counted = replace(watch, contact=contact, tag=other, texts=1)
    _keep(conversation, counted)


def language_to_offer(conversation: Conversation, utterance: Utterance) -> str | None:
    """The language to ask about in this turn: the one this very text is in, if it is time and was not asked yet."""
    watch, contact = read_watch(conversation), conversation.contact_id
    if watch.tag is None or watch.texts < TEXTS or contact is None or watch.contact != contact:
        return None
    fits = utterance.plainly_in is not None and _same(utterance.plainly_in, watch.tag)
    held = conversation.with_staff or utterance.crisis or utterance.intent.name in _OTHER_MATTERS
    if held or not fits or not _is_sentence(utterance) or (contact, watch.tag) in watch.asked:
        return None
    return watch.tag if not _same(watch.tag, conversation.language) else None


def note_asked(conversation: Conversation) -> str | None:
    """Write down that the question is asked now, whatever comes of it. The language in question."""
    watch = read_watch(conversation)
    if watch.tag is None or watch.contact is None:
        return None
    _keep(conversation, replace(watch, asked=watch.asked | {(watch.contact, watch.tag)}))
    return watch.tag


def start_counting_anew(conversation: Conversation) -> None:
    """The language of the line has been settled: what was written before proves nothing any more."""
    _keep(conversation, replace(read_watch(conversation), tag=None, texts=0))


def _is_sentence(utterance: Utterance) -> bool:
    return utterance.decision in ("model", "fallback") and not utterance.commands and utterance.number is None


def _spoken_form(tag: str, spoken: Sequence[str]) -> str | None:
    """The tag, or one the line writes in the same language (zh-Hant: zh-Hans); None when it writes none."""
    return tag if tag in spoken else next((own for own in spoken if _same(own, tag)), None)


def _same(one: str, other: str) -> bool:
    return one.split("-")[0] == other.split("-")[0]


def _keep(conversation: Conversation, watch: LanguageWatch) -> None:
    written = {
        "contact": watch.contact,
        "tag": watch.tag,
        "texts": watch.texts,
        "asked": [list(pair) for pair in sorted(watch.asked)],
    }
    if written != (conversation.language_watch or {}):
        conversation.language_watch = written
