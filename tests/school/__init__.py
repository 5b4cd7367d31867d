"""Rules of the school, by noun."""
