"""Kills what runs and breaks what carries, and counts afterwards: `make chaos`. docs/measurements.md says how."""
