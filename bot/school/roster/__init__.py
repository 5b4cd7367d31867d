"""The roster: OneRoster CSV (1.1, 1.2) and its companion feed → orgs, students, guardians, staff, classes."""
