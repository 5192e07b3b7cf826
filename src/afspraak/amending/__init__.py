"""What changes an agreement that runs: amendments, open terms, renewal, and where it pinches."""
