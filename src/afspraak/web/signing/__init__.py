"""Pages of signing: what waits for a signature, the three ways to give one, keys, files."""
