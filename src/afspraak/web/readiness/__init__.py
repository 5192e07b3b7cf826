"""Pages of readiness: the six points, and the general terms beside the clauses."""
