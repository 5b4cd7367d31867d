"""Inbound, landed once: de-duplicate, find or open the conversation, one turn at a time per line."""
