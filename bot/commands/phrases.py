"""`phrases update` and `phrases state`: the catalogues of the bot's own words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.actions.registry import discover as discover_actions
from bot.app import FLOWS, LOCALES
from bot.conversation.loading import load_flows
from bot.model.dialogue import Response

PENDING = "review: pending (not yet checked by a native speaker)"
TRANSLATED = ("es", "ar", "vi", "so", "ht", "zh-Hans", "pt-BR", "ru", "fr", "ko", "fil")
"""Languages whose catalogue is complete. Adding one: docs/adding-a-language.md."""


@click.group()
def phrases() -> None:
    """The bot's own phrases and their translations."""


@phrases.command()
def update() -> None:
    """Collect the phrases of all flows into every catalogue; translations that still fit are kept."""
    responses = load_flows(FLOWS, discover_actions()).responses.values()
    for language in TRANSLATED:
        kept, missing = update_catalogue(LOCALES / language / "LC_MESSAGES" / "bot.po", language, responses)
        click.echo(f"{language}: {kept} phrases translated, {missing} missing")


@phrases.command()
def state() -> None:
    """How complete each catalogue is, and how much of it a native speaker has checked."""
    for language in TRANSLATED:
        catalogue = read_catalogue(LOCALES / language / "LC_MESSAGES" / "bot.po", language)
        entries = [m for m in catalogue if m.id]
        done = sum(bool(m.string) for m in entries)
        pending = sum(PENDING in m.user_comments for m in entries)
        click.echo(f"{language}: {done} of {len(entries)} translated, {len(entries) - pending} reviewed")


def read_catalogue(path: Path, language: str) -> Catalog:
    """The catalogue at `path`, empty when there is none yet."""
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), domain="bot")
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), domain="bot")


def update_catalogue(path: Path, language: str, responses: Iterable[Response]) -> tuple[int, int]:
    """Write the catalogue anew in the order of the flow files. How many phrases it has, how many it lacks."""
    before = read_catalogue(path, language)
    old = {m.id: m for m in before if m.id}
    new = Catalog(
        locale=language.replace("-", "_"),
        domain="bot",
        project="Homeline",
        version="1",
        copyright_holder="the Homeline maintainers",
        creation_date=before.creation_date if old else None,
        fuzzy=False,
    )
    for text, origin, comment in texts_of(responses):
        known: Message | None = old.get(text)
        string = str(known.string) if known and known.string else ""
        notes = list(known.user_comments) if known and known.string else [PENDING]
        new.add(text, string, auto_comments=[origin, *([comment] if comment else [])], user_comments=notes)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=100, omit_header=False, sort_output=False, include_previous=False)
    missing = sum(1 for m in new if m.id and not m.string)
    return len(new) - missing, missing


def texts_of(responses: Iterable[Response]) -> Iterable[tuple[str, str, str]]:
    """Every text to translate, with where it comes from and what a translator should know."""
    for response in responses:
        yield response.text, response.name, response.comment
        for title, _ in response.buttons:
            yield title, f"{response.name} (button)", ""
