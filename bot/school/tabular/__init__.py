"""Reading what other systems hand over as CSV: tolerant of the file, silent about nothing."""
