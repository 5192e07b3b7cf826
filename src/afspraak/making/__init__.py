"""Agreements in the making: what clauses mean, what both sides said of them, who sits at the table,
whether the promises can be kept, for whom each change is better, what it is worth a year.
"""
