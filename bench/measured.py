"""The application with its engine and its database timed: `bench/intake.py` asks it for the share.

The engine is what `flow.facts` calls of it: the judgement, the ladder's steps, when to look next;
the database, every statement that is waited for. Each answer says in `X-Bench` how long it took
(microseconds). Counting costs a little too, so only the share comes from here.
"""

import threading
from importlib import import_module
from time import perf_counter

import psycopg

from afspraak.project import wsgi  # makes Django ready

facts = import_module("afspraak.flow.facts")

spent = threading.local()


def timed(what: str, work):
    """The same function, whose time is added up."""

    def run(*given, **named):
        began = perf_counter()
        try:
            return work(*given, **named)
        finally:
            setattr(spent, what, getattr(spent, what) + perf_counter() - began)
            spent.queries += what == "database"

    return run


for name in ("judge", "nearing", "next_look"):
    setattr(facts, name, timed("engine", getattr(facts, name)))
for name in ("execute", "executemany", "stream"):
    each = getattr(psycopg.Cursor, name)
    setattr(psycopg.Cursor, name, timed("database", each))
for name in ("commit", "rollback"):
    setattr(psycopg.Connection, name, timed("database", getattr(psycopg.Connection, name)))


def application(environ, start_response):
    """One request, timed."""
    spent.engine = spent.database = 0.0
    spent.queries = 0
    began = perf_counter()

    def start(status, headers, *more):
        took = {
            "all": (perf_counter() - began) * 1e6,
            "engine": spent.engine * 1e6,
            "database": spent.database * 1e6,
            "queries": spent.queries,
        }
        told = ";".join(f"{name}={value:.1f}" for name, value in took.items())
        return start_response(status, [*headers, ("X-Bench", told)], *more)

    return wsgi.application(environ, start)
