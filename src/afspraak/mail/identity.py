"""Who wrote a mail: the From address, believed only when our own server vouches for its domain.

Only an Authentication-Results header (RFC 8601) with our server's name is read, only the topmost
of these, and only when it stands above the hop at which strangers' headers begin: a sender can
write any header, but not above what our server adds. Our server must remove what claims its own
name from mail that comes in (RFC 8601, 5); every common one does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from afspraak.mail.message import Message, Result, Sender

_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[();=]|[^\s"\\();=]+|\s+|.', re.DOTALL)
_METHOD: Final = re.compile(r"[a-z][a-z0-9-]{0,30}(/1)?")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word counts: our server's name as it stands in its results, and our own hops.

    `hops`: how many Received headers our own servers put on top. Beyond them nothing is believed.
    """

    authserv_id: str
    hops: int = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is, as far as known; `because` says in words why (not) verified. `is_refused`: the
    domain itself says that it is not from there.
    """

    address: str | None
    is_verified: bool
    because: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One method's result: `dkim`, `pass`, {"header.d": "klant.be"}."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        return dict(self.properties).get(name, "")


def identity_of(message: Message, trust: Trust | None) -> Identity:
    """The identity of a mail's writer under `trust`; None: no server vouches for anybody."""
    return identify(message.sender, message.results, trust)


def identify(sender: Sender, results: Sequence[Result], trust: Trust | None) -> Identity:
    """As `identity_of`, from the two things it rests on."""
    if sender.address is None:
        return Identity(None, is_verified=False, because=sender.why)
    if trust is None or not trust.authserv_id:
        return Identity(sender.address, is_verified=False, because="no server is set to vouch")
    verdicts = _ours(results, trust)
    if verdicts is None:
        because = f"no result of {trust.authserv_id} above its own hops"
        return Identity(sender.address, is_verified=False, because=because)
    domain = sender.address.rpartition("@")[2]
    is_verified, because = _judged(verdicts, domain)
    is_refused = any(each.method == "dmarc" and each.result == "fail" for each in verdicts)
    return Identity(sender.address, is_verified, because, is_refused)


def _ours(results: Sequence[Result], trust: Trust) -> tuple[Verdict, ...] | None:
    """What the topmost result of our server says; None when it says nothing readable."""
    for result in results:
        if result.hops > trust.hops:
            return None
        read = read_results(result.value)
        if read and read[0] == trust.authserv_id.lower():
            return read[1]
    return None


def _judged(verdicts: tuple[Verdict, ...], domain: str) -> tuple[bool, str]:
    """DMARC decides where it was checked; else a signature, else the envelope, if aligned."""
    dmarc = [verdict for verdict in verdicts if verdict.method == "dmarc"]
    if any(verdict.result not in {"pass", "none"} for verdict in dmarc):
        return False, f"DMARC of {domain}: {dmarc[0].result}"
    if any(v.result == "pass" and v["header.from"].lower() == domain for v in dmarc):
        return True, f"DMARC of {domain}: pass"
    for method, properties in _ALIGNED.items():
        for verdict in verdicts:
            names = [_domain(verdict[name]) for name in properties]
            name = next(filter(None, names), "")
            if verdict.method == method and verdict.result == "pass" and _covers(name, domain):
                return True, f"{method.upper()} of {name}: pass, aligned with {domain}"
    return False, f"nothing that passed is aligned with {domain}"


_ALIGNED: Final = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


def _domain(value: str) -> str:
    return value.rpartition("@")[2].lower().rstrip(".")


def _covers(name: str, domain: str) -> bool:
    """Whether who speaks for `name` speaks for `domain`: the same, or one that it lies under.

    DMARC's relaxed alignment would also let a subdomain speak for the domain above it; that needs
    the list of public suffixes, and is left to the server that knows it (its dmarc=pass).
    """
    return bool(name) and "." in name and (domain == name or domain.endswith(f".{name}"))


def read_results(value: str) -> tuple[str, tuple[Verdict, ...]] | None:
    """An Authentication-Results header: whose, in lower case, and what; None: not readable."""
    parts = _statements(value)
    if not parts or len(parts[0]) not in {1, 2}:
        return None
    if len(parts[0]) == 2 and parts[0][1] != "1":  # noqa: PLR2004  (a version may follow the name)
        return None
    verdicts = [_verdict(words) for words in parts[1:] if words and words != ["none"]]
    if any(verdict is None for verdict in verdicts):
        return None
    return parts[0][0].lower(), tuple(filter(None, verdicts))


def _statements(value: str) -> list[list[str]] | None:
    """Words parted at semicolons, without comments; `a = b` is one word, quotes taken off."""
    parts: list[list[str]] = [[]]
    depth, glue = 0, False
    for piece in _PIECE.findall(value):
        if piece in {"(", ")"}:
            depth += 1 if piece == "(" else -1
            if depth < 0:
                return None
        elif depth or piece.isspace():
            continue
        elif piece == '"' or piece.startswith("\\"):
            return None
        elif piece == ";":
            parts.append([])
            glue = False
        elif (piece == "=" or glue) and parts[-1]:
            parts[-1][-1] += _unquoted(piece)
            glue = piece == "="
        else:
            parts[-1].append(_unquoted(piece))
    return None if depth else parts


def _unquoted(piece: str) -> str:
    return re.sub(r"\\(.)", r"\1", piece[1:-1]) if piece.startswith('"') else piece


def _verdict(words: list[str]) -> Verdict | None:
    method, equals, result = words[0].partition("=")
    if not equals or not _METHOD.fullmatch(method.lower()):
        return None
    return Verdict(method.lower().removesuffix("/1"), result.lower(), tuple(_properties(words[1:])))


def _properties(words: list[str]) -> Iterator[tuple[str, str]]:
    """`name=value` pairs. Of a name given twice with two values neither counts."""
    seen: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        key = name.lower()
        seen[key] = value if seen.get(key, value) == value else ""
    yield from seen.items()
