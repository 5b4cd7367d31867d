"""Homeline: the two-way line between families and schools."""
