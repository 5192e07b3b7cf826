"""Pages of what changes an agreement: amendments, open terms, renewal, where it pinches."""
