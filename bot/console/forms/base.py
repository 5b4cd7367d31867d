"""What every form of the console is: one with a token, whose choices have a value and a label."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs


class Form(FlaskForm):  # type: ignore[misc]
    """A form that is checked for the token of the page it stands on."""


def choices(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """The options of a select field."""
    return [SelectChoice(value, label) for value, label in pairs]
