"""The doors for other programs: REST over JSON (docs/api.md), and what monitors tell."""
