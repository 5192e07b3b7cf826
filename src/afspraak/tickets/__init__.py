"""The record of facts: logs brought in, and a year made for demonstration."""
