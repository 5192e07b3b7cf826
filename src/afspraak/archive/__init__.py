"""Bringing an archive in order: papers read, what they say proposed with its place, confirmed."""
