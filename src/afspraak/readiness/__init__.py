"""Whether an agreement is ready to be signed: what a sensible buyer asks, and where it stands."""
