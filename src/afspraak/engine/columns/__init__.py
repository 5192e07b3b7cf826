"""The same law over arrays (HOUSE_STYLE 12): NumPy, and nothing else, beside the scalar engine.

`hours` lays open time out for columns of instants; `clock` gives the verdicts of whole blocks of
tickets, and names those that only the scalar law can judge.
"""

from afspraak.engine.columns.block import Block
from afspraak.engine.columns.clock import ClockColumns, Verdicts
from afspraak.engine.columns.facts import FactColumns, unusual
from afspraak.engine.columns.hours import HourColumns, whole_seconds

__all__ = [
    "Block",
    "ClockColumns",
    "FactColumns",
    "HourColumns",
    "Verdicts",
    "unusual",
    "whole_seconds",
]
