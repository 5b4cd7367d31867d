"""Measures speed and memory beside floors and peers in the same run: `make bench`. docs/measurements.md says how."""
