"""What a flow can do at one step: a file a kind, found by scanning (bot/conversation/step_kinds.py)."""
