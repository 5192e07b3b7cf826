"""Django's way to PostgreSQL, as ours: each statement is asked with the eyes of who looks now."""
