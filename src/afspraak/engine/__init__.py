"""The law of the clocks (SEMANTICS): pure functions over frozen values; no I/O, no clock, no
database.
"""
