"""The door of time passing: jobs that a worker does, and the watch."""
