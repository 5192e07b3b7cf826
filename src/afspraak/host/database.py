"""Where the database is, for each of its three roles (decision 5), and what must be in it before
the first table.

The tables, and who may do what with them, are the migrations' business.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from afspraak.host.binaries import OLDEST
from afspraak.host.data import data_folder, secret
from afspraak.host.faults import HostFault
from afspraak.host.places import PORT, places_of

ROLES: Final = ("owner", "app", "system")
NAME: Final = "afspraak"
USERS: Final = {"owner": "afspraak_owner", "app": "afspraak_app", "system": "afspraak_system"}
"""The owner's name holds for the embedded server; elsewhere it is the one of the address."""
EXTENSIONS: Final = ("btree_gist", "pg_trgm", "unaccent")
BUILTIN_LOCALES: Final = 17
"""The first version whose C.UTF-8 is PostgreSQL's own, the same on every system."""
_ALONE: Final = 0x41465350
"""The advisory lock of preparing: roles are the server's, and two hands at once get in the way."""

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Address:
    """A database for one of its users. `host` is a machine, or the folder of a Unix socket."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    options: tuple[tuple[str, str], ...] = ()
    """What else the address said, such as `sslmode`."""

    def words(self) -> dict[str, str]:
        """The words of libpq for it."""
        words = {"host": self.host, "port": str(self.port), "dbname": self.name, "user": self.user}
        return words | ({"password": self.password} if self.password else {}) | dict(self.options)

    def conninfo(self) -> str:
        """The same as one string, for psycopg; it holds the password."""
        return make_conninfo(**self.words())

    def url(self, *, hidden: bool = False) -> str:
        """As libpq reads it; `hidden` leaves the password out, for people's eyes and for logs."""
        word = "" if hidden or not self.password else f":{quote(self.password, safe='')}"
        who = f"{quote(self.user, safe='')}{word}@"
        rest = dict(self.options)
        if self.host.startswith("/"):
            rest |= {"host": self.host, "port": str(self.port)}
            where = ""
        else:
            where = f"[{self.host}]" if ":" in self.host else self.host
            where += f":{self.port}"
        tail = f"?{urlencode(rest, quote_via=quote)}" if rest else ""
        return f"postgresql://{who}{where}/{quote(self.name, safe='')}{tail}"


def is_embedded() -> bool:
    """Whether the database is our own: no server has been named."""
    return not os.environ.get("AFSPRAAK_DATABASE_URL")


def address(role: str) -> Address:
    """Where `role` finds the database. Raises HostFault for a setting that says nothing."""
    name = os.environ.get("AFSPRAAK_DATABASE_NAME")
    if is_embedded():
        return embedded(data_folder(), role, name=name or NAME)
    owner = read_url(os.environ["AFSPRAAK_DATABASE_URL"])
    owner = replace(owner, name=name or owner.name)
    if role == "owner":
        return owner
    return replace(owner, user=USERS[role], password=password(role))


def embedded(data: Path, role: str, *, name: str = NAME) -> Address:
    """The address in the embedded cluster of a data folder, running or not."""
    word = "" if role == "owner" else password(role, data=data)  # the owner is known by account
    return Address(str(places_of(data).run), PORT, name, USERS[role], word)


def password(role: str, *, data: Path | None = None) -> str:
    """The password of the role `app` or `system`, kept among the keys."""
    assert role in ROLES[1:], role
    return secret(f"database-{role}", data=data).hex()


def read_url(url: str) -> Address:
    """An address as people write it. Raises HostFault, which doesn't repeat it: it may hold a
    password.
    """
    place = "AFSPRAAK_DATABASE_URL"
    remedy = "write postgresql://USER:PASSWORD@HOST:5432/NAME"
    try:
        words = {word: str(value) for word, value in conninfo_to_dict(url).items() if value}
        host, user = words.pop("host"), words.pop("user")
        port, name = int(words.pop("port", PORT)), words.pop("dbname", NAME)
    except psycopg.ProgrammingError:
        raise HostFault(place, "it is no address of a PostgreSQL database", remedy) from None
    except KeyError as missing:
        raise HostFault(place, f"it names no {missing.args[0]}", remedy) from None
    except ValueError:
        raise HostFault(place, "its port is no number", remedy) from None
    word = words.pop("password", "")
    return Address(host, port, name, user, word, tuple(sorted(words.items())))


# Preparing ----------------------------------------------------------------------------------------


def prepare(owner: Address, *, data: Path | None = None) -> None:
    """Make the database, the roles and the extensions as they must be; what is so already stays.

    Raises HostFault for a server that cannot be reached, is too old, or whose owner may not do
    it, and for a database that orders text in another way.
    """
    try:
        _prepare_server(owner, data)
        _prepare_database(owner)
    except psycopg.errors.InsufficientPrivilege as error:
        raise HostFault(
            owner.url(hidden=True),
            f"{owner.user} may not do this ({_first_line(error)})",
            "let a superuser of the server do it, or give it to that user",
        ) from error


