"""A table of a mapping, asked key by key; every fault is kept with its line."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from afspraak.language.nodes import Items, Mapping, Node, Scalar
from afspraak.tickets.faults import Fault


def nearest(word: str, known: Collection[str]) -> str:
    """The remedy for a word that is not known: the one that looks like it, or all of them."""
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"one of: {', '.join(sorted(known))}"


class Table:
    """The keys of one table; `done` reports those that nobody asked for."""

    def __init__(self, node: Node, name: str, path: str, faults: list[Fault]) -> None:
        self.name, self.path, self.faults, self.line = name, path, faults, node.line
        self._keys = node.entries if isinstance(node, Mapping) else {}
        self._asked: set[str] = set()
        if not isinstance(node, Mapping):
            self.fault(node.line, "no table of keys and values", "write `key: value` lines")

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def fault(self, line: int, fact: str, remedy: str) -> None:
        """Keeps a fault of this table."""
        where = f"{self.path}: " if self.path else ""
        self.faults.append(Fault(f"{self.name}:{line}", f"{where}{fact}", remedy))

    def line_of(self, key: str) -> int:
        """The line of a key's value, or of the table."""
        return self._keys[key].line if key in self._keys else self.line

    def node(self, key: str) -> Node | None:
        """The value as it was read; None without the key."""
        self._asked.add(key)
        return self._keys.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required where there is no default."""
        node = self.node(key)
        if node is None:
            if default is None:
                self.fault(self.line, f"{key!r} is missing", f"add `{key}: ...`")
            return default or ""
        return self.plain(key, node)

    def plain(self, key: str, node: Node) -> str:
        """The text of a node of this table."""
        if isinstance(node, Scalar):
            return node.text
        self.fault(node.line, f"{key!r} is no text", "write one value")
        return ""

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """A text out of a known few."""
        value = self.text(key, default)
        if value in known or (key not in self and default is not None):
            return value
        if key in self:
            self.fault(self.line_of(key), f"{key!r} is {value!r}", nearest(value, known))
        return next(iter(known)) if default is None else default

    def flag(self, key: str, *, default: bool) -> bool:
        """`yes` or `no`."""
        return self.one_of(key, ("yes", "no"), "yes" if default else "no") == "yes"

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, Scalar):
            return (node.text,)
        items = node.items if isinstance(node, Items) else (node,)
        found = tuple(item.text for item in items if isinstance(item, Scalar))
        if len(found) != len(items):
            self.fault(node.line, f"{key!r} is no list of texts", "write `[one, two]`")
        return found

    def table(self, key: str) -> "Table | None":
        """The table under a key; None without the key."""
        node = self.node(key)
        return None if node is None else self.under(node, key)

    def under(self, node: Node, key: str) -> "Table":
        """A node of this table as a table of its own."""
        return Table(node, self.name, f"{self.path}.{key}" if self.path else key, self.faults)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Every key with its value, for tables whose keys are the log's own words."""
        self._asked.update(self._keys)
        yield from self._keys.items()

    def done(self, known: Collection[str]) -> None:
        """Keys that nobody asked for are faults."""
        for key, node in self._keys.items():
            if key not in self._asked:
                self.fault(node.line, f"unknown key {key!r}", nearest(key, known))
