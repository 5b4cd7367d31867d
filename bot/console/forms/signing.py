"""Signing in, and choosing the console's language."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from bot.console.texts import LANGUAGES, N_


class LogInForm(FlaskForm):
    """User name and password; `next` is where to go afterwards."""

    username = StringField(
        N_("User name"), validators=[DataRequired(N_("Type your user name.")), Length(max=120)]
    )
    password = PasswordField(
        N_("Password"), validators=[DataRequired(N_("Type your password.")), Length(max=400)]
    )
    next = HiddenField()


class LanguageForm(FlaskForm):
    """The language the console speaks to this person."""

    language = SelectField(
        N_("Language"), choices=[SelectChoice(tag, name) for tag, name in LANGUAGES.items()]
    )
    next = HiddenField()
