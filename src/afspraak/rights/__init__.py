"""Who may see what: the viewer, QuerySets that refuse to run without one, and the database's own policies."""
