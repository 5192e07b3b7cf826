"""Who may see what: the viewer, QuerySets that ask for one, and the database's own policies."""
