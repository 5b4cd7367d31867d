"""Flows as pictures, and the commands for authors."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.conversation import commands_line
from bot.conversation.commands_line import action_names, flows
from bot.conversation.graph import draw
from bot.model.errors import NotFound
from tests.conversation.talk import HERE, small_flows


def test_a_flow_is_drawn_with_its_steps_ways_and_links() -> None:
    drawn = draw(small_flows(), "change_conference")
    assert (
        drawn
        == """flowchart TD
  subgraph change_conference["change a conference"]
    change_conference_start(("change_conference")) --> change_conference_0
    change_conference_0[/"collect_change"/]
    change_conference_0 -->|"slots.change = #quot;cancel#quot;"| change_conference_1
    change_conference_0 -->|"else"| change_conference_2
    change_conference_1["utter_conference_cancelled"]
    change_conference_1 --> change_conference_end
    change_conference_2(["link_book_conference"])
    change_conference_end(((END)))
  end
  change_conference_2 -.-> other_book_conference[["book_conference"]]
"""
    )


def test_all_flows_are_drawn_together() -> None:
    drawn = draw(small_flows())
    assert all(f"  subgraph {flow}[" in drawn for flow in small_flows().flows)
    assert "change_conference_2 -.-> book_conference\n" in drawn
    assert "letter_c if context.reminded_appointment is not null" in drawn


def test_an_unknown_flow_is_not_drawn() -> None:
    with pytest.raises(NotFound, match="there is no flow `nowhere`; there are: pattern_crisis"):
        draw(small_flows(), "nowhere")


def test_the_names_of_actions_are_read_off_their_files(tmp_path: Path) -> None:
    (tmp_path / "book.py").write_text(
        'import os\nNAME = "action_book"\nOTHER = "x"\nNAMES: int = 3\n', encoding="utf-8"
    )
    (tmp_path / "registry.py").write_text("def run():\n    NAME = 'no'\n", encoding="utf-8")
    assert action_names(tmp_path) == {"action_book"}


def test_check_tells_every_fault_and_fails(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text(
        (HERE / "faults" / "no_question.yml").read_text("utf-8"), encoding="utf-8"
    )
    result = CliRunner().invoke(flows, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "odd.yml:5: flow odd, step collect_silent: no question" in result.output
    assert "faults in" in result.output


def test_check_and_graph_work_on_the_real_flows() -> None:
    result = CliRunner().invoke(flows, ["check"])
    assert result.exit_code == 0, result.output
    assert "no faults" in result.output
    result = CliRunner().invoke(flows, ["graph", "pattern_menu"])
    assert result.exit_code == 0 and result.output.startswith("flowchart TD\n  subgraph pattern_menu")
    result = CliRunner().invoke(flows, ["graph", "nowhere"])
    assert result.exit_code == 1 and "there is no flow `nowhere`" in result.output


def test_the_commands_look_where_the_product_keeps_its_flows() -> None:
    assert (commands_line.FLOWS / "patterns.yml").is_file()
    assert (commands_line.ACTIONS / "registry.py").is_file()
