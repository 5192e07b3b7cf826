"""The command line: a door; it alone reads the clock, files and arguments."""
