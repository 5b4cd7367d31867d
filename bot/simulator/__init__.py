"""For development: phones on a page and a carrier of our own. Absent in production."""
