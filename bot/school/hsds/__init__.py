"""Community directories in the Human Services Data Specification (HSDS 3.0, tabular form)."""
