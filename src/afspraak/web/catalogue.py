"""The words of the screens: msgids in English, catalogues as text (`locale/*/LC_MESSAGES`),
compiled into the data folder when they have changed: no tool is needed.
"""

import ast
import struct
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

TRANSLATED: Final = ("nl", "fr")
MAGIC: Final = 0x950412DE
_HEADER: Final = 7 * 4

Messages = Mapping[str, str]
"""msgid -> msgstr; of a plural both forms, with a NUL between."""


def po_of(language: str) -> str:
    """A language's catalogue as it is written."""
    place = files("afspraak.web").joinpath("locale", language, "LC_MESSAGES", "django.po")
    return place.read_text(encoding="utf-8")


def compiled(data: Path) -> Path:
    """The folder of compiled catalogues, made where this version's are not there yet. Two processes
    may make it at once: each file appears whole.
    """
    texts = {language: po_of(language) for language in TRANSLATED}
    digest = sha256("\0".join(texts.values()).encode()).hexdigest()[:16]
    folder = data / "words" / digest
    for language, text in texts.items():
        path = folder / language / "LC_MESSAGES" / "django.mo"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{id(path)}.part")
        fresh.write_bytes(mo(messages(text)))
        fresh.replace(path)
    return folder


def messages(po: str) -> dict[str, str]:
    """What a catalogue says. Only what we write ourselves is understood: no contexts."""
    found: dict[str, str] = {}
    for entry in _entries(po):
        key = entry["msgid"]
        if plural := entry.get("msgid_plural"):
            key += "\0" + plural
        forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if all(forms):
            assert key not in found, f"twice in the catalogue: {key}"
            found[key] = "\0".join(forms)
    return found


def _entries(po: str) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    name = ""
    for line in [*po.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if entry:
                yield entry
            entry = {}
        elif line.startswith('"'):
            entry[name] += ast.literal_eval(line)
        else:
            name, _, text = line.partition(" ")
            entry[name] = ast.literal_eval(text)


def mo(known: Messages) -> bytes:
    """The same as gettext reads it: two tables of (length, place), then the texts."""
    pairs = [(key.encode(), told.encode()) for key, told in sorted(known.items())]
    count = len(pairs)
    at = _HEADER + 16 * count
    tables: list[int] = []
    texts = b""
    for column in (0, 1):
        for pair in pairs:
            tables += [len(pair[column]), at + len(texts)]
            texts += pair[column] + b"\0"
    head = [MAGIC, 0, count, _HEADER, _HEADER + 8 * count, 0, at]
    return struct.pack(f"<{len(head) + len(tables)}I", *head, *tables) + texts
