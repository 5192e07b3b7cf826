"""Where the life of an agreement can be seen whole, and where each part of it begins."""
