"""Before anything is signed: what is offered and what it costs to keep, what was said and promised
on the way, and whether those behind us promise as much as we do.
"""
