"""The door for mail that comes in: fetched raw, read in a limited child, never trusted."""
