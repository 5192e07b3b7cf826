"""Organisations, the people in them, and what stands between two of them."""
