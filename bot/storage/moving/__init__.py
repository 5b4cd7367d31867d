"""Carrying an embedded database over to PostgreSQL: every row, in batches that survive a kill, compared at the end."""
