"""The rules of a school, by noun."""
