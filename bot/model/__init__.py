"""Frozen values that travel between the stages, and the ports the stages need."""
