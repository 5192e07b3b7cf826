"""Which files are taken from a person: those whose kind is known, and whose bytes are of it.

What a browser or a machine would run (pages, scripts, programs, pictures with scripts in them) is
not among them, whatever it is called.
"""

from typing import Final

from afspraak.engine.time import Refusal

MOST_BYTES: Final = 10_000_000
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
TEXT: Final[tuple[bytes, ...]] = ()
"""Plain text: UTF-8, and no NUL in it."""

KINDS: Final[dict[str, tuple[str, tuple[bytes, ...]]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "txt": ("text/plain", TEXT),
    "log": ("text/plain", TEXT),
    "csv": ("text/csv", TEXT),
    "md": ("text/markdown", TEXT),
    "json": ("application/json", TEXT),
    "yaml": ("application/yaml", TEXT),
    "eml": ("message/rfc822", TEXT),
    "zip": ("application/zip", _ZIP),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
    "odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    "msg": ("application/vnd.ms-outlook", _OLE),
}
"""The end of a name -> the media type, and how the bytes begin."""


def kind_of(name: str, content: bytes) -> str:
    """The media type of a file, by its name and its bytes. Raises Refusal, with the remedy."""
    end = name.rpartition(".")[2].casefold()
    found = KINDS.get(end)
    if found is None:
        known = ", ".join(KINDS)
        raise Refusal(f"files that are called .{end[:20]} are not taken: send one of {known}")
    media, begins = found
    if not content:
        raise Refusal(f"{name}: there is nothing in it: send the file again")
    if not (content.startswith(begins) if begins else _is_text(content)):
        raise Refusal(f"{name}: it is no {end}: give it the name of what it is")
    return media


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False
