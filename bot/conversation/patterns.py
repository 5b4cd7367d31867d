"""The patterns: flows that repair a conversation. The engine starts them by name; flows/patterns.yml says what they do."""

from __future__ import annotations

from bot.conversation.walk import Walk

REQUIRED = tuple(
    f"pattern_{name}"
    for name in (
        "crisis", "opt_out", "opt_in", "stopped", "help", "with_staff", "menu", "human_handoff", "cancel_flow",
        "correction", "continue_interrupted", "clarification", "cannot_handle", "repeat_bot_messages",
        "completed", "internal_error", "session_start", "skip_question", "unsupported_input", "perhaps_stop", "leave_flow",
        "new_speaker", "language_offer", "next_request",
    )
)  # fmt: skip

RESPONSES = (
    "utter_start_over", "utter_not_understood_choice", "utter_not_understood_answer", "utter_first_question",
    "utter_yes", "utter_no", "utter_ask_clarified_flow", "utter_clarify_other", "utter_ask_corrected_slot",
    "utter_correct_nothing", "utter_internal_error", "utter_how_to_stop",
    "utter_two_requests", "utter_three_requests",
)  # fmt: skip
"""What the engine says of its own accord."""

SLOTS = (
    "clarified_flow",
    "clarified_options",
    "clarified_text",
    "corrected_slot",
    "correctable",
    "whole_text",
)
"""What it remembers for its patterns."""


def start_pattern(walk: Walk, name: str) -> None:
    """Run a pattern above what runs; the question beneath is asked again afterwards, unless it listens."""
    walk.push(f"pattern_{name}", "pattern")


def restart_with(walk: Walk, name: str, *, keep_slots: bool = False) -> None:
    """Give up everything and run a pattern. `keep_slots`: its action may still read what was collected."""
    walk.drop_all(keep_slots=keep_slots)
    walk.misses = 0
    start_pattern(walk, name)


def clarify(walk: Walk, flows: list[str], text: str) -> None:
    """Ask which of these flows was meant by `text`."""
    walk.slots["clarified_options"] = ",".join(flows)
    walk.slots["clarified_text"] = text
    start_pattern(walk, "clarification")


def correct(walk: Walk, slots: tuple[str, ...]) -> None:
    """Ask which of these answers is to be changed."""
    walk.slots["correctable"] = ",".join(slots)
    start_pattern(walk, "correction")
