"""Exports that take away too much: they are rather broken than the truth."""

from __future__ import annotations

from bot.model.errors import BadInput
from bot.school.tabular.problems import Findings

MAY_LEAVE_PERCENT = 10
"""A complete file that takes away more than this share is taken for a broken export, not for the truth."""

FEW = 5
"""So many of what changes often may always go: a small school loses a tenth of its staff with one person."""


def refuse_departures(source: str, things: str, left: int, before: int, findings: Findings) -> None:
    """BadInput, with all that was found, where `left` of the `before` active things would go: more than the share.

    `source`: what brought them, as people call it ("package").
    """
    if left * 100 > before * MAY_LEAVE_PERCENT:
        raise BadInput(
            f"This {source} would deactivate {left} of {before} {things}, more than {MAY_LEAVE_PERCENT} %. Nothing was "
            f"changed. If that is right, load it again with --force; else export it again.{findings.told()}"
        )


def beyond_few(lost: int) -> int:
    """What is lost, or none where it is but a few."""
    return lost if lost > FEW else 0
