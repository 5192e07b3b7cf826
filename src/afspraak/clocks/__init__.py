"""What became of every promise: a cache of the law's answers, and when to look next."""