def _prepare_server(owner: Address, data: Path | None) -> None:
    with connected(_maintenance(owner)) as connection:
        _refuse_what_cannot_be(owner, connection)
        with _alone(connection):
            for role in ROLES[1:]:
                _prepare_role(connection, USERS[role], password(role, data=data))
            _create_database(connection, owner.name)


def _prepare_database(owner: Address) -> None:
    with connected(owner) as connection, _alone(connection):
        _refuse_another_order(owner, connection)
        _close_to_others(connection, owner.name)
        for extension in EXTENSIONS:
            _do(connection, "CREATE EXTENSION IF NOT EXISTS {}", extension)


@contextmanager
def connected(where: Address) -> Iterator[Connection]:
    """A connection in autocommit. Raises HostFault if there is none to be had."""
    try:
        connection = psycopg.connect(
            where.conninfo(), autocommit=True, connect_timeout=10, application_name="afspraak host"
        )
    except psycopg.OperationalError as error:
        raise HostFault(
            where.url(hidden=True),
            f"the database cannot be reached ({_first_line(error)})",
            "is it running (afspraak database status), and is the address right?",
        ) from error
    with connection:
        yield connection


def exists(owner: Address) -> bool:
    """Whether the database is there at all."""
    with connected(_maintenance(owner)) as connection:
        return _one(connection, "SELECT 1 FROM pg_database WHERE datname = %s", owner.name) == 1


def _maintenance(owner: Address) -> Address:
    """The database that is always there, from which others are made."""
    return replace(owner, name="postgres")


def _refuse_what_cannot_be(owner: Address, connection: Connection) -> None:
    place = owner.url(hidden=True)
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise HostFault(
            place,
            f"the server is PostgreSQL {version}, older than {OLDEST}",
            f"use a server of version {OLDEST} or newer",
        )
    may = connection.execute(
        "SELECT rolsuper OR (rolbypassrls AND rolcreaterole AND rolcreatedb)"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if may != (True,):
        raise HostFault(
            place,
            f"{owner.user} may not make roles and databases, or does not see every row",
            f"as superuser: ALTER ROLE {owner.user} CREATEDB CREATEROLE BYPASSRLS",
        )


def _prepare_role(connection: Connection, user: str, word: str) -> None:
    """One role that can log in, and nothing else; the server gets the password's proof only."""
    if _one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", user) is None:
        _do(connection, "CREATE ROLE {}", user)
    proof = connection.pgconn.encrypt_password(word.encode(), user.encode(), b"scram-sha-256")
    plain = "LOGIN NOINHERIT NOCREATEDB NOCREATEROLE"
    risky = _one(
        connection,
        "SELECT 1 FROM pg_roles WHERE rolname = %s"
        " AND (rolsuper OR rolbypassrls OR rolreplication)",
        user,
    )
    if risky:  # only a superuser may say this, so it is said only where it is needed
        plain += " NOSUPERUSER NOBYPASSRLS NOREPLICATION"
    connection.execute(
        sql.SQL("ALTER ROLE {} {} PASSWORD {}").format(
            sql.Identifier(user), sql.SQL(plain), sql.Literal(proof.decode())
        )
    )


def _create_database(connection: Connection, name: str) -> None:
    if _one(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        return
    order = "LOCALE_PROVIDER libc"
    if connection.info.server_version // 10_000 >= BUILTIN_LOCALES:
        order = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' {}").format(
            sql.Identifier(name), sql.SQL(order)
        )
    )


def _refuse_another_order(owner: Address, connection: Connection) -> None:
    found = connection.execute(
        "SELECT pg_encoding_to_char(encoding),"
        " coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale', datcollate)"
        " FROM pg_database d WHERE datname = current_database()"
    ).fetchone()
    assert found
    encoding, order = found
    if (encoding, str(order).lower().replace("-", "")) != ("UTF8", "c.utf8"):
        raise HostFault(
            owner.url(hidden=True),
            f"the database has {encoding} text ordered by {order}, not UTF8 by C.UTF-8",
            f"make an empty one: CREATE DATABASE {owner.name} TEMPLATE template0"
            " ENCODING 'UTF8' LOCALE 'C.UTF-8'",
        )


def _close_to_others(connection: Connection, name: str) -> None:
    _do(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    for role in ROLES[1:]:
        _do(connection, "GRANT CONNECT ON DATABASE {} TO {}", name, USERS[role])


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", [_ALONE])
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_ALONE])


def _do(connection: Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _one(connection: Connection, statement: LiteralString, *values: str) -> object:
    row = connection.execute(statement, values).fetchone()
    return row[0] if row else None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
