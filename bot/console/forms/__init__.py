"""The console's forms, one file a room. Labels and errors are messages of the catalogue, translated on the page."""
