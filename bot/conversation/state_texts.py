"""Messages and their texts as JSON, and back. Dates, times and numbers come back as what they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.model.dialogue import Choice, PersonText, Phrase, Say, Text, Value, Verbatim


def say_to_json(say: Say) -> dict[str, Any]:
    """A message as plain JSON values."""
    return {
        "texts": [text_to_json(text) for text in say.texts],
        "choices": [{"value": choice.value, "label": text_to_json(choice.label)} for choice in say.choices],
        "kind": say.kind,
    }


def say_from_json(written: Mapping[str, Any]) -> Say:
    """The message again. KeyError, TypeError or ValueError if it is none."""
    return Say(
        texts=tuple(text_from_json(text) for text in written["texts"]),
        choices=tuple(
            Choice(choice["value"], text_from_json(choice["label"])) for choice in written["choices"]
        ),
        kind=written["kind"],
    )


def text_to_json(text: Text) -> dict[str, Any]:
    """A text with the word for its kind."""
    if isinstance(text, Phrase):
        values = {name: _value_to_json(value) for name, value in text.values.items()}
        return {"phrase": text.name, "values": values, **({"in": text.language} if text.language else {})}
    if isinstance(text, Verbatim):
        return {"verbatim": text.text}
    return {
        "person": text.text,
        "language": text.language,
        "kept": dict(text.kept),
        "pending": sorted(text.pending),
    }


def text_from_json(written: Mapping[str, Any]) -> Text:
    """The text again."""
    if "phrase" in written:
        values = {name: _value_from_json(value) for name, value in written["values"].items()}
        return Phrase(written["phrase"], values, written.get("in"))
    if "verbatim" in written:
        return Verbatim(written["verbatim"])
    return PersonText(
        written["person"], written["language"], dict(written["kept"]), frozenset(written["pending"])
    )


def _value_to_json(value: Value) -> Any:
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):  # a datetime is a date too, so it comes first
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    return text_to_json(value)


def _value_from_json(written: Any) -> Value:
    if not isinstance(written, Mapping):
        return written  # type: ignore[no-any-return]  # text or a whole number, as written
    if "decimal" in written:
        return Decimal(written["decimal"])
    if "datetime" in written:
        return datetime.fromisoformat(written["datetime"])
    if "date" in written:
        return date.fromisoformat(written["date"])
    if "time" in written:
        return time.fromisoformat(written["time"])
    return text_from_json(written)
