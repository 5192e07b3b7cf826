"""The doors for other programs."""
