"""Afspraak: what both parties signed is what runs."""

__version__ = "0.0.1"
