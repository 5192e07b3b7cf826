"""The life of a signed agreement: its dates in everybody's agenda, its deliveries, its people, its
things, its end. What becomes of a promise is the law's; what is said here is appended.
"""
