"""Signing in, and choosing the console's language."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from bot.console.forms.base import Form, choices
from bot.console.texts import LANGUAGES, N_

LONGEST_NAME = 120


class LogInForm(Form):
    """User name and password; `next` is where to go afterwards."""

    username = StringField(
        N_("User name"), validators=[DataRequired(N_("Type your user name.")), Length(max=LONGEST_NAME)]
    )
    password = PasswordField(
        N_("Password"), validators=[DataRequired(N_("Type your password.")), Length(max=400)]
    )
    next = HiddenField()


class LanguageForm(Form):
    """The language the console speaks to this person."""

    language = SelectField(N_("Language"), choices=choices(LANGUAGES.items()))
    next = HiddenField()
